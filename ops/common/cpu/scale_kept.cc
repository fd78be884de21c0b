#include "ops/common/cpu/scale_kept.h"

#include "ops/common/cpu/highway_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/scale_kept.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

void ScaleLoop(const uint32_t* words, uint32_t threshold, float scale, const float* x, int64_t n, float* y) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  const hn::RebindToUnsigned<decltype(d)> du;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto limit = hn::Set(di, static_cast<int32_t>(threshold));
  const auto factor = hn::Set(d, scale);
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto draw = hn::BitCast(di, hn::ShiftRight<8>(hn::LoadU(du, words + i)));
    const auto kept = hn::RebindMask(d, hn::Lt(draw, limit));
    hn::StoreU(hn::Mul(hn::LoadU(d, x + i), hn::IfThenElseZero(kept, factor)), d, y + i);
  }
  for (; i < n; ++i) y[i] = x[i] * (words[i] >> 8 < threshold ? scale : 0.0f);
}

}  // namespace
}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(ScaleLoop);

void ScaleKept(const uint32_t* words, uint32_t threshold, float scale, const float* x, int64_t n, float* y,
               bool* mask) {
  HWY_DYNAMIC_DISPATCH(ScaleLoop)(words, threshold, scale, x, n, y);
  if (mask == nullptr) return;
  for (int64_t i = 0; i < n; ++i) mask[i] = words[i] >> 8 < threshold;
}

}  // namespace weft::ops
#endif
