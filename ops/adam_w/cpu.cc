#include <cmath>
#include <limits>

#include "base/threads.h"
#include "ops/adam_w/cpu_update.h"
#include "ops/adam_w/op.h"
#include "ops/common/cpu/copy.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/indices.h"

namespace weft::ops::adam_w {
namespace {

// beta^n by squaring: the same bits on every machine, which a library's pow does not promise.
double Power(double beta, int64_t n) {
  double power = 1;
  for (; n > 0; n /= 2, beta *= beta)
    if (n % 2 != 0) power *= beta;
  return power;
}

template <class T>
Coefficients<T> CoefficientsOf(const AdamWOp& a, T lr, int64_t step, T scale) {
  const double beta1 = a.beta1, beta2 = a.beta2, rate = lr;
  return {static_cast<T>(beta1),
          static_cast<T>(1 - beta1),
          static_cast<T>(beta2),
          static_cast<T>(1 - beta2),
          static_cast<T>(a.epsilon),
          scale,
          static_cast<T>(1 - rate * static_cast<double>(a.weight_decay)),
          static_cast<T>(rate / (1 - Power(beta1, step))),
          static_cast<T>(1 / std::sqrt(1 - Power(beta2, step)))};
}

template <class T>
T FlushSubnormal(T x) {
  return std::abs(x) < std::numeric_limits<T>::min() ? T(0) : x;
}

template <class T>
void UpdatePlain(const Coefficients<T>& c, const Arrays<T>& a, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i) {
    const T g = a.grad[i] * c.scale;
    const T m = FlushSubnormal(c.beta1 * a.m[i] + c.one_minus_beta1 * g);
    const T v = FlushSubnormal(c.beta2 * a.v[i] + c.one_minus_beta2 * g * g);
    a.new_param[i] =
        c.decay * a.param[i] - c.step_size * m / (std::sqrt(v) * c.inverse_correction + c.epsilon);
    a.new_m[i] = m;
    a.new_v[i] = v;
  }
}

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
    const Coefficients<T> c = CoefficientsOf(settings, *args.in<T>(4), step, scale);
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
