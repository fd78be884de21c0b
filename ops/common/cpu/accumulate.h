// sum[i] += x[i] for i < n, vectorised.
#pragma once
#include <cstdint>

namespace weft::ops {

void Accumulate(const float* x, int64_t n, float* sum);
void Accumulate(const double* x, int64_t n, double* sum);

}  // namespace weft::ops
