#include "ops/common/coordinates.h"

#include "ops/expand/op.h"

namespace weft::ops {

Var Coordinates(Builder& b, Dims shape, int axis) {
  const Dim n = shape[static_cast<size_t>(axis)];
  if (!n.is_constant()) {
    b.SetError(
        Unimplemented("the gradient by coordinates needs dimension {} of {} bound", axis, ToString(shape)));
    return {};
  }
  Shape line(shape.size() + 1, 1);
  line[static_cast<size_t>(axis)] = n.value();
  Tensor values = Tensor::Zeros(DataType::kI64, line);
  int64_t i = 0;
  for (int64_t& v : values.as_mutable<int64_t>()) v = i++;
  shape.push_back(1);
  return Expand(b.Constant(std::move(values), "coordinates"), std::move(shape));
}

}  // namespace weft::ops
