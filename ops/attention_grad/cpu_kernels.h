// The kernels of AttentionGrad, one file each.
#pragma once
#include "ops/attention_grad/op.h"
#include "ops/kernel.h"

namespace weft::ops::attention_grad {

inline constexpr size_t kRotary = 8;  // cos_cache

std::string SimdAccepts(const KernelNode& node);
StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context);
StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext& context);

}  // namespace weft::ops::attention_grad
