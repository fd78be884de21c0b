#include "tools/commands.h"

namespace weft {
namespace {

constexpr char kUsage[] = "weft/usage";  // the payloads that mark a status
constexpr char kSilent[] = "weft/silent";

}  // namespace

Status UsageError(Status status) {
  if (!status.ok()) status.SetPayload(kUsage, absl::Cord());
  return status;
}

bool IsUsageError(const Status& status) { return status.GetPayload(kUsage).has_value(); }

Status Silent(Status status) {
  if (!status.ok()) status.SetPayload(kSilent, absl::Cord());
  return status;
}

bool IsSilent(const Status& status) { return status.GetPayload(kSilent).has_value(); }

}  // namespace weft
