// One row of a normalisation, forward and backward, vectorised. A row's result depends on its length and the
// instruction set only.
#pragma once
#include <cstdint>

#include "ops/common/axis.h"
#include "ops/kernel.h"

namespace weft::ops {

// x as `count` rows of n elements: all that lies from `axis` on.
struct NormalizedRows {
  int64_t n, count;
};
inline NormalizedRows NormalizedRowsOf(const Operand& x, int64_t axis) {
  const int first = ResolvedAxis(axis, x.rank());
  return {ProductOf(x.shape, first, x.rank()), ProductOf(x.shape, 0, first)};
}

// y = x r scale with r = 1 / sqrt(mean(x^2) + epsilon), which is returned. y may be x.
float RmsRow(const float* x, const float* scale, float epsilon, int64_t n, float* y);
// With g = dy scale:  dx = r (g - x r^2 mean(g x)) + accumulator,  dscale += dy x r. The accumulator may be
// null; dx may be dy, x or the accumulator.
void RmsGradRow(const float* x, const float* scale, const float* dy, float r, const float* accumulator,
                int64_t n, float* dx, float* dscale);

struct RowStatistics {
  float mean, inv_std_dev;
};
// y = (x - mean) r scale + bias with r = 1 / sqrt(mean((x - mean)^2) + epsilon); bias may be null. y may be
// x.
RowStatistics LayerRow(const float* x, const float* scale, const float* bias, float epsilon, int64_t n,
                       float* y);
// With z = (x - mean) r and g = dy scale:  dx = r (g - mean(g) - z mean(g z)),  dscale += dy z,  dbias += dy.
// dx may be dy or x.
void LayerGradRow(const float* x, const float* scale, const float* dy, RowStatistics statistics, int64_t n,
                  float* dx, float* dscale, float* dbias);

}  // namespace weft::ops
