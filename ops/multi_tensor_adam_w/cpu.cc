// The elements of all parameters are numbered through; each thread takes one range of these numbers.
#include <algorithm>

#include "base/float_convert.h"
#include "base/threads.h"
#include "ops/common/cpu/adam_w.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/copy.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/indices.h"
#include "ops/multi_tensor_adam_w/op.h"

namespace weft::ops::multi_tensor_adam_w {
namespace {

using Op = MultiTensorAdamWOp;

// What is fixed at prepare.
struct Layout {
  explicit Layout(const KernelNode& node)
      : settings(node.attrs<Op>()), copies(settings.weight_decay.size(), kNoCopy) {
    for (size_t p = 0; p < copies.size(); ++p)
      starts.push_back(starts.back() + node.inputs[Op::Input(p)].num_elements());
    for (size_t i = 0; i < settings.copied.size(); ++i)
      copies[static_cast<size_t>(settings.copied[i])] = settings.CopyOutput(i);
  }

  static constexpr size_t kNoCopy = 0;  // the first result is a parameter
  Op settings;
  std::vector<size_t> copies;         // by parameter: the result that is its copy
  std::vector<int64_t> starts = {0};  // where each parameter's elements begin, and behind the last one's
};

template <class T>
adam_w::Arrays<T> ArraysOf(const KernelArgs& args, size_t p) {
  const size_t in = Op::Input(p), out = Op::Output(p);
  return {args.in<T>(in),   args.in<T>(in + 1),   args.in<T>(in + 2),  args.in<T>(in + 3),
          args.out<T>(out), args.out<T>(out + 1), args.out<T>(out + 2)};
}

uint16_t* CopyOf(const Layout& layout, const KernelArgs& args, size_t p) {
  return layout.copies[p] == Layout::kNoCopy ? nullptr : args.out<uint16_t>(layout.copies[p]);
}

template <class T>
void NarrowPlain(const T* x, int64_t n, uint16_t* y) {
  for (int64_t i = 0; i < n; ++i) y[i] = DoubleToBf16(static_cast<double>(x[i]));
}

template <class T>
void KeepAll(const Layout& layout, const KernelArgs& args) {
  for (size_t p = 0; p < layout.copies.size(); ++p) {
    const adam_w::Arrays<T> a = ArraysOf<T>(args, p);
    const int64_t n = layout.starts[p + 1] - layout.starts[p];
    CopyUnlessInPlace(a.param, a.new_param, n);
    CopyUnlessInPlace(a.m, a.new_m, n);
    CopyUnlessInPlace(a.v, a.new_v, n);
    if (uint16_t* copy = CopyOf(layout, args, p); copy != nullptr) NarrowPlain(a.new_param, n, copy);
  }
}

// Elements [begin, end) of one parameter. What is copied is rounded while it is in the first cache.
void UpdateFast(const adam_w::Coefficients<float>& c, const adam_w::Arrays<float>& a, uint16_t* copy,
                int64_t begin, int64_t end) {
  if (copy == nullptr) return adam_w::UpdateSimd(c, a, begin, end);
  for (int64_t next; begin < end; begin = next) {
    next = std::min(end, begin + kBf16Chunk);
    adam_w::UpdateSimd(c, a, begin, next);
    NarrowToBf16(a.new_param + begin, next - begin, copy + begin);
  }
}

template <class T>
void UpdatePlain(const adam_w::Coefficients<T>& c, const adam_w::Arrays<T>& a, uint16_t* copy, int64_t begin,
                 int64_t end) {
  adam_w::UpdatePlain(c, a, begin, end);
  if (copy != nullptr) NarrowPlain(a.new_param + begin, end - begin, copy + begin);
}

template <class T, bool kFast>
StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  auto run = [layout = Layout(node), who = Describe(node),
              threads = context.threads](const KernelArgs& args) {
    const T lr = *args.in<T>(0), scale = *args.in<T>(2);
    const int64_t step = *args.in<int64_t>(1);
    if (step < 1) return OutOfRange("{}: step is {}, expected 1 or more", who, step);
    if (!std::isfinite(scale)) {
      KeepAll<T>(layout, args);
      return OkStatus();
    }
    const std::vector<int64_t>& starts = layout.starts;
    const adam_w::Coefficients<T> common = adam_w::CoefficientsOf(layout.settings, 0, lr, step, scale);
    const auto update = [&](int64_t begin, int64_t end, int) {
      auto p =
          static_cast<size_t>(std::upper_bound(starts.begin(), starts.end(), begin) - starts.begin() - 1);
      for (; begin < end; ++p) {
        const int64_t from = begin - starts[p], to = std::min(end, starts[p + 1]) - starts[p];
        adam_w::Coefficients<T> c = common;
        c.decay = adam_w::DecayOf(lr, layout.settings.weight_decay[p]);
        if constexpr (kFast) {
          UpdateFast(c, ArraysOf<T>(args, p), CopyOf(layout, args, p), from, to);
        } else {
          UpdatePlain(c, ArraysOf<T>(args, p), CopyOf(layout, args, p), from, to);
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
