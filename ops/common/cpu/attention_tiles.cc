#include "ops/common/cpu/attention_tiles.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/common/cpu/highway_targets.h"

// foreach_target.h comes first: what follows is compiled once for each instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/attention_tiles.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "ops/common/cpu/rows-inl.h"
#include "ops/common/cpu/vector_math-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using row_loops::D;
using row_loops::V;
using vector_math::ExpUpTo88;

constexpr float kClosed = -std::numeric_limits<float>::infinity();

// The first `open` of the vector's lanes from column j on take `then`, the others `otherwise`.
HWY_INLINE V Opened(int64_t j, int64_t open, V then, V otherwise) {
  if (j + row_loops::Lanes() <= open) return then;
  return hn::IfThenElse(hn::FirstN(D(), static_cast<size_t>(open - j)), then, otherwise);
}

void CapAndMaskImpl(const ScoreTile& t, float scale, float* tanh) {
  const D d;
  const V vs = hn::Set(d, scale);
  const V cap = hn::Set(d, t.softcap), inverse_cap = hn::Set(d, t.softcap > 0 ? 1 / t.softcap : 0);
  for (int64_t i = 0; i < t.rows; ++i) {
    float* s = t.scores + i * kKeyTile;
    const auto* added = t.boolean_mask ? nullptr : static_cast<const float*>(t.mask);
    const auto* kept = t.boolean_mask ? static_cast<const bool*>(t.mask) + i * t.mask_row : nullptr;
    row_loops::ForEach(t.Open(i), [&](auto access, int64_t j) {
      V x = hn::Mul(access.Load(s, j), vs);
      if (t.softcap > 0) {
        const V bent = vector_math::Tanh(d, hn::Mul(x, inverse_cap));
        if (tanh != nullptr) access.Store(bent, tanh + i * kKeyTile, j);
        x = hn::Mul(bent, cap);
      }
      if (added != nullptr) x = hn::Add(x, access.Load(added + i * t.mask_row, j));
      access.Store(x, s, j);
    });
    for (int64_t j = 0; kept != nullptr && j < t.Open(i); ++j) {
      if (!kept[j]) s[j] = kClosed;
    }
  }
}

