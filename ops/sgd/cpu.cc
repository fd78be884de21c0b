#include <cmath>
#include <cstring>

#include "base/threads.h"
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

template <class T>
void CopyUnlessInPlace(const T* from, T* to, int64_t n) {
  if (to != nullptr && from != to && n > 0) std::memcpy(to, from, static_cast<size_t>(n) * sizeof(T));
}

template <class T, bool kFast>
std::unique_ptr<Kernel> Make(const KernelNode& node, const KernelContext& context) {
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

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  return Make<float, true>(node, context);
}
StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext& context) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return Make<T, false>(node, context); });
}

std::string Accepts(const KernelNode&) { return ""; }
std::string AcceptsF32(const KernelNode& node) {
  return node.inputs[0].dtype == DataType::kF32 ? "" : "takes f32 only";
}

constexpr KernelDef kKernels[] = {{"simd", AcceptsF32, PrepareSimd}, {"plain", Accepts, PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::sgd
