#include "ops/common/cpu/adam_w.h"
#include "ops/common/cpu/highway_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/adam_w_simd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weft::ops::adam_w::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using Vec = hn::Vec<D>;

struct Constants {
  Vec beta1, one_minus_beta1, beta2, one_minus_beta2, epsilon, scale, decay, step_size, inverse_correction,
      least;

  explicit Constants(const Coefficients<float>& c)
      : beta1(hn::Set(D(), c.beta1)),
        one_minus_beta1(hn::Set(D(), c.one_minus_beta1)),
        beta2(hn::Set(D(), c.beta2)),
        one_minus_beta2(hn::Set(D(), c.one_minus_beta2)),
        epsilon(hn::Set(D(), c.epsilon)),
        scale(hn::Set(D(), c.scale)),
        decay(hn::Set(D(), c.decay)),
        step_size(hn::Set(D(), c.step_size)),
        inverse_correction(hn::Set(D(), c.inverse_correction)),
        least(hn::Set(D(), 1.17549435e-38f)) {}
};

HWY_INLINE Vec FlushSubnormal(const Constants& k, Vec x) {
  return hn::IfThenZeroElse(hn::Lt(hn::Abs(x), k.least), x);
}

HWY_INLINE void UpdateVector(const Constants& k, const Arrays<float>& a, int64_t i) {
  const D d;
  const Vec g = hn::Mul(hn::LoadU(d, a.grad + i), k.scale);
  const Vec m = FlushSubnormal(k, hn::MulAdd(hn::LoadU(d, a.m + i), k.beta1, hn::Mul(g, k.one_minus_beta1)));
  const Vec v = FlushSubnormal(
      k, hn::MulAdd(hn::LoadU(d, a.v + i), k.beta2, hn::Mul(hn::Mul(g, g), k.one_minus_beta2)));
  const Vec denominator = hn::MulAdd(hn::Sqrt(v), k.inverse_correction, k.epsilon);
  const Vec change = hn::Div(hn::Mul(m, k.step_size), denominator);
  const Vec param = hn::Sub(hn::Mul(hn::LoadU(d, a.param + i), k.decay), change);
  hn::StoreU(param, d, a.new_param + i);
  hn::StoreU(m, d, a.new_m + i);
  hn::StoreU(v, d, a.new_v + i);
}

// The last elements go through a vector too: the same operations as all others.
void UpdateTail(const Constants& k, const Arrays<float>& a, int64_t begin, int64_t end) {
  HWY_ALIGN float param[hn::MaxLanes(D())] = {}, grad[hn::MaxLanes(D())] = {};
  HWY_ALIGN float m[hn::MaxLanes(D())] = {}, v[hn::MaxLanes(D())] = {};
  const int64_t n = end - begin;
  for (int64_t i = 0; i < n; ++i) {
    param[i] = a.param[begin + i];
    grad[i] = a.grad[begin + i];
    m[i] = a.m[begin + i];
    v[i] = a.v[begin + i];
  }
  UpdateVector(k, {param, grad, m, v, param, m, v}, 0);
  for (int64_t i = 0; i < n; ++i) {
    a.new_param[begin + i] = param[i];
    a.new_m[begin + i] = m[i];
    a.new_v[begin + i] = v[i];
  }
}

void Update(const Coefficients<float>& c, const Arrays<float>& a, int64_t begin, int64_t end) {
  const Constants k(c);
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  int64_t i = begin;
  for (; i + lanes <= end; i += lanes) UpdateVector(k, a, i);
  if (i < end) UpdateTail(k, a, i, end);
}

}  // namespace weft::ops::adam_w::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops::adam_w {

HWY_EXPORT(Update);

void UpdateSimd(const Coefficients<float>& c, const Arrays<float>& a, int64_t begin, int64_t end) {
  HWY_DYNAMIC_DISPATCH(Update)(c, a, begin, end);
}

}  // namespace weft::ops::adam_w
#endif
