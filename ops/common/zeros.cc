#include "ops/common/zeros.h"

#include "ops/expand/op.h"

namespace weft::ops {

Var Zeros(Builder& b, DataType dtype, Dims shape) {
  const Var zero = b.Scalar(0, dtype);
  return shape.empty() ? zero : Expand(zero, std::move(shape));
}

}  // namespace weft::ops
