#include "ops/common/cpu/rows.h"

#include <limits>

#include "ops/common/cpu/highway_targets.h"

// foreach_target.h comes first: what follows is compiled once for each instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/rows.cc"
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

float MaxImpl(const float* x, int64_t n) {
  const D d;
  const int64_t lanes = row_loops::Lanes();
  const V lowest = hn::Set(d, -std::numeric_limits<float>::infinity());
  V m0 = lowest, m1 = lowest;
  int64_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    m0 = hn::Max(m0, hn::LoadU(d, x + i));
    m1 = hn::Max(m1, hn::LoadU(d, x + i + lanes));
  }
  row_loops::ForEach(
      n - i, [&](auto access, int64_t k) { m0 = hn::Max(m0, access.Or(access.Load(x, i + k), lowest)); });
  return hn::GetLane(hn::MaxOfLanes(d, hn::Max(m0, m1)));
}

float SumOfExpImpl(const float* x, float shift, int64_t n) {
  const D d;
  const V s = hn::Set(d, shift);
  return row_loops::Sum(
      n, [&](auto access, int64_t i) { return vector_math::ExpUpTo88(d, hn::Sub(access.Load(x, i), s)); });
}

float ExpRowImpl(const float* x, float shift, float factor, int64_t n, float* y) {
  const D d;
  const V s = hn::Set(d, shift), f = hn::Set(d, factor);
  return row_loops::Sum(n, [&](auto access, int64_t i) {
    const V e = vector_math::ExpUpTo88(d, hn::Sub(access.Load(x, i), s));
    access.Store(hn::Mul(f, e), y, i);
    return e;
  });
}

void ScaleByImpl(float* x, float factor, int64_t n) {
  const V f = hn::Set(D(), factor);
  row_loops::ForEach(n, [&](auto access, int64_t i) { access.Store(hn::Mul(access.Load(x, i), f), x, i); });
}

void SubtractImpl(const float* x, float shift, int64_t n, float* y) {
  const V s = hn::Set(D(), shift);
  row_loops::ForEach(n, [&](auto access, int64_t i) { access.Store(hn::Sub(access.Load(x, i), s), y, i); });
}

float DotImpl(const float* a, const float* b, int64_t n) {
  return row_loops::Sum(
      n, [&](auto access, int64_t i) { return hn::Mul(access.Load(a, i), access.Load(b, i)); });
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(MaxImpl);
HWY_EXPORT(SumOfExpImpl);
HWY_EXPORT(ExpRowImpl);
HWY_EXPORT(ScaleByImpl);
HWY_EXPORT(SubtractImpl);
HWY_EXPORT(DotImpl);

float MaxOf(const float* x, int64_t n) { return HWY_DYNAMIC_DISPATCH(MaxImpl)(x, n); }
float SumOfExp(const float* x, float shift, int64_t n) {
  return HWY_DYNAMIC_DISPATCH(SumOfExpImpl)(x, shift, n);
}
float ExpRow(const float* x, float shift, float factor, int64_t n, float* y) {
  return HWY_DYNAMIC_DISPATCH(ExpRowImpl)(x, shift, factor, n, y);
}
void ScaleBy(float* x, float factor, int64_t n) { HWY_DYNAMIC_DISPATCH(ScaleByImpl)(x, factor, n); }
void Subtract(const float* x, float shift, int64_t n, float* y) {
  HWY_DYNAMIC_DISPATCH(SubtractImpl)(x, shift, n, y);
}
float Dot(const float* a, const float* b, int64_t n) { return HWY_DYNAMIC_DISPATCH(DotImpl)(a, b, n); }

}  // namespace weft::ops
#endif
