#include <cmath>
#include <cstring>

#include "ops/common/cpu/copy.h"
#include "ops/common/cpu/random.h"
#include "ops/common/cpu/scale_kept.h"
#include "ops/dropout/op.h"

namespace weft::ops::dropout {
namespace {

template <class T>
std::unique_ptr<Kernel> MakeIdentity(const KernelNode& node) {
  return MakeKernel([n = node.inputs[0].num_elements(), masked = node.has_output(1)](const KernelArgs& args) {
    const T* x = args.in<T>(0);
    T* y = args.out<T>(0);
    CopyUnlessInPlace(x, y, n);
    if (masked && n > 0) std::memset(args.out<bool>(1), 1, static_cast<size_t>(n));
    return OkStatus();
  });
}

template <class T, bool kFast>
StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  const DropoutOp& a = node.attrs<DropoutOp>();
  if (!a.active()) return MakeIdentity<T>(node);
  auto run = [source = RandomSource(node, 1, a.stream, node.inputs[0].shape, a.seed),
              n = node.inputs[0].num_elements(), masked = node.has_output(1), threads = context.threads,
              threshold = KeptThreshold(a.ratio),
              scale = T(1) / (T(1) - static_cast<T>(a.ratio))](const KernelArgs& args) -> Status {
    WEFT_ASSIGN_OR_RETURN(const RandomSource::Place place, source.At(args));
    const T* x = args.in<T>(0);
    T* y = args.out<T>(0);
    bool* mask = masked ? args.out<bool>(1) : nullptr;
    if constexpr (kFast) {
      ForRandomWords(place, n, threads, [&](const uint32_t* words, int64_t at, int64_t count) {
        ScaleKept(words, threshold, scale, x + at, count, y + at, mask ? mask + at : nullptr);
      });
    } else {
      for (int64_t i = 0; i < n; ++i) {
        const bool keep = RandomWord(place.key, place.first + static_cast<uint64_t>(i)) >> 8 < threshold;
        y[i] = x[i] * (keep ? scale : T(0));
        if (mask) mask[i] = keep;
      }
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

}  // namespace weft::ops::dropout
