#include "tools/precision_flags.h"

#include <CLI/CLI.hpp>

#include "ops/instruction_sets.h"
#include "tools/commands.h"
#include "tools/standard_streams.h"

namespace weft {

void AddPrecisionOptions(CLI::App* command, PrecisionFlags* flags, std::string_view prefix) {
  command
      ->add_option(
          "--precision", flags->precision,
          fmt::format("{}f32, or bf16: weights, products and activations, with f32 sums and statistics",
                      prefix))
      ->check(CLI::IsMember({"f32", "bf16"}));
  command->add_option("--keep-f32", flags->keep_f32,
                      "with bf16: what stays in f32, a regular expression of scopes: 'lm_head|ln_.*'");
}

void NoteOnBf16(std::string_view precision) {
  if (precision != "bf16" || HasBf16Products()) return;
  Say("note: this processor does not multiply bf16: weights and activations are kept in it, products run in "
      "f32\n");
}

StatusOr<std::optional<MixedPrecisionOptions>> ToMixedPrecision(const PrecisionFlags& flags) {
  NoteOnBf16(flags.precision);
  if (flags.precision == "bf16") return MixedPrecisionOptions{.keep_f32 = flags.keep_f32};
  if (flags.keep_f32.empty()) return std::nullopt;
  return UsageError(InvalidArgument("--keep-f32 goes with --precision bf16"));
}

}  // namespace weft
