#include <cmath>

#include "base/threads.h"
#include "ops/common/cpu/copy.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/kernel.h"
#include "ops/sgd/cpu_update.h"
#include "ops/sgd/op.h"

namespace weft::ops::sgd {
namespace {

template <class T>
void UpdatePlain(const Coefficients<T>& c, const Arrays<T>& a, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const T g = c.scale * a.grad[i] + c.weight_decay * a.param[i];
    T change = g;
    if (a.buffer != nullptr) {
      const T buffer = c.momentum * a.buffer[i] + g;
      change = c.nesterov ? g + c.momentum * buffer : buffer;
      if (a.new_buffer != nullptr) a.new_buffer[i] = buffer;
    }
    a.new_param[i] = a.param[i] - c.lr * change;
  }
}

template <class T, bool kFast>
StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  auto run = [settings = node.attrs<SGDOp>(), n = node.inputs[0].num_elements(), scaled = node.has_input(4),
              stored = node.has_output(1), threads = context.threads](const KernelArgs& args) {
    const Arrays<T> a{args.in<T>(0), args.in<T>(1), args.in<T>(2), args.out<T>(0),
                      stored ? args.out<T>(1) : nullptr};
    const T scale = scaled ? *args.in<T>(4) : T(1);
    if (!std::isfinite(scale)) {
      CopyUnlessInPlace(a.param, a.new_param, n);
      CopyUnlessInPlace(a.buffer, a.new_buffer, n);
      return OkStatus();
    }
    const Coefficients<T> c{*args.in<T>(3), scale, settings.momentum, settings.weight_decay,
                            settings.nesterov};
    if constexpr (kFast) {
      ParallelFor(n, threads, 1 << 14,
                  [&](int64_t begin, int64_t end, int) { UpdateSimd(c, a, begin, end); });
    } else {
      UpdatePlain(c, a, n);
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

}  // namespace weft::ops::sgd
