// --precision and --keep-f32 of the commands that run a model.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "compiler/passes/mixed_precision.h"

namespace CLI {
class App;
}  // namespace CLI

namespace weft {

struct PrecisionFlags {
  std::string precision = "f32", keep_f32;
};

// `flags` must live as long as the command. `prefix`: said before what --precision means.
void AddPrecisionOptions(CLI::App* command, PrecisionFlags* flags, std::string_view prefix = "");
// Says so, once, on standard error, if bf16 was asked for and this processor has no products of it.
void NoteOnBf16(std::string_view precision);
// None for f32; notes as NoteOnBf16.
StatusOr<std::optional<MixedPrecisionOptions>> ToMixedPrecision(const PrecisionFlags& flags);

}  // namespace weft
