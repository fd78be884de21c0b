// The kernels of Softmax and LogSoftmax.
#pragma once
#include "ops/kernel.h"

namespace weft::ops {

// Which of the two.
enum class SoftmaxKind : uint8_t { kSoftmax, kLogSoftmax };

// Rows of the last dimension, f32.
std::string SimdSoftmaxAccepts(const KernelNode& node, int64_t axis);
std::unique_ptr<Kernel> SimdSoftmax(const KernelNode& node, SoftmaxKind kind, int threads);
std::unique_ptr<Kernel> PlainSoftmax(const KernelNode& node, SoftmaxKind kind, int64_t axis);

}  // namespace weft::ops
