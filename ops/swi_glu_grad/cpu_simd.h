// One pass over three tensors that writes two, in f32 vectors.
#pragma once
#include "ops/kernel.h"

namespace weft::ops::swi_glu_grad {

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context);

}  // namespace weft::ops::swi_glu_grad
