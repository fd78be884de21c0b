// --weights, --group and --keep of the commands that serve a model.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "compiler/passes/quantize_weights.h"

namespace CLI {
class App;
}  // namespace CLI

namespace weft {

struct WeightsFlags {
  std::string weights = "as-stored", keep;
  int64_t group = 32;
};

// `flags` must live as long as the command. `prefix`: said before what --weights means.
void AddWeightsOptions(CLI::App* command, WeightsFlags* flags, std::string_view prefix = "");
// None: as they are stored. A group that is no multiple of 32, and what goes without --weights, are usage
// errors.
StatusOr<std::optional<QuantizeWeightsOptions>> ToQuantizeWeights(const WeightsFlags& flags);
Status CheckGroup(int64_t group);

}  // namespace weft
