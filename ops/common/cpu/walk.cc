#include "ops/common/cpu/walk.h"

namespace weft::ops {

Strides StridesOf(const Operand& operand, size_t rank) {
  Strides strides(rank, 0);
  const size_t own = operand.shape.size();
  int64_t stride = 1;
  for (size_t i = 0; i < own; ++i) {  // from the last dimension
    const int64_t size = operand.shape[own - 1 - i];
    strides[rank - 1 - i] = size == 1 ? 0 : stride;
    stride = i == 0 ? operand.pitch : stride * size;
  }
  return strides;
}

}  // namespace weft::ops
