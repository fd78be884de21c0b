// A few rows times a matrix whose rows lie along the inner dimension: decoding.
#pragma once
#include <cstdint>

namespace weft::ops {

// y[i, j] = alpha * (row i of a . row j of b) + bias[j] + accumulator[i, j] for all i < m and begin <= j <
// end. Rows are k long; strides in elements; bias and accumulator may be null, and accumulator may be y.
struct SkinnyProduct {
  const float* a = nullptr;
  int64_t a_stride = 0;
  const float* b = nullptr;
  const uint16_t* b_bf16 = nullptr;  // in b's place where that is null
  int64_t b_stride = 0;
  const float* bias = nullptr;
  const float* accumulator = nullptr;
  float* y = nullptr;
  int64_t y_stride = 0, accumulator_stride = 0;
  int64_t m = 0, k = 0;
  float alpha = 1;
};
void MultiplyRows(const SkinnyProduct& p, int64_t begin, int64_t end);

}  // namespace weft::ops
