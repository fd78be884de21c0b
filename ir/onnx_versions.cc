// Reading: an operator written for opset v has the meaning of its newest version <= v. Since 24 no operator
// has changed its meaning for what 24 accepts (25 to 28 add element types and attributes, which are refused
// where they are used). Before 24, versions that only lacked types, broadcasting or attributes mean the same;
// what is an operand now and was an attribute then (axes of ReduceMean) is read as the attribute it was.
#include "ir/onnx_versions.h"

#include <algorithm>

namespace weft {
namespace {

struct Row {
  std::string_view name;
  int first;  // the oldest opset with the meaning of 24
};

constexpr Row kFirst[] = {
    {"Abs", 6},
    {"Add", 7},
    {"And", 7},
    {"ArgMax", 1},
    {"ArgMin", 1},
    {"Attention", 23},
    {"Cast", 6},
    {"CastLike", 15},
    {"Ceil", 6},
    {"Clip", 11},
    {"Concat", 4},
    {"Conv", 1},
    {"Cos", 7},
    {"CumSum", 11},
    {"Div", 7},
    {"Dropout", 7},
    {"Elu", 6},
    {"Equal", 7},
    {"Erf", 9},
    {"Exp", 6},
    {"Expand", 8},
    {"Flatten", 1},
    {"Floor", 6},
    {"Gather", 1},
    {"GatherElements", 11},
    {"Gemm", 7},
    {"Greater", 7},
    {"Identity", 1},
    {"LeakyRelu", 6},
    {"Less", 7},
    {"Log", 6},
    {"MatMul", 1},
    {"Max", 8},
    {"Min", 8},
    {"Mul", 7},
    {"Neg", 6},
    {"NegativeLogLikelihoodLoss", 12},
    {"Pow", 7},
    {"RandomNormal", 1},
    {"RandomNormalLike", 1},
    {"RandomUniform", 1},
    {"RandomUniformLike", 1},
    {"Reciprocal", 6},
    {"ReduceL1", 1},
    {"ReduceL2", 1},
    {"ReduceLogSum", 1},
    {"ReduceLogSumExp", 1},
    {"ReduceMax", 1},
    {"ReduceMean", 1},
    {"ReduceMin", 1},
    {"ReduceProd", 1},
    {"ReduceSum", 1},
    {"ReduceSumSquare", 1},
    {"Relu", 6},
    {"Reshape", 5},
    {"ScatterND", 11},
    {"Sigmoid", 6},
    {"Sign", 9},
    {"Sin", 7},
    {"Slice", 1},
    {"SoftmaxCrossEntropyLoss", 12},
    {"Softplus", 1},
    {"Split", 2},
    {"Sqrt", 6},
    {"Squeeze", 1},
    {"Sub", 7},
    {"Tanh", 6},
    {"Tile", 6},
    {"TopK", 1},
    {"Transpose", 1},
    {"Unsqueeze", 1},
    {"Where", 9},
};

}  // namespace

Status CheckOpset(const OpDef& op, int64_t opset) {
  if (opset > kNewestOnnxOpset) {
    return InvalidArgument("opset {} is newer than {}, the newest that weft knows", opset, kNewestOnnxOpset);
  }
  if (opset >= op.since_version) return OkStatus();
  for (const Row& row : kFirst) {
    if (row.name == op.name && opset >= row.first) return OkStatus();
  }
  return InvalidArgument("{} at opset {} is not what it is since {}; convert the model to opset {}", op.name,
                         opset, op.since_version, kOnnxOpset);
}

std::optional<OnnxAttribute> OldDefault(const OnnxNode& node, int64_t opset) {
  if (node.op_type != "Split" || opset >= 18) return std::nullopt;
  const bool lengths =
      node.inputs.size() > 1 || std::any_of(node.attributes.begin(), node.attributes.end(),
                                            [](const OnnxAttribute& a) { return a.name == "split"; });
  if (lengths) return std::nullopt;
  OnnxAttribute parts;
  parts.name = "num_outputs";
  parts.i = static_cast<int64_t>(node.outputs.size());
  parts.at = node.at;
  return parts;
}

}  // namespace weft
