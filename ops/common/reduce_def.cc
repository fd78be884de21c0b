#include "ops/common/reduce_def.h"

#include "ops/common/axes.h"
#include "ops/common/elementwise_def.h"
#include "ops/reshape/op.h"

namespace weft::ops {

std::vector<bool> ReducedAxes(const std::vector<int64_t>& axes, bool noop_with_empty_axes, int rank) {
  if (axes.empty()) return std::vector<bool>(static_cast<size_t>(rank), !noop_with_empty_axes);
  return AxisFlags(axes, rank);
}

StatusOr<std::vector<TensorType>> InferReduce(const NodeTypes& node, const std::vector<int64_t>& axes,
                                              bool keepdims, bool noop_with_empty_axes,
                                              std::span<const DataType> types) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, types));
  const TensorType& data = node.input(0);
  WEFT_RETURN_IF_ERROR(ResolveAxes(node, axes, data.rank(), "data").status());
  const std::vector<bool> reduced = ReducedAxes(axes, noop_with_empty_axes, data.rank());
  TensorType y{data.dtype, {}};
  for (size_t i = 0; i < reduced.size(); ++i) {
    if (!reduced[i]) y.shape.push_back(data.shape[i]);
    if (reduced[i] && keepdims) y.shape.emplace_back(1);
  }
  return std::vector<TensorType>{std::move(y)};
}

Var WithReducedAxes(Var y, const Dims& shape, const std::vector<bool>& reduced) {
  Dims kept = shape;
  for (size_t i = 0; i < kept.size(); ++i) {
    if (reduced[i]) kept[i] = Dim(1);
  }
  if (!y.valid() || y.shape() == kept) return y;
  return ReshapeTo(y, std::move(kept));
}

}  // namespace weft::ops
