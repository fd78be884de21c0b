#include "ops/common/softmax_def.h"

#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/operators.h"
#include "ops/reduce_max/op.h"

namespace weft::ops {

StatusOr<std::vector<TensorType>> InferSoftmax(const NodeTypes& node, int64_t axis) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  WEFT_RETURN_IF_ERROR(ResolveAxis(node, axis, node.input(0), "input").status());
  return std::vector<TensorType>{node.input(0)};
}

double SoftmaxFlops(const NodeTypes& node) { return 5 * NumElements(node.output(0)); }

Var ShiftedByMax(Var x, int64_t axis) { return x - ReduceMax(x, {axis}); }

}  // namespace weft::ops
