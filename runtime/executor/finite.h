// NaN and infinity in tensors of floats.
#pragma once
#include <cstdint>

#include "ops/kernel.h"

namespace weft {

struct NotFinite {
  int64_t nan = -1;       // the index of the first NaN, in row-major order; -1: none
  int64_t infinite = -1;  // of the first infinity
};

// Looks at all elements of an operand of any float type, rows at their pitch; nothing is found in others.
NotFinite FindNotFinite(const Operand& operand, const void* data);

}  // namespace weft
