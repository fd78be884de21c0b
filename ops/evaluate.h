// One node on host tensors, through its CPU kernel: constant folding and tests.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "base/tensor.h"
#include "ops/kernel.h"

namespace weft {

// `inputs[i]` null: absent. Returns a tensor for each output slot of the operator's inference; those whose
// bit in `optional_outputs` is not set and that are optional come back empty ([0]).
StatusOr<std::vector<Tensor>> EvaluateNode(const OpDef& op, const void* attributes,
                                           std::span<const Tensor* const> inputs,
                                           uint32_t optional_outputs = 0, const KernelContext& context = {});

// Runs a prepared kernel once on dense host tensors, with a workspace of its own.
Status RunOnce(Kernel& kernel, std::span<const Tensor* const> inputs, std::span<Tensor* const> outputs);

}  // namespace weft
