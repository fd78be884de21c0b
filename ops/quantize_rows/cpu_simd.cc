#include "ops/quantize_rows/cpu_simd.h"

#include <algorithm>

#include "ops/common/cpu/highway_targets.h"

// foreach_target.h comes first: what follows is compiled once for each instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/quantize_rows/cpu_simd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace weft::ops::quantize_rows::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<double, kPartial>;
using F = hn::Rebind<float, D>;
using I = hn::Rebind<int32_t, D>;
using V = hn::Vec<D>;

HWY_INLINE V Codes(V x, const Rounding& to) {
  const D d;
  const V magic = hn::Set(d, 6755399441055744.0);  // as in cpu.cc
  const V cut = hn::Min(hn::Max(hn::Div(x, hn::Set(d, to.scale)), hn::Set(d, to.low)), hn::Set(d, to.high));
  return hn::Sub(hn::Add(cut, magic), magic);
}

// Adds the squares of 8 elements.
HWY_INLINE void AddSquares(const float* x, const Rounding& to, double* sums) {
  const D d;
  for (int64_t i = 0; i < kPartial; i += static_cast<int64_t>(hn::Lanes(d))) {
    const V v = hn::PromoteTo(d, hn::LoadU(F(), x + i));
    const V rest = hn::Sub(v, hn::Mul(Codes(v, to), hn::Set(d, to.scale)));
    hn::StoreU(hn::Add(hn::LoadU(d, sums + i), hn::Mul(rest, rest)), d, sums + i);
  }
}

double SquaredErrorImpl(const float* x, int64_t n, const Rounding& to) {
  double sums[kPartial] = {};
  int64_t i = 0;
  for (; i + kPartial <= n; i += kPartial) AddSquares(x + i, to, sums);
  if (i < n) {
    float rest[kPartial] = {};
    std::copy_n(x + i, n - i, rest);
    AddSquares(rest, to, sums);
  }
  double sum = 0;
  for (const double s : sums) sum += s;
  return sum;
}

HWY_INLINE void StoreCodes(const float* x, const Rounding& to, int32_t* q) {
  const D d;
  for (int64_t i = 0; i < kPartial; i += static_cast<int64_t>(hn::Lanes(d)))
    hn::StoreU(hn::DemoteTo(I(), Codes(hn::PromoteTo(d, hn::LoadU(F(), x + i)), to)), I(), q + i);
}

void RoundToCodesImpl(const float* x, int64_t n, const Rounding& to, int32_t* q) {
  int64_t i = 0;
  for (; i + kPartial <= n; i += kPartial) StoreCodes(x + i, to, q + i);
  if (i == n) return;
  float rest[kPartial] = {};
  int32_t codes[kPartial];
  std::copy_n(x + i, n - i, rest);
  StoreCodes(rest, to, codes);
  std::copy_n(codes, n - i, q + i);
}

}  // namespace weft::ops::quantize_rows::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops::quantize_rows {

HWY_EXPORT(SquaredErrorImpl);
HWY_EXPORT(RoundToCodesImpl);

double SquaredError(const float* x, int64_t n, const Rounding& to) {
  return HWY_DYNAMIC_DISPATCH(SquaredErrorImpl)(x, n, to);
}
void RoundToCodes(const float* x, int64_t n, const Rounding& to, int32_t* q) {
  HWY_DYNAMIC_DISPATCH(RoundToCodesImpl)(x, n, to, q);
}

}  // namespace weft::ops::quantize_rows
#endif
