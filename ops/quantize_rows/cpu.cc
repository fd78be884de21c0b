#include <algorithm>
#include <cmath>
#include <limits>

#include "base/float_convert.h"
#include "base/threads.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/quantized_rows.h"
#include "ops/kernel.h"
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

double Code(double x, double scale, double low, double high) {
  return Rounded(std::clamp(x / scale, low, high));
}

template <class T>
double SquaredError(const Group<T>& g, double scale) {
  double sum = 0;
  for (int64_t i = 0; i < g.n; ++i) {
    const auto x = static_cast<double>(g.x[i]);
    const double rest = x - Code(x, scale, -8, 7) * scale;
    sum += rest * rest;
  }
  return sum;
}

// 0 where all q are, NaN where there are none.
template <class T>
double ScaleOf(const Group<T>& g, int64_t bits) {
  const double extreme = Extreme(g);
  if (extreme == 0 || std::isnan(extreme)) return extreme;
  if (bits == 8) {
    const double scale = AsBf16(std::fabs(extreme) / 127);
    return std::isfinite(scale) ? scale : std::numeric_limits<double>::quiet_NaN();
  }
  double best = 0, least = std::numeric_limits<double>::infinity();
  for (const double d : kFourBitDivisors) {
    const double scale = AsBf16(extreme / d);
    if (scale == 0) continue;
    if (!std::isfinite(scale)) return std::numeric_limits<double>::quiet_NaN();
    const double error = SquaredError(g, scale);
    if (error < least) best = scale, least = error;
  }
  return best;
}

template <class T>
void WriteCodes(const Group<T>& g, int64_t bits, double scale, uint8_t* to) {
  const bool none = scale == 0 || std::isnan(scale);
  if (bits == 8) {
    for (int64_t i = 0; i < g.n; ++i) {
      const double q = none ? 0 : Code(static_cast<double>(g.x[i]), scale, -127, 127);
      to[i] = static_cast<uint8_t>(static_cast<int8_t>(q));
    }
    return;
  }
  for (int64_t i = 0; i < g.n; i += 2) {
    int codes[2] = {kNibbleZero, kNibbleZero};
    for (int64_t h = 0; h < 2 && i + h < g.n && !none; ++h) {
      codes[h] += static_cast<int>(Code(static_cast<double>(g.x[i + h]), scale, -8, 7));
    }
    to[i / 2] = static_cast<uint8_t>(codes[0] | codes[1] << 4);
  }
}

StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  const auto a = node.attrs<QuantizeRowsOp>();
  const int64_t n = node.inputs[0].dim(0), k = node.inputs[0].dim(1);
  constexpr int64_t kElements = 1 << 13;  // that are worth a thread
  const int64_t grain = std::max<int64_t>(1, kElements / std::max<int64_t>(k, 1));
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) {
    return MakeKernel([=, threads = context.threads](const KernelArgs& args) {
      const int64_t groups = QuantGroups(k, a.group), row_bytes = QuantizedRowBytes(k, a.bits);
      ParallelFor(n, threads, grain, [&](int64_t begin, int64_t end, int) {
        for (int64_t row = begin; row < end; ++row) {
          for (int64_t at = 0; at < groups; ++at) {
            const int64_t first = at * a.group;
            const Group<T> g{args.in<T>(0) + row * k + first, std::min(a.group, k - first)};
            const double scale = ScaleOf(g, a.bits);
            args.out<T>(1)[row * groups + at] = static_cast<T>(scale);
            WriteCodes(g, a.bits, scale,
                       args.out<uint8_t>(0) + row * row_bytes + QuantizedRowBytes(first, a.bits));
          }
        }
      });
      return OkStatus();
    });
  });
}

constexpr KernelDef kKernels[] = {{.name = "plain", .accepts = AcceptsAll, .prepare = Prepare}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::quantize_rows
