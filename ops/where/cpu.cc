#include "ops/common/cpu/compare_simd.h"
#include "ops/common/cpu/copy.h"
#include "ops/common/cpu/walk.h"
#include "ops/where/op.h"

namespace weft::ops::where {
namespace {

constexpr KernelDef kKernels[] = {
    kSimdWhere,
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       const Operand& out = node.outputs[0];
       const size_t rank = out.shape.size();
       Walk<4> walk(out.shape, {StridesOf(out), StridesOf(node.inputs[0], rank),
                                StridesOf(node.inputs[1], rank), StridesOf(node.inputs[2], rank)});
       return DispatchSize(SizeInBytes(out.dtype, 1), [&]<class T>(T) {
         return MakeKernel([walk](const KernelArgs& args) mutable {
           const int64_t n = walk.num_elements();
           for (int64_t i = 0; i < n; ++i, walk.Next()) {
             args.out<T>(0)[walk.offset(0)] = args.in<bool>(0)[walk.offset(1)]
                                                  ? args.in<T>(1)[walk.offset(2)]
                                                  : args.in<T>(2)[walk.offset(3)];
           }
           return OkStatus();
         });
       });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::where
