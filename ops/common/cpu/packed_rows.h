// A few rows times a packed weight of bf16 (ops/pack_weight/op.h): decoding.
#pragma once
#include "ops/common/cpu/skinny_product.h"

namespace weft::ops {

inline constexpr int64_t kMostPackedRows = 4;  // whose sums stay in registers
inline constexpr int64_t kPackedUnit = 32;  // columns: half a block, so that two threads share three blocks

// As MultiplyRows, with b_bf16 packed and b_stride the number of its blocks along the inner dimension; rows
// of a are read to the end of the last block. At most kMostPackedRows rows; begin is a multiple of
// kPackedUnit.
void MultiplyPackedRows(const SkinnyProduct& p, int64_t begin, int64_t end);

}  // namespace weft::ops
