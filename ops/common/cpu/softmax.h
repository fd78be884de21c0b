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

// Both, of an operator with the field `axis`.
template <class A, SoftmaxKind kKind>
inline constexpr KernelDef kSoftmaxKernels[] = {
    {.name = "simd",
     .accepts = [](const KernelNode& node) { return SimdSoftmaxAccepts(node, node.attrs<A>().axis); },
     .prepare = [](const KernelNode& node, const KernelContext& context)
         -> StatusOr<std::unique_ptr<Kernel>> { return SimdSoftmax(node, kKind, context.threads); }},
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return PlainSoftmax(node, kKind, node.attrs<A>().axis);
     }}};

}  // namespace weft::ops
