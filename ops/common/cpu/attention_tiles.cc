#include "ops/common/cpu/attention_tiles.h"

#include <cmath>
#include <limits>

#include "ops/common/cpu/highway_targets.h"

// foreach_target.h comes first: what follows is compiled once for each instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/attention_tiles.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;

// exp(scale * s - shift) of the first `open` columns, 0 in the others; returns their sum.
HWY_INLINE float ExpRowOf(float* s, int64_t open, float scale, float shift) {
  const D d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const V vs = hn::Set(d, scale), vt = hn::Set(d, shift);
  V sum = hn::Zero(d);
  int64_t j = 0;
  for (; j < open; j += lanes) {
    V e = hn::Exp(d, hn::MulSub(hn::LoadU(d, s + j), vs, vt));
    if (j + lanes > open) e = hn::IfThenElseZero(hn::FirstN(d, static_cast<size_t>(open - j)), e);
    hn::StoreU(e, d, s + j);
    sum = hn::Add(sum, e);
  }
  for (; j < kKeyTile; j += lanes) hn::StoreU(hn::Zero(d), d, s + j);
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

HWY_INLINE float TopOf(const float* s, int64_t open) {
  const D d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const V lowest = hn::Set(d, -std::numeric_limits<float>::infinity());
  V top = lowest;
  for (int64_t j = 0; j < open; j += lanes) {
    V v = hn::LoadU(d, s + j);
    if (j + lanes > open) v = hn::IfThenElse(hn::FirstN(d, static_cast<size_t>(open - j)), v, lowest);
    top = hn::Max(top, v);
  }
  return hn::GetLane(hn::MaxOfLanes(d, top));
}

HWY_INLINE void ScaleRowBy(float* x, float factor, int64_t n) {
  const D d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const V f = hn::Set(d, factor);
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(hn::Mul(hn::LoadU(d, x + i), f), d, x + i);
  for (; i < n; ++i) x[i] *= factor;
}

void OnlineSoftmaxImpl(const ScoreTile& t, float scale, float* top, float* sum, float* y, int64_t y_row,
                       int64_t dim) {
  for (int64_t i = 0; i < t.rows; ++i) {
    float* s = t.scores + i * kKeyTile;
    const int64_t open = t.Open(i);
    const float best = open == 0 ? top[i] : std::max(top[i], scale * TopOf(s, open));
    if (open == 0) {
      ExpRowOf(s, 0, scale, 0);
      continue;
    }
    const float keep = std::exp(top[i] - best);  // 0 the first time: top is -infinity
    sum[i] = sum[i] * keep + ExpRowOf(s, open, scale, best);
    if (keep != 1.0f) ScaleRowBy(y + i * y_row, keep, dim);
    top[i] = best;
  }
}

void SoftmaxFromLseImpl(const ScoreTile& t, float scale, const float* lse) {
  for (int64_t i = 0; i < t.rows; ++i) ExpRowOf(t.scores + i * kKeyTile, t.Open(i), scale, lse[i]);
}

void ScoreGradientImpl(const ScoreTile& p, float* dp, const float* delta, float scale) {
  const D d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const V vs = hn::Set(d, scale);
  for (int64_t i = 0; i < p.rows; ++i) {
    const V vd = hn::Set(d, delta[i]);
    for (int64_t j = i * kKeyTile; j < (i + 1) * kKeyTile; j += lanes) {
      const V ds = hn::Mul(hn::LoadU(d, p.scores + j), hn::Sub(hn::LoadU(d, dp + j), vd));
      hn::StoreU(hn::Mul(ds, vs), d, dp + j);
    }
  }
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(OnlineSoftmaxImpl);
HWY_EXPORT(SoftmaxFromLseImpl);
HWY_EXPORT(ScoreGradientImpl);

void OnlineSoftmax(const ScoreTile& tile, float scale, float* top, float* sum, float* y, int64_t y_row,
                   int64_t dim) {
  HWY_DYNAMIC_DISPATCH(OnlineSoftmaxImpl)(tile, scale, top, sum, y, y_row, dim);
}
void SoftmaxFromLse(const ScoreTile& tile, float scale, const float* lse) {
  HWY_DYNAMIC_DISPATCH(SoftmaxFromLseImpl)(tile, scale, lse);
}
void ScoreGradient(const ScoreTile& p, float* dp, const float* delta, float scale) {
  HWY_DYNAMIC_DISPATCH(ScoreGradientImpl)(p, dp, delta, scale);
}
}  // namespace weft::ops
#endif
