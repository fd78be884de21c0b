#include "ops/common/cpu/softmax.h"
#include "ops/log_softmax/op.h"

namespace weft::ops::log_softmax {
namespace {

int64_t AxisOf(const KernelNode& node) { return node.attrs<LogSoftmaxOp>().axis; }

constexpr KernelDef kKernels[] = {
    {.name = "simd",
     .accepts = [](const KernelNode& node) { return SimdSoftmaxAccepts(node, AxisOf(node)); },
     .prepare = [](const KernelNode& node,
                   const KernelContext& context) -> StatusOr<std::unique_ptr<Kernel>> {
       return SimdSoftmax(node, SoftmaxKind::kLogSoftmax, context.threads);
     }},
    {.name = "plain",
     .accepts = [](const KernelNode&) { return std::string(); },
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return PlainSoftmax(node, SoftmaxKind::kLogSoftmax, AxisOf(node));
     }}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::log_softmax
