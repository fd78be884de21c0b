#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/sigmoid.h"
#include "ops/swi_glu_grad/cpu_rows.h"
#include "ops/swi_glu_grad/cpu_simd.h"
#include "ops/swi_glu_grad/op.h"

namespace weft::ops::swi_glu_grad {
namespace {

template <class T>
std::unique_ptr<Kernel> Plain(const KernelNode& node) {
  const T alpha = node.attrs<SwiGluGradOp>().alpha;
  return MakeKernel([alpha, rows = PitchedRows(node)](const KernelArgs& args) {
    rows.ForRange(0, rows.num_elements(), [&](const std::array<int64_t, 5>& at, int64_t n) {
      for (int64_t i = 0; i < n; ++i) {
        const T dy = args.in<T>(0)[at[0] + i], gate = args.in<T>(1)[at[1] + i], up = args.in<T>(2)[at[2] + i],
                z = alpha * gate;
        args.out<T>(0)[at[3] + i] = dy * up * SwishSlope(z);
        args.out<T>(1)[at[4] + i] = dy * gate * SigmoidOf(z);
      }
    });
    return OkStatus();
  });
}

constexpr KernelDef kKernels[] = {
    {.name = "simd", .accepts = AcceptsF32OrBf16, .prepare = PrepareSimd, .pitched = true, .narrow = true},
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return Plain<T>(node); });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::swi_glu_grad
