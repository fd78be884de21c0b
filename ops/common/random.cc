#include "ops/common/random.h"

#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/operand_checks.h"

namespace weft::ops {

Status CheckRandom(const NodeTypes& node, size_t first, int64_t stream) {
  for (size_t i = first; i < first + 3; ++i) WEFT_RETURN_IF_ERROR(CheckScalar(node, i, DataType::kI64));
  if (stream < 0 || stream > 0xFFFFFFFF) {
    return node.Error("stream is {}, expected 0 to 4294967295", stream);
  }
  return OkStatus();
}

StatusOr<TensorType> DrawnType(const NodeTypes& node, DataType dtype, const Dims& shape) {
  if (dtype != DataType::kF32 && dtype != DataType::kF64) {
    return node.Error("dtype is {}, expected f32 or f64", Name(dtype));
  }
  for (const Dim& d : shape) {
    if (d.is_constant() && d.value() < 0)
      return node.Error("shape is {}, expected no negative dimension", ToString(shape));
  }
  return TensorType{dtype, shape};
}

double DrawnBytes(const NodeTypes& node) { return BytesOf(node.output(0)); }

}  // namespace weft::ops
