#include "ops/common/elementwise_def.h"

#include <algorithm>

namespace weft::ops {

Status CheckDataType(const NodeTypes& node, size_t i, std::span<const DataType> types) {
  const DataType dtype = node.input(i).dtype;
  if (std::find(types.begin(), types.end(), dtype) != types.end()) return OkStatus();
  std::string names;
  for (DataType t : types) names += (names.empty() ? "" : ", ") + std::string(Name(t));
  return node.Error("{} is {}, expected one of {}",
                    node.op->inputs[std::min(i, node.op->inputs.size() - 1)].name, Name(dtype), names);
}

StatusOr<std::vector<TensorType>> InferUnary(const NodeTypes& node, std::span<const DataType> types) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, types));
  return std::vector<TensorType>{node.input(0)};
}

}  // namespace weft::ops
