// oneDNN as our kernels use it: one engine and stream a process, and a product of strided matrices.
#pragma once
#include <memory>

#include "ops/common/cpu/product_plan.h"

namespace weft::ops {

struct OneDnnProductOptions {
  bool bias = false;         // input 2, [N]
  bool accumulator = false;  // input 3
  float alpha = 1;
  int threads = 1;
};

// y = alpha a b + bias + accumulator in f32, with the library's scratchpad in the workspace. Empty matrices
// must have been handled.
StatusOr<std::unique_ptr<Kernel>> PrepareOneDnnProduct(const ProductPlan& plan,
                                                       const OneDnnProductOptions& options);

}  // namespace weft::ops
