// A few rows times a weight of bf16, f32 in registers: what the kernels of Product and PackedProduct share.
// Rows of a are widened first, those of y rounded last, in the workspace.
#pragma once
#include <memory>

#include "ops/common/cpu/skinny_product.h"
#include "ops/kernel.h"

namespace weft::ops {

struct FewRows {
  int64_t m = 0, k = 0, n = 0;
  int64_t a_stride = 0, b_stride = 0, y_stride = 0, accumulator_stride = 0;
  DataType a_type = DataType::kF32, y_type = DataType::kF32;  // f32 or bf16
  int bias = -1, accumulator = -1;                            // inputs of f32; none if negative
  float alpha = 1;
  int64_t padded_k = 0;  // a's rows are read up to here, zero behind k
  int64_t unit = 1;      // columns that stay on one thread
  int threads = 1;
};
using MultiplyRowsFn = void (*)(const SkinnyProduct& p, int64_t begin, int64_t end);

// b, input 1, is handed to `multiply` as it lies.
std::unique_ptr<Kernel> PrepareFewRows(const FewRows& rows, MultiplyRowsFn multiply);

}  // namespace weft::ops
