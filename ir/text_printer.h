// A graph as ONNX's text, which onnx.parser reads and onnx.checker accepts, and which ParseText reads back as
// the same graph: Print(Parse(Print(g))) == Print(g).
#pragma once
#include <string>

#include "ir/to_onnx.h"

namespace weft {

std::string PrintText(const Graph& graph, const PrintOptions& options = {});

}  // namespace weft
