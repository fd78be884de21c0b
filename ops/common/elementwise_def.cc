#include "ops/common/elementwise_def.h"

#include <algorithm>

#include "ops/common/broadcast.h"

namespace weft::ops {
namespace {

std::string_view InputName(const NodeTypes& node, size_t i) {
  return node.op->inputs[std::min(i, node.op->inputs.size() - 1)].name;
}

}  // namespace

Status CheckDataType(const NodeTypes& node, size_t i, std::span<const DataType> types) {
  const DataType dtype = node.input(i).dtype;
  if (std::find(types.begin(), types.end(), dtype) != types.end()) return OkStatus();
  std::string names;
  for (DataType t : types) names += (names.empty() ? "" : ", ") + std::string(Name(t));
  return node.Error("{} is {}, expected {}{}", InputName(node, i), Name(dtype),
                    types.size() > 1 ? "one of " : "", names);
}

Status CheckWholeBytes(const NodeTypes& node, size_t i) {
  const DataType dtype = node.input(i).dtype;
  if (SizeInBits(dtype) >= 8) return OkStatus();
  return node.Error("{} is {}, expected a type of whole bytes (4-bit elements are packed in pairs)",
                    InputName(node, i), Name(dtype));
}

Status CheckEqualTypes(const NodeTypes& node, size_t first) {
  for (size_t i = first + 1; i < node.inputs.size(); ++i) {
    if (!node.has_input(i) || node.input(i).dtype == node.input(first).dtype) continue;
    if (InputName(node, i) == InputName(node, first)) {
      return node.Error("input {} is {}, input {} is {}, expected equal types", first,
                        Name(node.input(first).dtype), i, Name(node.input(i).dtype));
    }
    return node.Error("{} is {}, {} is {}, expected equal types", InputName(node, first),
                      Name(node.input(first).dtype), InputName(node, i), Name(node.input(i).dtype));
  }
  return OkStatus();
}

StatusOr<std::vector<TensorType>> InferUnary(const NodeTypes& node, std::span<const DataType> types) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, types));
  return std::vector<TensorType>{node.input(0)};
}

StatusOr<std::vector<TensorType>> InferFloatUnary(const NodeTypes& node) { return InferUnary(node, kFloats); }

StatusOr<std::vector<TensorType>> InferSignedUnary(const NodeTypes& node) {
  return InferUnary(node, kSignedNumbers);
}

StatusOr<std::vector<TensorType>> InferBroadcast(const NodeTypes& node, std::span<const DataType> types) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, types));
  WEFT_RETURN_IF_ERROR(CheckEqualTypes(node));
  WEFT_ASSIGN_OR_RETURN(Dims shape, BroadcastInputs(node));
  return std::vector<TensorType>{{node.input(0).dtype, std::move(shape)}};
}

StatusOr<std::vector<TensorType>> InferArithmetic(const NodeTypes& node) {
  return InferBroadcast(node, kNumbers);
}

StatusOr<std::vector<TensorType>> InferComparison(const NodeTypes& node, std::span<const DataType> types) {
  WEFT_ASSIGN_OR_RETURN(std::vector<TensorType> result, InferBroadcast(node, types));
  result[0].dtype = DataType::kBool;
  return result;
}

}  // namespace weft::ops
