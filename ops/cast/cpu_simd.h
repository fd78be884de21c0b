// Vector kernels of Cast between f32 and bf16, and from bool to f32.
#pragma once
#include "ops/kernel.h"

namespace weft::ops::cast {

std::string AcceptsSimd(const KernelNode& node);
StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context);

}  // namespace weft::ops::cast
