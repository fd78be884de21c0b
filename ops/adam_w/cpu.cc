#include "base/threads.h"
#include "ops/adam_w/op.h"
#include "ops/common/cpu/adam_w.h"
#include "ops/common/cpu/copy.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/indices.h"

namespace weft::ops::adam_w {
namespace {

template <class T, bool kFast>
StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  auto run = [settings = node.attrs<AdamWOp>(), who = Describe(node), n = node.inputs[0].num_elements(),
              scaled = node.has_input(6), threads = context.threads](const KernelArgs& args) {
    const int64_t step = *args.in<int64_t>(5);
    if (step < 1) return OutOfRange("{}: step is {}, expected 1 or more", who, step);
    const T scale = scaled ? *args.in<T>(6) : T(1);
    const Arrays<T> a{args.in<T>(0),  args.in<T>(1),  args.in<T>(2), args.in<T>(3),
                      args.out<T>(0), args.out<T>(1), args.out<T>(2)};
    if (!std::isfinite(scale)) {
      CopyUnlessInPlace(a.param, a.new_param, n);
      CopyUnlessInPlace(a.m, a.new_m, n);
      CopyUnlessInPlace(a.v, a.new_v, n);
      return OkStatus();
    }
    const Coefficients<T> c = CoefficientsOf(settings, settings.weight_decay, *args.in<T>(4), step, scale);
    if constexpr (kFast) {
      ParallelFor(n, threads, 1 << 14,
                  [&](int64_t begin, int64_t end, int) { UpdateSimd(c, a, begin, end); });
    } else {
      UpdatePlain(c, a, 0, n);
    }
    return OkStatus();
  };
  return MakeKernel(std::move(run));
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext& context) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return Prepare<T, false>(node, context); });
}

constexpr KernelDef kKernels[] = {{"simd", AcceptsF32, Prepare<float, true>},
                                  {"plain", AcceptsAll, PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::adam_w
