// Why an operand is not there where a node needs it, in words: a cycle, a node that stands too early, a name
// that nothing makes.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "ir/onnx_model.h"

namespace weft {

// "operand 'b' closes a cycle: 'a' needs 'b' needs 'a'", "operand 't' is computed only later, ..." or
// "operand 'z' is not defined; did you mean 'x'?". `node` is one of `nodes`, `known` the names of the values
// before it.
std::string WhyUndefined(std::span<const OnnxNode> nodes, const OnnxNode& node, const std::string& operand,
                         std::span<const std::string_view> known);

}  // namespace weft
