#include "ops/common/cpu/find_max.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/common/cpu/highway_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/find_max.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

Extent MaxOf(const float* x, int64_t n) {
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

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(MaxOf);

Extent FindMax(const float* x, int64_t n) { return HWY_DYNAMIC_DISPATCH(MaxOf)(x, n); }

}  // namespace weft::ops
#endif
