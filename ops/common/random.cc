#include "ops/common/random.h"

#include <cmath>

#include "ops/common/cost.h"
#include "ops/common/operand_checks.h"

namespace weft::ops {

Status CheckRandom(const NodeTypes& node, size_t first, int64_t stream) {
  for (size_t i = first; i < first + 3; ++i) WEFT_RETURN_IF_ERROR(CheckScalar(node, i, DataType::kI64));
  if (stream < 0 || stream > 0xFFFFFFFF) {
    return node.Error("stream is {}, expected 0 to 4294967295", stream);
  }
  return OkStatus();
}

StatusOr<std::vector<TensorType>> InferDrawn(const NodeTypes& node, int64_t stream, DataType dtype,
                                             const Dims& shape) {
  WEFT_RETURN_IF_ERROR(CheckRandom(node, 0, stream));
  if (dtype != DataType::kF32 && dtype != DataType::kF64) {
    return node.Error("dtype is {}, expected f32 or f64", Name(dtype));
  }
  for (const Dim& d : shape) {
    if (d.is_constant() && d.value() < 0)
      return node.Error("shape is {}, expected no negative dimension", ToString(shape));
  }
  return std::vector<TensorType>{{dtype, shape}};
}

Status CheckNormal(const NodeTypes& node, float mean, float scale) {
  if (!std::isfinite(mean)) return node.Error("mean is {}, expected a number", mean);
  if (!(scale >= 0 && std::isfinite(scale))) return node.Error("scale is {}, expected 0 or more", scale);
  return OkStatus();
}

double DrawnBytes(const NodeTypes& node) { return BytesOf(node.output(0)); }

}  // namespace weft::ops
