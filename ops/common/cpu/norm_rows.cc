#include "ops/common/cpu/norm_rows.h"

#include <cmath>

#include "ops/common/cpu/highway_targets.h"

// foreach_target.h comes first: what follows is compiled once for each instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/norm_rows.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "ops/common/cpu/rows-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using row_loops::D;
using row_loops::ForEach;
using row_loops::Sum;
using row_loops::V;

float RmsImpl(const float* x, const float* scale, float epsilon, int64_t n, float* y) {
  const float squares = Sum(n, [&](auto access, int64_t i) {
    const V v = access.Load(x, i);
    return hn::Mul(v, v);
  });
  const float r = 1.0f / std::sqrt(squares / static_cast<float>(n) + epsilon);
  const V vr = hn::Set(D(), r);
  ForEach(n, [&](auto access, int64_t i) {
    access.Store(hn::Mul(hn::Mul(access.Load(x, i), vr), access.Load(scale, i)), y, i);
  });
  return r;
}

void RmsGradImpl(const float* x, const float* scale, const float* dy, float r, const float* accumulator,
                 int64_t n, float* dx, float* dscale) {
  const D d;
  const float products = Sum(n, [&](auto access, int64_t i) {
    return hn::Mul(hn::Mul(access.Load(dy, i), access.Load(scale, i)), access.Load(x, i));
  });
  const V vr = hn::Set(d, r), c = hn::Set(d, products / static_cast<float>(n) * r * r);
  ForEach(n, [&](auto access, int64_t i) {
    const V vx = access.Load(x, i), vdy = access.Load(dy, i);
    const V gain = hn::MulAdd(vdy, hn::Mul(vx, vr), access.Load(dscale, i));
    const V g = hn::Mul(vdy, access.Load(scale, i));
    access.Store(gain, dscale, i);
    const V past = accumulator != nullptr ? access.Load(accumulator, i) : hn::Zero(d);
    access.Store(hn::MulAdd(vr, hn::NegMulAdd(vx, c, g), past), dx, i);
  });
}

RowStatistics LayerImpl(const float* x, const float* scale, const float* bias, float epsilon, int64_t n,
                        float* y) {
  const D d;
  const float mean =
      Sum(n, [&](auto access, int64_t i) { return access.Load(x, i); }) / static_cast<float>(n);
  const V vm = hn::Set(d, mean);
  const float squares = Sum(n, [&](auto access, int64_t i) {
    const V v = hn::Sub(access.Load(x, i), vm);
    return hn::Mul(v, v);
  });
  const float r = 1.0f / std::sqrt(squares / static_cast<float>(n) + epsilon);
  const V vr = hn::Set(d, r);
  const auto normalise = [&](auto access, int64_t i) { return hn::Mul(hn::Sub(access.Load(x, i), vm), vr); };
  if (bias != nullptr) {
    ForEach(n, [&](auto access, int64_t i) {
      access.Store(hn::MulAdd(normalise(access, i), access.Load(scale, i), access.Load(bias, i)), y, i);
    });
  } else {
    ForEach(n, [&](auto access, int64_t i) {
      access.Store(hn::Mul(normalise(access, i), access.Load(scale, i)), y, i);
    });
  }
  return {mean, r};
}

void LayerGradImpl(const float* x, const float* scale, const float* dy, RowStatistics statistics, int64_t n,
                   float* dx, float* dscale, float* dbias) {
  const D d;
  const V vm = hn::Set(d, statistics.mean), vr = hn::Set(d, statistics.inv_std_dev);
  const auto z = [&](auto access, int64_t i) { return hn::Mul(hn::Sub(access.Load(x, i), vm), vr); };
  const auto g = [&](auto access, int64_t i) { return hn::Mul(access.Load(dy, i), access.Load(scale, i)); };
  const float sum_g = Sum(n, g);
  const float sum_gz = Sum(n, [&](auto access, int64_t i) { return hn::Mul(g(access, i), z(access, i)); });
  const V mean_g = hn::Set(d, sum_g / static_cast<float>(n)),
          mean_gz = hn::Set(d, sum_gz / static_cast<float>(n));
  ForEach(n, [&](auto access, int64_t i) {
    const V vz = z(access, i), vdy = access.Load(dy, i), vg = g(access, i);
    access.Store(hn::MulAdd(vdy, vz, access.Load(dscale, i)), dscale, i);
    access.Store(hn::Add(vdy, access.Load(dbias, i)), dbias, i);
    access.Store(hn::Mul(vr, hn::NegMulAdd(vz, mean_gz, hn::Sub(vg, mean_g))), dx, i);
  });
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(RmsImpl);
HWY_EXPORT(RmsGradImpl);
HWY_EXPORT(LayerImpl);
HWY_EXPORT(LayerGradImpl);

float RmsRow(const float* x, const float* scale, float epsilon, int64_t n, float* y) {
  return HWY_DYNAMIC_DISPATCH(RmsImpl)(x, scale, epsilon, n, y);
}
void RmsGradRow(const float* x, const float* scale, const float* dy, float r, const float* accumulator,
                int64_t n, float* dx, float* dscale) {
  HWY_DYNAMIC_DISPATCH(RmsGradImpl)(x, scale, dy, r, accumulator, n, dx, dscale);
}
RowStatistics LayerRow(const float* x, const float* scale, const float* bias, float epsilon, int64_t n,
                       float* y) {
  return HWY_DYNAMIC_DISPATCH(LayerImpl)(x, scale, bias, epsilon, n, y);
}
void LayerGradRow(const float* x, const float* scale, const float* dy, RowStatistics statistics, int64_t n,
                  float* dx, float* dscale, float* dbias) {
  HWY_DYNAMIC_DISPATCH(LayerGradImpl)(x, scale, dy, statistics, n, dx, dscale, dbias);
}

}  // namespace weft::ops
#endif