// exp(scale * s - shift) of the first `open` columns, 0 in the others; returns their sum.
HWY_INLINE float ExpRowOf(float* s, int64_t open, V scale, V shift) {
  const D d;
  const int64_t lanes = row_loops::Lanes();
  V sum = hn::Zero(d);
  int64_t j = 0;
  for (; j < open; j += lanes) {
    const V e = ExpUpTo88(d, hn::MulSub(hn::LoadU(d, s + j), scale, shift));
    const V p = Opened(j, open, e, hn::Zero(d));
    hn::StoreU(p, d, s + j);
    sum = hn::Add(sum, p);
  }
  for (; j < kKeyTile; j += lanes) hn::StoreU(hn::Zero(d), d, s + j);
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

HWY_INLINE float TopOf(const float* s, int64_t open) {
  const D d;
  const V lowest = hn::Set(d, kClosed);
  V top = lowest;
  for (int64_t j = 0; j < open; j += row_loops::Lanes()) {
    top = hn::Max(top, Opened(j, open, hn::LoadU(d, s + j), lowest));
  }
  return hn::GetLane(hn::MaxOfLanes(d, top));
}

HWY_INLINE void ScaleWhole(float* x, float factor, int64_t n) {
  const V f = hn::Set(D(), factor);
  for (int64_t i = 0; i < n; i += row_loops::Lanes())
    hn::StoreU(hn::Mul(hn::LoadU(D(), x + i), f), D(), x + i);
}

bool HasNaN(const float* s, int64_t n) {
  return std::any_of(s, s + n, [](float x) { return x != x; });
}

// Three passes over the rows, so that nothing but vector arithmetic stands between them: the new maxima, what
// the old ones shrink to, the exponentials.
void OnlineSoftmaxImpl(const ScoreTile& t, float* top, float* sum, float* y, int64_t y_row, int64_t dim) {
  const D d;
  const V one = hn::Set(d, 1.0f);
  HWY_ALIGN float best[kQueryTile], keep[kQueryTile];
  for (int64_t i = 0; i < t.rows; ++i) {
    const int64_t open = t.Open(i);
    const float* s = t.scores + i * kKeyTile;
    best[i] = std::max(top[i], TopOf(s, open));
    if (best[i] == kClosed && HasNaN(s, open)) best[i] = 0;  // to be seen, not taken for closed keys
  }
  row_loops::ForEach(t.rows, [&](auto access, int64_t i) {  // 0 where top is -infinity
    access.Store(ExpUpTo88(d, hn::Sub(access.Load(top, i), access.Load(best, i))), keep, i);
  });
  for (int64_t i = 0; i < t.rows; ++i) {
    float* s = t.scores + i * kKeyTile;
    if (best[i] == kClosed) {
      ExpRowOf(s, 0, one, one);
      continue;
    }
    sum[i] = sum[i] * keep[i] + ExpRowOf(s, t.Open(i), one, hn::Set(d, best[i]));
    if (best[i] != top[i] && top[i] != kClosed) ScaleWhole(y + i * y_row, keep[i], dim);
    top[i] = best[i];
  }
}

void SoftmaxFromLseImpl(const ScoreTile& t, float scale, const float* lse) {
  const D d;
  const V vs = hn::Set(d, scale);
  for (int64_t i = 0; i < t.rows; ++i) {
    const int64_t open = lse[i] == kClosed ? 0 : t.Open(i);
    ExpRowOf(t.scores + i * kKeyTile, open, vs, hn::Set(d, lse[i]));
  }
}

void ScoreGradientImpl(const ScoreTile& p, float* dp, const float* delta, float scale, const float* tanh) {
  const D d;
  const V vs = hn::Set(d, scale), zero = hn::Zero(d), one = hn::Set(d, 1.0f);
  for (int64_t i = 0; i < p.rows; ++i) {
    const V vd = hn::Set(d, delta[i]);
    const int64_t open = p.Open(i), row = i * kKeyTile;
    int64_t j = 0;
    for (; j < open; j += row_loops::Lanes()) {  // what lies beyond was never computed
      const V difference = hn::Sub(hn::LoadU(d, dp + row + j), vd);
      V ds = hn::Mul(hn::Mul(hn::LoadU(d, p.scores + row + j), difference), vs);
      if (tanh != nullptr) {
        const V bent = hn::LoadU(d, tanh + row + j);
        ds = hn::Mul(ds, hn::NegMulAdd(bent, bent, one));
      }
      hn::StoreU(Opened(j, open, ds, zero), d, dp + row + j);
    }
    for (; j < kKeyTile; j += row_loops::Lanes()) hn::StoreU(zero, d, dp + row + j);
  }
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(CapAndMaskImpl);
HWY_EXPORT(OnlineSoftmaxImpl);
HWY_EXPORT(SoftmaxFromLseImpl);
HWY_EXPORT(ScoreGradientImpl);

void CapAndMask(const ScoreTile& tile, float scale, float* tanh) {
  HWY_DYNAMIC_DISPATCH(CapAndMaskImpl)(tile, scale, tanh);
}
void OnlineSoftmax(const ScoreTile& tile, float* top, float* sum, float* y, int64_t y_row, int64_t dim) {
  HWY_DYNAMIC_DISPATCH(OnlineSoftmaxImpl)(tile, top, sum, y, y_row, dim);
}
void SoftmaxFromLse(const ScoreTile& tile, float scale, const float* lse) {
  HWY_DYNAMIC_DISPATCH(SoftmaxFromLseImpl)(tile, scale, lse);
}
void ScoreGradient(const ScoreTile& p, float* dp, const float* delta, float scale, const float* tanh) {
  HWY_DYNAMIC_DISPATCH(ScoreGradientImpl)(p, dp, delta, scale, tanh);
}

}  // namespace weft::ops
#endif
