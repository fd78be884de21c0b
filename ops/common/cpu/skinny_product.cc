// Each row of b is read from memory once, whatever m is, and in the order in which it lies there: a row (for
// four rows of a and more: two) stays in the first cache while the rows of a pass, up to four at a time. What
// comes next is asked for early: processors' own prefetching loses its way at the ends of pages and rows.
// Every element of y is two chains of multiply-adds over k and one sum of lanes, so its bits depend neither
// on m nor on its place.
#include "ops/common/cpu/skinny_product.h"

#include "base/float_convert.h"
#include "ops/common/cpu/highway_targets.h"

// foreach_target.h comes first: what follows is compiled once for each instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/skinny_product.cc"
#include <hwy/foreach_target.h>
#include <hwy/cache_control.h>
#include <hwy/highway.h>
#include "ops/common/cpu/bf16-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

struct Floats {
  static const float* Of(const SkinnyProduct& p) { return p.b; }
  static HWY_INLINE V Load(const float* x) { return hn::LoadU(D(), x); }
  static float Widen(float x) { return x; }
};
struct Bf16s {
  static const uint16_t* Of(const SkinnyProduct& p) { return p.b_bf16; }
  static HWY_INLINE V Load(const uint16_t* x) { return bf16::Load(x); }
  static float Widen(uint16_t x) { return Bf16ToFloat(x); }
};

// Bytes from what is read to what is asked for: measured, 35 GB/s where eight rows side by side gave 16.
constexpr int64_t kAhead = 4608;
constexpr int kChains = 2;

// Sums over k of rows i .. i + kM of a and j .. j + kN of b, and what is left of k.
template <class B, int kM, int kN, bool kPrefetch>
HWY_INLINE void Tile(const SkinnyProduct& p, int64_t i, int64_t j) {
  const D d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const float* a = p.a + i * p.a_stride;
  const auto* b = B::Of(p) + j * p.b_stride;
  V sum[kChains][kM][kN];
  HWY_UNROLL(2) for (int u = 0; u < kChains; ++u) {
    HWY_UNROLL(8) for (int r = 0; r < kM; ++r) {
      HWY_UNROLL(8) for (int c = 0; c < kN; ++c) sum[u][r][c] = hn::Zero(d);
    }
  }
  const auto add = [&](int u, int64_t k) HWY_ATTR {
    V x[kM];
    HWY_UNROLL(8) for (int r = 0; r < kM; ++r) x[r] = hn::LoadU(d, a + r * p.a_stride + k);
    HWY_UNROLL(8) for (int c = 0; c < kN; ++c) {
      const auto* at = b + c * p.b_stride + k;
      if (kPrefetch) hwy::Prefetch(reinterpret_cast<const char*>(at) + kAhead);
      const V w = B::Load(at);
      HWY_UNROLL(8) for (int r = 0; r < kM; ++r) sum[u][r][c] = hn::MulAdd(x[r], w, sum[u][r][c]);
    }
  };
  int64_t k = 0;
  for (; k + kChains * lanes <= p.k; k += kChains * lanes) {
    HWY_UNROLL(2) for (int u = 0; u < kChains; ++u) add(u, k + u * lanes);
  }
  for (; k + lanes <= p.k; k += lanes) add(0, k);
  HWY_UNROLL(8) for (int r = 0; r < kM; ++r) {
    HWY_UNROLL(8) for (int c = 0; c < kN; ++c) {
      float dot = hn::GetLane(hn::SumOfLanes(d, hn::Add(sum[0][r][c], sum[1][r][c])));
      for (int64_t t = k; t < p.k; ++t) dot += a[r * p.a_stride + t] * B::Widen(b[c * p.b_stride + t]);
      dot *= p.alpha;
      if (p.bias != nullptr) dot += p.bias[j + c];
      if (p.accumulator != nullptr) dot += p.accumulator[(i + r) * p.accumulator_stride + j + c];
      p.y[(i + r) * p.y_stride + j + c] = dot;
    }
  }
}

// The first rows of a bring the rows of b.
template <class B, int kN>
HWY_INLINE void Column(const SkinnyProduct& p, int64_t j) {
  int64_t i = 0;
  if (p.m >= 4) {
    Tile<B, 4, kN, true>(p, 0, j);
    for (i = 4; i + 4 <= p.m; i += 4) Tile<B, 4, kN, false>(p, i, j);
  } else if (p.m >= 2) {
    Tile<B, 2, kN, true>(p, 0, j);
    i = 2;
  } else {
    Tile<B, 1, kN, true>(p, 0, j);
    return;
  }
  if (i + 2 <= p.m) {
    Tile<B, 2, kN, false>(p, i, j);
    i += 2;
  }
  if (i < p.m) Tile<B, 1, kN, false>(p, i, j);
}

template <class B>
void MultiplyRowsOf(const SkinnyProduct& p, int64_t begin, int64_t end) {
  int64_t j = begin;
  if (HWY_TARGET <= HWY_AVX3 && p.m >= 4) {  // 16 sums in registers
    for (; j + 2 <= end; j += 2) Column<B, 2>(p, j);
  }
  for (; j < end; ++j) Column<B, 1>(p, j);
}

void MultiplyRowsImpl(const SkinnyProduct& p, int64_t begin, int64_t end) {
  p.b != nullptr ? MultiplyRowsOf<Floats>(p, begin, end) : MultiplyRowsOf<Bf16s>(p, begin, end);
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(MultiplyRowsImpl);

void MultiplyRows(const SkinnyProduct& p, int64_t begin, int64_t end) {
  HWY_DYNAMIC_DISPATCH(MultiplyRowsImpl)(p, begin, end);
}

}  // namespace weft::ops
#endif
