#include "ops/common/cpu/rows.h"

#include <cmath>
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

Extent ExtentImpl(const float* x, int64_t n) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto max = hn::Set(d, -std::numeric_limits<float>::infinity());
  auto unordered = hn::Ne(hn::Zero(d), hn::Zero(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto v = hn::LoadU(d, x + i);
    max = hn::Max(max, v);
    unordered = hn::Or(unordered, hn::Ne(v, v));
  }
  Extent e{hn::GetLane(hn::MaxOfLanes(d, max)), !hn::AllFalse(d, unordered)};
  for (; i < n; ++i) {
    e.has_nan |= std::isnan(x[i]);
    e.max = std::max(e.max, x[i]);
  }
  return e;
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

// Four sums, so that additions do not wait for each other.
double SumOfSquaresImpl(const float* x, int64_t n) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> d32;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  auto s0 = hn::Zero(d), s1 = hn::Zero(d), s2 = hn::Zero(d), s3 = hn::Zero(d);
  int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    const auto x0 = hn::PromoteTo(d, hn::LoadU(d32, x + i));
    const auto x1 = hn::PromoteTo(d, hn::LoadU(d32, x + i + lanes));
    const auto x2 = hn::PromoteTo(d, hn::LoadU(d32, x + i + 2 * lanes));
    const auto x3 = hn::PromoteTo(d, hn::LoadU(d32, x + i + 3 * lanes));
    s0 = hn::MulAdd(x0, x0, s0);
    s1 = hn::MulAdd(x1, x1, s1);
    s2 = hn::MulAdd(x2, x2, s2);
    s3 = hn::MulAdd(x3, x3, s3);
  }
  double sum = hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3))));
  for (; i < n; ++i) sum += static_cast<double>(x[i]) * x[i];
  return sum;
}

// The rest one by one: rows are often short here.
void AccumulateImpl(const float* x, int64_t n, float* sum) {
  const D d;
  const int64_t lanes = row_loops::Lanes();
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes)
    hn::StoreU(hn::Add(hn::LoadU(d, sum + i), hn::LoadU(d, x + i)), d, sum + i);
  for (; i < n; ++i) sum[i] += x[i];
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
HWY_EXPORT(ExtentImpl);
HWY_EXPORT(SumOfSquaresImpl);
HWY_EXPORT(AccumulateImpl);

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
Extent FindMax(const float* x, int64_t n) { return HWY_DYNAMIC_DISPATCH(ExtentImpl)(x, n); }
double SumOfSquares(const float* x, int64_t n) { return HWY_DYNAMIC_DISPATCH(SumOfSquaresImpl)(x, n); }
void Accumulate(const float* x, int64_t n, float* sum) { HWY_DYNAMIC_DISPATCH(AccumulateImpl)(x, n, sum); }
void Accumulate(const double* x, int64_t n, double* sum) {
  for (int64_t i = 0; i < n; ++i) sum[i] += x[i];
}

}  // namespace weft::ops
#endif
