// A graph as an ONNX model that onnx.checker accepts: IR 10, opset 24.
//
// A node that ONNX's schema covers is written as ONNX has it; fields that are operands there become
// constants. Any other is written in domain `weft` with all its fields as attributes, and with a function
// that holds its decomposition; functions of one operator are told apart by overload. States, bounds, scopes:
// onnx_annotations.h.
#pragma once
#include <functional>
#include <string>

#include "ir/graph.h"
#include "ir/onnx_model.h"

namespace weft {

struct PrintOptions {
  bool bodies = true;  // functions for the operators of domain weft
  bool types = true;   // of the values between inputs and outputs
  // Constants with more elements than this are left to `external`, if there is one: it gives "location",
  // "offset" and "length" of their bytes.
  int64_t max_inline_elements = 16;
  std::function<OnnxStrings(const Value& constant)> external = {};
  std::function<std::string(NodeId node)> comment = {};  // printed behind the node: offsets, costs
};

OnnxModel ToOnnx(const Graph& graph, const PrintOptions& options = {});

}  // namespace weft
