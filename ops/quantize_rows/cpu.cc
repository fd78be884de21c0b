// The plain code says what is computed; with kSimd the same is done by vectors, to the same bits.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/float_convert.h"
#include "base/threads.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/quantized_rows.h"
#include "ops/kernel.h"
#include "ops/quantize_rows/cpu_simd.h"
#include "ops/quantize_rows/op.h"

namespace weft::ops::quantize_rows {
namespace {

// x as a whole number, halves to even: what adding and taking away 1.5 * 2^52 leaves of it, for |x| < 2^51.
double Rounded(double x) {
  constexpr double kMagic = 6755399441055744.0;
  return x + kMagic - kMagic;
}

double AsBf16(double x) { return static_cast<double>(Bf16ToFloat(DoubleToBf16(x))); }

template <class T>
struct Group {
  const T* x;
  int64_t n;
};

// The element of the largest magnitude, or NaN.
template <class T>
double Extreme(const Group<T>& g) {
  double extreme = 0;
  bool finite = true;
  for (int64_t i = 0; i < g.n; ++i) {
    const auto x = static_cast<double>(g.x[i]);
    finite &= std::isfinite(x);
    if (std::fabs(x) > std::fabs(extreme)) extreme = x;
  }
  return finite ? extreme : std::numeric_limits<double>::quiet_NaN();
}

// The same, by the bits of magnitudes, which are in the order of the numbers.
double ExtremeByBits(const Group<float>& g) {
  constexpr uint32_t kMagnitude = 0x7fffffff, kInfinity = 0x7f800000;
  const auto magnitude = [&](int64_t i) { return std::bit_cast<uint32_t>(g.x[i]) & kMagnitude; };
  uint32_t most = 0;
  for (int64_t i = 0; i < g.n; ++i) most = std::max(most, magnitude(i));
  if (most >= kInfinity) return std::numeric_limits<double>::quiet_NaN();
  int64_t at = 0;
  while (most != 0 && magnitude(at) != most) ++at;
  return most == 0 ? 0 : static_cast<double>(g.x[at]);
}

double Code(double x, const Rounding& to) { return Rounded(std::clamp(x / to.scale, to.low, to.high)); }

Rounding RoundingOf(int64_t bits, double scale) {
  return bits == 8 ? Rounding{scale, -127, 127} : Rounding{scale, -8, 7};
}

template <bool kSimd, class T>
double ErrorOf(const Group<T>& g, const Rounding& to) {
  if constexpr (kSimd) return SquaredError(g.x, g.n, to);
  double sums[kPartial] = {};
  for (int64_t i = 0; i < g.n; ++i) {
    const auto x = static_cast<double>(g.x[i]);
    const double rest = x - Code(x, to) * to.scale;
    sums[i % kPartial] += rest * rest;
  }
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum;
}

// 0 where all q are, NaN where there are none.
template <bool kSimd, class T>
double ScaleOf(const Group<T>& g, int64_t bits) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  double extreme = 0;
  if constexpr (kSimd) extreme = ExtremeByBits(g);
  if constexpr (!kSimd) extreme = Extreme(g);
  if (extreme == 0 || std::isnan(extreme)) return extreme;
  if (bits == 8) {
    const double scale = AsBf16(std::fabs(extreme) / 127);
    return std::isfinite(scale) ? scale : kNone;
  }
  double best = 0, least = std::numeric_limits<double>::infinity();
  for (const double d : kFourBitDivisors) {
    const double scale = AsBf16(extreme / d);
    if (scale == 0) continue;
    if (!std::isfinite(scale)) return kNone;
    const double error = ErrorOf<kSimd>(g, RoundingOf(bits, scale));
    if (error < least) best = scale, least = error;
  }
  return best;
}

template <bool kSimd, class T>
void CodesOf(const Group<T>& g, const Rounding& to, int32_t* q) {
  if constexpr (kSimd) return RoundToCodes(g.x, g.n, to, q);
  for (int64_t i = 0; i < g.n; ++i) q[i] = static_cast<int32_t>(Code(static_cast<double>(g.x[i]), to));
}

template <bool kSimd, class T>
void WriteCodes(const Group<T>& g, int64_t bits, double scale, uint8_t* to) {
  constexpr int64_t kPiece = 64;
  const bool none = scale == 0 || std::isnan(scale);
  for (int64_t begin = 0; begin < g.n; begin += kPiece) {
    int32_t q[kPiece] = {};
    const int64_t n = std::min(kPiece, g.n - begin);
    if (!none) CodesOf<kSimd>(Group<T>{g.x + begin, n}, RoundingOf(bits, scale), q);
    uint8_t* piece = to + QuantizedRowBytes(begin, bits);
    for (int64_t i = 0; bits == 8 && i < n; ++i) piece[i] = static_cast<uint8_t>(static_cast<int8_t>(q[i]));
    for (int64_t i = 0; bits == 4 && i < n; i += 2)  // behind the last one there is a 0
      piece[i / 2] = static_cast<uint8_t>((q[i] + kNibbleZero) | (q[i + 1] + kNibbleZero) << 4);
  }
}

template <bool kSimd, class T>
std::unique_ptr<Kernel> RowsKernel(const KernelNode& node, int threads) {
  const auto a = node.attrs<QuantizeRowsOp>();
  const int64_t n = node.inputs[0].dim(0), k = node.inputs[0].dim(1);
  constexpr int64_t kElements = 1 << 13;  // that are worth a thread
  const int64_t grain = std::max<int64_t>(1, kElements / std::max<int64_t>(k, 1));
  return MakeKernel([=](const KernelArgs& args) {
    const int64_t groups = QuantGroups(k, a.group), row_bytes = QuantizedRowBytes(k, a.bits);
    ParallelFor(n, threads, grain, [&](int64_t begin, int64_t end, int) {
      for (int64_t row = begin; row < end; ++row) {
        for (int64_t at = 0; at < groups; ++at) {
          const int64_t first = at * a.group;
          const Group<T> g{args.in<T>(0) + row * k + first, std::min(a.group, k - first)};
          const double scale = ScaleOf<kSimd>(g, a.bits);
          args.out<T>(1)[row * groups + at] = static_cast<T>(scale);
          WriteCodes<kSimd>(g, a.bits, scale,
                            args.out<uint8_t>(0) + row * row_bytes + QuantizedRowBytes(first, a.bits));
        }
      }
    });
    return OkStatus();
  });
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  return RowsKernel<true, float>(node, context.threads);
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return RowsKernel<false, T>(node, 1); });
}

constexpr KernelDef kKernels[] = {{.name = "simd", .accepts = AcceptsF32, .prepare = PrepareSimd},
                                  {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::quantize_rows
