#include <algorithm>
#include <limits>

#include "ops/common/cpu/highway_targets.h"
#include "ops/sample/cpu_fast.h"

// foreach_target.h comes first: what follows is compiled once for each instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/sample/cpu_simd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace weft::ops::sample::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;

// Arguments are <= 0; what would be subnormal is 0.
template <class V>
HWY_INLINE V Weight(V z, V max, V inverse_temperature) {
  const D d;
  const V y = hn::Mul(hn::Sub(z, max), inverse_temperature);
  const V least = hn::Set(d, -87.0f);
  return hn::IfThenElseZero(hn::Ge(y, least), hn::Exp(d, hn::Max(y, least)));
}

// Blocks are summed in f32, blocks together in f64.
double Exps(const float* z, int64_t n, float max, float inverse_temperature, float* w) {
  constexpr int64_t kBlock = 1024;
  const D d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto vmax = hn::Set(d, max), scale = hn::Set(d, inverse_temperature);
  double total = 0;
  HWY_ALIGN float tail[hn::MaxLanes(d)];
  for (int64_t begin = 0; begin < n; begin += kBlock) {
    const int64_t end = std::min(begin + kBlock, n);
    auto sum = hn::Zero(d);
    int64_t i = begin;
    for (; i + lanes <= end; i += lanes) {
      const auto e = Weight(hn::LoadU(d, z + i), vmax, scale);
      sum = hn::Add(sum, e);
      if (w != nullptr) hn::StoreU(e, d, w + i);
    }
    if (i < end) {
      std::fill(tail, tail + lanes, -std::numeric_limits<float>::infinity());
      std::copy(z + i, z + end, tail);
      const auto e = Weight(hn::Load(d, tail), vmax, scale);
      sum = hn::Add(sum, e);
      hn::Store(e, d, tail);
      if (w != nullptr) std::copy(tail, tail + (end - i), w + i);
    }
    total += hn::GetLane(hn::SumOfLanes(d, sum));
  }
  return total;
}

}  // namespace weft::ops::sample::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops::sample {

HWY_EXPORT(Exps);

double Exponentials(const float* z, int64_t n, float max, float inverse_temperature, float* w) {
  return HWY_DYNAMIC_DISPATCH(Exps)(z, n, max, inverse_temperature, w);
}

}  // namespace weft::ops::sample
#endif
