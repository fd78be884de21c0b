// An ONNX model as a graph of operators that weft has.
//
// Opset 24 and whatever means the same (onnx_versions.h). A node of domain `weft` may be an operator of ONNX
// that says more than its schema allows; bodies of functions of domain `weft` are not read: the operators'
// definitions are what counts. Constant nodes become constants; constants that only fix a shape or an axis
// become attributes.
#pragma once
#include <functional>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "ir/onnx_model.h"

namespace weft {

struct ParseOptions {
  // The operator of that domain ("" or "weft") and name; null if there is none.
  const OpDef* (*find)(std::string_view domain, std::string_view name) = nullptr;
  // All names, for suggestions.
  std::vector<std::string_view> (*names)() = nullptr;
  // The value of a graph input, or null: for an input that an operator takes as an attribute (Reshape's
  // shape), or that is declared without a full shape.
  std::function<const Tensor*(std::string_view input)> input_value = {};
  // The data of a tensor that lies in another file (tensor.external).
  std::function<StatusOr<Tensor>(const OnnxTensor& tensor)> load_external = {};
};

// Errors say what and where; *at is then the place in the text, or -1.
StatusOr<Graph> FromOnnx(const OnnxModel& model, const ParseOptions& options, OnnxOffset* at);

}  // namespace weft
