// Errors as values: absl::Status at every boundary that sees a user's input, a file, memory or a
// device; WEFT_CHECK only for our own bugs.
#pragma once
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <fmt/core.h>

#include <string>
#include <string_view>
#include <utility>

namespace weft {

using absl::Status;
using absl::StatusOr;
inline Status OkStatus() { return Status(); }

// Formatted errors: InvalidArgument("scale has shape {}, expected {}", got, want).
Status MakeError(absl::StatusCode code, std::string_view message);
#define WEFT_DEFINE_ERROR(Name, Code)                                                               \
  template <class... A>                                                                             \
  [[nodiscard]] Status Name(fmt::format_string<A...> format, A&&... args) {                         \
    return MakeError(absl::StatusCode::Code, fmt::vformat(format, fmt::make_format_args(args...))); \
  }
WEFT_DEFINE_ERROR(InvalidArgument, kInvalidArgument)        // the user's input is wrong
WEFT_DEFINE_ERROR(NotFound, kNotFound)                      // a file, tensor or name is missing
WEFT_DEFINE_ERROR(FailedPrecondition, kFailedPrecondition)  // state does not allow it
WEFT_DEFINE_ERROR(OutOfRange, kOutOfRange)                  // an index or id is out of range
WEFT_DEFINE_ERROR(ResourceExhausted, kResourceExhausted)    // memory or disk
WEFT_DEFINE_ERROR(DataLoss, kDataLoss)                      // a malformed or truncated file
WEFT_DEFINE_ERROR(Unimplemented, kUnimplemented)            // not there yet, said clearly
WEFT_DEFINE_ERROR(Internal, kInternal)                      // a bug of ours met at a boundary
WEFT_DEFINE_ERROR(Cancelled, kCancelled)                    // Ctrl-C
#undef WEFT_DEFINE_ERROR

// The message of a status as std::string.
std::string Message(const Status& status);
// The same code, with "prefix: " before the message: callers add what they know.
Status Prefix(std::string_view prefix, const Status& status);

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition, std::string_view message);

}  // namespace weft

#define WEFT_CHECK(condition, ...)                                                        \
  do {                                                                                    \
    if (!(condition)) [[unlikely]]                                                        \
      ::weft::CheckFailed(__FILE__, __LINE__, #condition, ::fmt::format("" __VA_ARGS__)); \
  } while (false)

#define WEFT_RETURN_IF_ERROR(expr)                                \
  do {                                                            \
    if (::absl::Status weft_status = (expr); !weft_status.ok()) { \
      return weft_status;                                         \
    }                                                             \
  } while (false)

#define WEFT_CONCAT_INNER(a, b) a##b
#define WEFT_CONCAT(a, b) WEFT_CONCAT_INNER(a, b)
#define WEFT_ASSIGN_OR_RETURN(lhs, expr) \
  WEFT_ASSIGN_OR_RETURN_IMPL(WEFT_CONCAT(weft_or_, __LINE__), lhs, expr)
#define WEFT_ASSIGN_OR_RETURN_IMPL(tmp, lhs, expr) \
  auto tmp = (expr);                               \
  if (!tmp.ok()) return std::move(tmp).status();   \
  lhs = std::move(tmp).value()
