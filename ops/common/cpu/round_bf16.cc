#include "ops/common/cpu/round_bf16.h"

#include "base/float_convert.h"
#include "ops/common/cpu/highway_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/round_bf16.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

void RoundImpl(const float* x, int64_t n, float* y) {
  const hn::ScalableTag<float> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto v = hn::LoadU(d, x + i);
    const auto bits = hn::BitCast(du, v);
    const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(du, 1));
    const auto rounded = hn::Add(hn::Add(bits, hn::Set(du, 0x7fff)), odd);
    const auto quiet = hn::Or(bits, hn::Set(du, 0x400000));
    const auto codes = hn::IfThenElse(hn::RebindMask(du, hn::IsNaN(v)), quiet, rounded);
    hn::StoreU(hn::BitCast(d, hn::And(codes, hn::Set(du, 0xffff0000U))), d, y + i);
  }
  for (; i < n; ++i) y[i] = Bf16ToFloat(FloatToBf16(x[i]));
}

}  // namespace
}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(RoundImpl);

void RoundToBf16(const float* x, int64_t n, float* y) { HWY_DYNAMIC_DISPATCH(RoundImpl)(x, n, y); }

}  // namespace weft::ops
#endif
