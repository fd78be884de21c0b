// The kernel "tiles": a body step by step on tiles that stay in the first-level cache.
#pragma once
#include "ops/kernel.h"

namespace weft::ops::fused_elementwise {

std::string AcceptsTiles(const KernelNode& node);
StatusOr<std::unique_ptr<Kernel>> PrepareTiles(const KernelNode& node, const KernelContext& context);

}  // namespace weft::ops::fused_elementwise
