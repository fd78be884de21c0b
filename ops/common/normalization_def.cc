#include "ops/common/normalization_def.h"

#include "base/data_type.h"
#include "ops/common/axis.h"
#include "ops/common/broadcast.h"
#include "ops/common/elementwise_def.h"

namespace weft::ops {

NormalizationShape ShapeOfNormalization(const Dims& x, int64_t axis) {
  NormalizationShape shape{ResolvedAxis(axis, static_cast<int>(x.size())), {}, x};
  shape.inner.assign(x.begin() + shape.axis, x.end());
  std::fill(shape.statistics.begin() + shape.axis, shape.statistics.end(), Dim(1));
  return shape;
}

StatusOr<NormalizationShape> CheckNormalization(const NodeTypes& node, int64_t axis) {
  const TensorType& x = node.input(0);
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    if (!node.has_input(i) || node.input(i).dtype == x.dtype) continue;
    return node.Error("{} is {}, expected {} (that of x)", node.op->inputs[i].name, Name(node.input(i).dtype),
                      Name(x.dtype));
  }
  WEFT_RETURN_IF_ERROR(ResolveAxis(node, axis, x, "x").status());
  return ShapeOfNormalization(x.shape, axis);
}

StatusOr<NormalizationShape> CheckNormalizationGrad(const NodeTypes& node, int64_t axis, size_t statistics) {
  WEFT_ASSIGN_OR_RETURN(NormalizationShape shape, CheckNormalization(node, axis));
  WEFT_RETURN_IF_ERROR(CheckShape(node, 1, shape.inner));
  WEFT_RETURN_IF_ERROR(CheckShape(node, 2, node.input(0).shape));
  for (size_t i = 3; i < node.inputs.size(); ++i) {
    if (!node.has_input(i)) continue;
    WEFT_RETURN_IF_ERROR(CheckShape(node, i, i < 3 + statistics ? shape.statistics : node.input(0).shape));
  }
  return shape;
}

Status CheckNormalizationAttributes(const NodeTypes& node, float epsilon, int64_t stash_type) {
  if (!(epsilon >= 0)) return node.Error("epsilon is {}, expected 0 or more", epsilon);
  DataType type;
  if (!FromOnnxCode(stash_type, &type) || !IsFloat(type)) {
    return node.Error("stash_type is {}, expected the code of a float type, as 1 (f32)", stash_type);
  }
  return OkStatus();
}

Status CheckBroadcastsToNormalized(const NodeTypes& node, size_t i, const NormalizationShape& shape) {
  const Dims& x = node.input(0).shape;
  if (!node.has_input(i) || Broadcast(x, node.input(i).shape) == x) return OkStatus();
  return node.Error("{} has shape {}, expected {} ({} of x {})", node.op->inputs[i].name,
                    ToString(node.input(i).shape), ToString(shape.inner),
                    shape.inner.size() == 1 ? "last dimension" : "last dimensions", ToString(x));
}

Status CheckShape(const NodeTypes& node, size_t i, const Dims& expected) {
  if (node.input(i).shape == expected) return OkStatus();
  return node.Error("{} has shape {}, expected {} (x is {})", node.op->inputs[i].name,
                    ToString(node.input(i).shape), ToString(expected), ToString(node.input(0).shape));
}

std::vector<int64_t> NormalizedAxes(int axis, int rank) {
  std::vector<int64_t> axes;
  for (int i = axis; i < rank; ++i) axes.push_back(i);
  return axes;
}

}  // namespace weft::ops
