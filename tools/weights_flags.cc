#include "tools/weights_flags.h"

#include <CLI/CLI.hpp>

#include "ops/common/quantized_rows.h"
#include "tools/commands.h"

namespace weft {

void AddWeightsOptions(CLI::App* command, WeightsFlags* flags, std::string_view prefix) {
  command
      ->add_option(
          "--weights", flags->weights,
          fmt::format("{}as-stored; or q8, q4: products read their weights in 8 or 4 bits, with a scale "
                      "for each group, made when the model is loaded",
                      prefix))
      ->check(CLI::IsMember({"as-stored", "q8", "q4"}));
  command->add_option("--group", flags->group,
                      "with q8 and q4: weights that share a scale, a multiple of 32");
  command->add_option("--keep", flags->keep,
                      "with q8 and q4: what is not quantised, a regular expression of scopes: 'lm_head'");
}

Status CheckGroup(int64_t group) {
  if (group > 0 && group <= ops::kMaxQuantGroup && group % ops::kQuantBlock == 0) return OkStatus();
  return UsageError(InvalidArgument("--group is {}, expected a multiple of {}", group, ops::kQuantBlock));
}

StatusOr<std::optional<QuantizeWeightsOptions>> ToQuantizeWeights(const WeightsFlags& flags) {
  WEFT_RETURN_IF_ERROR(CheckGroup(flags.group));
  if (flags.weights != "as-stored") {
    return std::optional(QuantizeWeightsOptions{
        .bits = flags.weights == "q4" ? 4 : 8, .group = flags.group, .keep = flags.keep});
  }
  const bool keep = !flags.keep.empty();
  if (!keep && flags.group == WeightsFlags().group) return std::nullopt;
  return UsageError(InvalidArgument("{} goes with --weights q8 or q4", keep ? "--keep" : "--group"));
}

}  // namespace weft
