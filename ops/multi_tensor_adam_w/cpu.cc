// The elements of all parameters are numbered through; each thread takes one range of these numbers.
#include <algorithm>

#include "base/threads.h"
#include "ops/common/cpu/adam_w.h"
#include "ops/common/cpu/copy.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/indices.h"
#include "ops/multi_tensor_adam_w/op.h"

namespace weft::ops::multi_tensor_adam_w {
namespace {

using Op = MultiTensorAdamWOp;

template <class T>
adam_w::Arrays<T> ArraysOf(const KernelArgs& args, size_t p) {
  const size_t in = Op::Input(p), out = Op::Output(p);
  return {args.in<T>(in),   args.in<T>(in + 1),   args.in<T>(in + 2),  args.in<T>(in + 3),
          args.out<T>(out), args.out<T>(out + 1), args.out<T>(out + 2)};
}

// Where each parameter's elements begin, and behind the last one's.
std::vector<int64_t> StartsOf(const KernelNode& node) {
  std::vector<int64_t> starts = {0};
  for (size_t i = Op::Input(0); i < node.inputs.size(); i += 4)
    starts.push_back(starts.back() + node.inputs[i].num_elements());
  return starts;
}

template <class T>
void KeepAll(const KernelArgs& args, const std::vector<int64_t>& starts) {
  for (size_t p = 0; p + 1 < starts.size(); ++p) {
    const adam_w::Arrays<T> a = ArraysOf<T>(args, p);
    const int64_t n = starts[p + 1] - starts[p];
    CopyUnlessInPlace(a.param, a.new_param, n);
    CopyUnlessInPlace(a.m, a.new_m, n);
    CopyUnlessInPlace(a.v, a.new_v, n);
  }
}

template <class T, bool kFast>
StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  auto run = [settings = node.attrs<Op>(), who = Describe(node), starts = StartsOf(node),
              threads = context.threads](const KernelArgs& args) {
    const T lr = *args.in<T>(0), scale = *args.in<T>(2);
    const int64_t step = *args.in<int64_t>(1);
    if (step < 1) return OutOfRange("{}: step is {}, expected 1 or more", who, step);
    if (!std::isfinite(scale)) {
      KeepAll<T>(args, starts);
      return OkStatus();
    }
    const adam_w::Coefficients<T> common = adam_w::CoefficientsOf(settings, 0, lr, step, scale);
    const auto update = [&](int64_t begin, int64_t end, int) {
      auto p =
          static_cast<size_t>(std::upper_bound(starts.begin(), starts.end(), begin) - starts.begin() - 1);
      for (; begin < end; ++p) {
        const int64_t from = begin - starts[p], to = std::min(end, starts[p + 1]) - starts[p];
        adam_w::Coefficients<T> c = common;
        c.decay = adam_w::DecayOf(lr, settings.weight_decay[p]);
        if constexpr (kFast) {
          adam_w::UpdateSimd(c, ArraysOf<T>(args, p), from, to);
        } else {
          adam_w::UpdatePlain(c, ArraysOf<T>(args, p), from, to);
        }
        begin = starts[p] + to;
      }
    };
    if constexpr (kFast) {
      ParallelFor(starts.back(), threads, 1 << 14, update);
    } else {
      update(0, starts.back(), 0);
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

}  // namespace weft::ops::multi_tensor_adam_w
