// Sum of x[i]^2 over i < n in f64, vectorised: no square overflows or vanishes.
#pragma once
#include <cstdint>

namespace weft::ops {

double SumOfSquares(const float* x, int64_t n);

}  // namespace weft::ops
