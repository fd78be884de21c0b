#include "base/status.h"

#include <cstdio>
#include <cstdlib>

namespace weft {

Status MakeError(absl::StatusCode code, std::string_view message) {
  return Status(code, absl::string_view(message.data(), message.size()));
}

std::string Message(const Status& status) {
  return std::string(status.message().data(), status.message().size());
}

Status Prefix(std::string_view prefix, const Status& status) {
  if (status.ok()) return status;
  return MakeError(status.code(), fmt::format("{}: {}", prefix, Message(status)));
}

void CheckFailed(const char* file, int line, const char* condition, std::string_view message) {
  fmt::print(stderr, "{}:{}: internal error: {} failed{}{}\n", file, line, condition,
             message.empty() ? "" : ": ", message);
  std::abort();
}

}  // namespace weft
