#include "ops/common/cpu/highway_targets.h"
#include "ops/sgd/cpu_update.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/sgd/cpu_simd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weft::ops::sgd::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using Vec = hn::Vec<D>;

HWY_INLINE void UpdateVector(const Coefficients<float>& c, const Arrays<float>& a, int64_t i) {
  const D d;
  const Vec momentum = hn::Set(d, c.momentum);
  const Vec param = hn::LoadU(d, a.param + i);
  const Vec g =
      hn::MulAdd(param, hn::Set(d, c.weight_decay), hn::Mul(hn::LoadU(d, a.grad + i), hn::Set(d, c.scale)));
  Vec change = g;
  if (a.buffer != nullptr) {
    const Vec buffer = hn::MulAdd(momentum, hn::LoadU(d, a.buffer + i), g);
    change = c.nesterov ? hn::MulAdd(momentum, buffer, g) : buffer;
    if (a.new_buffer != nullptr) hn::StoreU(buffer, d, a.new_buffer + i);
  }
  hn::StoreU(hn::NegMulAdd(hn::Set(d, c.lr), change, param), d, a.new_param + i);
}

// The last elements go through a vector too: the same operations as all others.
void UpdateTail(const Coefficients<float>& c, const Arrays<float>& a, int64_t begin, int64_t end) {
  HWY_ALIGN float param[hn::MaxLanes(D())] = {}, grad[hn::MaxLanes(D())] = {}, buffer[hn::MaxLanes(D())] = {};
  const int64_t n = end - begin;
  const bool has_buffer = a.buffer != nullptr;
  for (int64_t i = 0; i < n; ++i) {
    param[i] = a.param[begin + i];
    grad[i] = a.grad[begin + i];
    if (has_buffer) buffer[i] = a.buffer[begin + i];
  }
  UpdateVector(c, {param, grad, has_buffer ? buffer : nullptr, param, buffer}, 0);
  for (int64_t i = 0; i < n; ++i) {
    a.new_param[begin + i] = param[i];
    if (a.new_buffer != nullptr) a.new_buffer[begin + i] = buffer[i];
  }
}

void Update(const Coefficients<float>& c, const Arrays<float>& a, int64_t begin, int64_t end) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  int64_t i = begin;
  for (; i + lanes <= end; i += lanes) UpdateVector(c, a, i);
  if (i < end) UpdateTail(c, a, i, end);
}

}  // namespace weft::ops::sgd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops::sgd {

HWY_EXPORT(Update);

void UpdateSimd(const Coefficients<float>& c, const Arrays<float>& a, int64_t begin, int64_t end) {
  HWY_DYNAMIC_DISPATCH(Update)(c, a, begin, end);
}

}  // namespace weft::ops::sgd
#endif
