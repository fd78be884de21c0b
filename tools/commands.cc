#include "tools/commands.h"

namespace weft {
namespace {

constexpr char kUsage[] = "weft/usage";  // the payload that marks a status

}  // namespace

Status UsageError(Status status) {
  if (!status.ok()) status.SetPayload(kUsage, absl::Cord());
  return status;
}

bool IsUsageError(const Status& status) { return status.GetPayload(kUsage).has_value(); }

}  // namespace weft
