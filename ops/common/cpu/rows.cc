#include "ops/common/cpu/rows.h"

#include <limits>

#include "ops/common/cpu/highway_targets.h"

// clang-format off: foreach_target.h comes first
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/rows.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// Calls body(vector index i, mask of valid lanes m) over n elements; the last one may be partial.
template <class Full, class Part>
HWY_INLINE void Lanewise(int64_t n, Full full, Part part) {
  const D d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) full(i);
  if (i < n) part(i, static_cast<size_t>(n - i));
}

// Loads `count` lanes, the rest 0.
HWY_INLINE V LoadPart(const float* p, size_t count) {
  const D d;
  HWY_ALIGN float lanes[HWY_MAX_BYTES / sizeof(float)] = {};
  for (size_t i = 0; i < count; ++i) lanes[i] = p[i];
  return hn::Load(d, lanes);
}
HWY_INLINE void StorePart(V v, float* p, size_t count) {
  const D d;
  HWY_ALIGN float lanes[HWY_MAX_BYTES / sizeof(float)];
  hn::Store(v, d, lanes);
  for (size_t i = 0; i < count; ++i) p[i] = lanes[i];
}

float SumOfSquaresImpl(const float* x, int64_t n) {
  const D d;
  V sum = hn::Zero(d);
  Lanewise(
      n,
      [&](int64_t i) {
        const V v = hn::LoadU(d, x + i);
        sum = hn::MulAdd(v, v, sum);
      },
      [&](int64_t i, size_t c) {
        const V v = LoadPart(x + i, c);
        sum = hn::MulAdd(v, v, sum);
      });
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

void ScaleRowImpl(const float* x, const float* scale, float factor, int64_t n, float* y) {
  const D d;
  const V f = hn::Set(d, factor);
  Lanewise(
      n,
      [&](int64_t i) {
        hn::StoreU(hn::Mul(hn::Mul(hn::LoadU(d, x + i), f), hn::LoadU(d, scale + i)), d, y + i);
      },
      [&](int64_t i, size_t c) {
        StorePart(hn::Mul(hn::Mul(LoadPart(x + i, c), f), LoadPart(scale + i, c)), y + i, c);
      });
}

float SumOfProductsImpl(const float* dy, const float* scale, const float* x, int64_t n) {
  const D d;
  V sum = hn::Zero(d);
  Lanewise(
      n,
      [&](int64_t i) {
        sum = hn::MulAdd(hn::Mul(hn::LoadU(d, dy + i), hn::LoadU(d, scale + i)), hn::LoadU(d, x + i), sum);
      },
      [&](int64_t i, size_t c) {
        sum = hn::MulAdd(hn::Mul(LoadPart(dy + i, c), LoadPart(scale + i, c)), LoadPart(x + i, c), sum);
      });
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

void RmsGradRowImpl(const float* x, const float* scale, const float* dy, float r, float c, int64_t n,
                    float* dx, float* dscale) {
  const D d;
  const V vr = hn::Set(d, r), vc = hn::Set(d, c);
  auto step = [&](V vx, V vs, V vdy, V vds, V* gain) {
    *gain = hn::MulAdd(hn::Mul(vdy, vx), vr, vds);
    return hn::Mul(vr, hn::NegMulAdd(vx, vc, hn::Mul(vdy, vs)));
  };
  V gain;
  Lanewise(
      n,
      [&](int64_t i) {
        const V out = step(hn::LoadU(d, x + i), hn::LoadU(d, scale + i), hn::LoadU(d, dy + i),
                           hn::LoadU(d, dscale + i), &gain);
        hn::StoreU(gain, d, dscale + i);
        hn::StoreU(out, d, dx + i);
      },
      [&](int64_t i, size_t k) {
        const V out = step(LoadPart(x + i, k), LoadPart(scale + i, k), LoadPart(dy + i, k),
                           LoadPart(dscale + i, k), &gain);
        StorePart(gain, dscale + i, k);
        StorePart(out, dx + i, k);
      });
}

float MaxOfImpl(const float* x, int64_t n) {
  const D d;
  const float lowest = -std::numeric_limits<float>::infinity();
  V top = hn::Set(d, lowest), check = hn::Zero(d);
  int64_t i = 0;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  for (; i + lanes <= n; i += lanes) {
    const V v = hn::LoadU(d, x + i);
    top = hn::Max(top, v);
    check = hn::Add(check, hn::Sub(v, v));  // NaN once a NaN or an infinity was there
  }
  float best = hn::GetLane(hn::MaxOfLanes(d, top));
  float doubt = hn::GetLane(hn::SumOfLanes(d, check));
  for (; i < n; ++i) {
    best = std::max(best, x[i]);
    doubt += x[i] - x[i];
  }
  if (doubt == 0) return best;
  best = lowest;
  for (int64_t k = 0; k < n; ++k) {
    if (x[k] != x[k]) return x[k];
    best = std::max(best, x[k]);
  }
  return best;
}

float SumOfExpImpl(const float* x, float shift, int64_t n) {
  const D d;
  const V s = hn::Set(d, shift);
  V sum = hn::Zero(d);
  Lanewise(
      n, [&](int64_t i) { sum = hn::Add(sum, hn::Exp(d, hn::Sub(hn::LoadU(d, x + i), s))); },
      [&](int64_t i, size_t c) {
        const V e = hn::Exp(d, hn::Sub(LoadPart(x + i, c), s));
        sum = hn::Add(sum, hn::IfThenElseZero(hn::FirstN(d, c), e));
      });
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

void ExpRowImpl(const float* x, float shift, float factor, int64_t n, float* y) {
  const D d;
  const V s = hn::Set(d, shift), f = hn::Set(d, factor);
  Lanewise(
      n, [&](int64_t i) { hn::StoreU(hn::Mul(f, hn::Exp(d, hn::Sub(hn::LoadU(d, x + i), s))), d, y + i); },
      [&](int64_t i, size_t c) {
        StorePart(hn::Mul(f, hn::Exp(d, hn::Sub(LoadPart(x + i, c), s))), y + i, c);
      });
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(SumOfSquaresImpl);
HWY_EXPORT(ScaleRowImpl);
HWY_EXPORT(SumOfProductsImpl);
HWY_EXPORT(RmsGradRowImpl);
HWY_EXPORT(MaxOfImpl);
HWY_EXPORT(SumOfExpImpl);
HWY_EXPORT(ExpRowImpl);

float SumOfSquares(const float* x, int64_t n) { return HWY_DYNAMIC_DISPATCH(SumOfSquaresImpl)(x, n); }
void ScaleRow(const float* x, const float* scale, float factor, int64_t n, float* y) {
  HWY_DYNAMIC_DISPATCH(ScaleRowImpl)(x, scale, factor, n, y);
}
float SumOfProducts(const float* dy, const float* scale, const float* x, int64_t n) {
  return HWY_DYNAMIC_DISPATCH(SumOfProductsImpl)(dy, scale, x, n);
}
void RmsGradRow(const float* x, const float* scale, const float* dy, float r, float c, int64_t n, float* dx,
                float* dscale) {
  HWY_DYNAMIC_DISPATCH(RmsGradRowImpl)(x, scale, dy, r, c, n, dx, dscale);
}
float MaxOf(const float* x, int64_t n) { return HWY_DYNAMIC_DISPATCH(MaxOfImpl)(x, n); }
float SumOfExp(const float* x, float shift, int64_t n) {
  return HWY_DYNAMIC_DISPATCH(SumOfExpImpl)(x, shift, n);
}
void ExpRow(const float* x, float shift, float factor, int64_t n, float* y) {
  HWY_DYNAMIC_DISPATCH(ExpRowImpl)(x, shift, factor, n, y);
}

}  // namespace weft::ops
#endif
