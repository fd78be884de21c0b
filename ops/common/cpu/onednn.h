// oneDNN as our kernels use it: one engine a process, and a product of strided matrices.
#pragma once
#include <memory>
#include <string>

#include "ops/common/cpu/product_plan.h"

namespace weft::ops {

// y = alpha a b + bias + accumulator.
struct OneDnnProductOptions {
  int bias = -1;         // the index of the kernel's input, [N]; none if negative
  int accumulator = -1;  // likewise, of y's shape; y may be in its place
  int64_t accumulator_pitch = 0;
  float alpha = 1;
  int threads = 1;
  // a and b are both f32 or both bf16, and y either then; bias and accumulator, whose type is y's, as they
  // come.
  DataType a = DataType::kF32, b = DataType::kF32, y = DataType::kF32, bias_type = DataType::kF32;
  // b is one matrix of bf16 as ops/pack_weight/op.h has it, zero where it has been filled; the plan
  // says how it was before.
  bool packed_b = false;
};

// "" if PrepareOneDnnProduct takes the product. bf16 only where the processor multiplies it: what the library
// does elsewhere is slower than f32.
std::string OneDnnProductAccepts(const ProductPlan& plan, const OneDnnProductOptions& options);

// Sums in f32, with the library's scratchpad in the workspace. Its result's rows have bits that may depend on
// their number (AVX2 and below).
StatusOr<std::unique_ptr<Kernel>> PrepareOneDnnProduct(const ProductPlan& plan,
                                                       const OneDnnProductOptions& options);

}  // namespace weft::ops
