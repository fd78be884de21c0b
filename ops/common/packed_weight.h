// The layout of a weight that a processor multiplies by as it lies (oneDNN's BA16a64b2a, what bf16 products
// on AVX-512 and AMX read): blocks of 64 outputs times 32 inputs, one after the other along the inputs; in a
// block the inputs two by two, of each pair all outputs side by side. What fills the last blocks is zero.
//   weight [N, K]  ->  packed [ceil(N / 64), ceil(K / 32), 16, 64, 2]
//   packed[n / 64, k / 32, k % 32 / 2, n % 64, k % 2] = weight[n, k]
#pragma once
#include "ir/dim.h"

namespace weft::ops {

inline constexpr int64_t kPackedOutputs = 64, kPackedPairs = 16, kPackedInputs = 2 * kPackedPairs;

// Of a weight [N, K], however large.
inline Dims PackedShape(int64_t n, int64_t k) {
  return {n / kPackedOutputs + (n % kPackedOutputs != 0), k / kPackedInputs + (k % kPackedInputs != 0),
          kPackedPairs, kPackedOutputs, 2};
}

// Where weight[n, k] lies.
inline int64_t PackedOffset(int64_t n, int64_t k, int64_t input_blocks) {
  const int64_t block = n / kPackedOutputs * input_blocks + k / kPackedInputs;
  const int64_t pair = block * kPackedPairs + k % kPackedInputs / 2;
  return (pair * kPackedOutputs + n % kPackedOutputs) * 2 + k % 2;
}

}  // namespace weft::ops
