// Vectorised loops over one row of f32, each the same for the same length whatever else runs.
#pragma once
#include <algorithm>
#include <cstdint>

namespace weft::ops {

// Rows that are worth a thread of their own: some 16 K elements.
inline int64_t GrainOfRows(int64_t row) { return std::max<int64_t>(1, 16384 / std::max<int64_t>(row, 1)); }

float SumOfSquares(const float* x, int64_t n);
// y = x * scale * factor
void ScaleRow(const float* x, const float* scale, float factor, int64_t n, float* y);
// sum of dy * scale * x
float SumOfProducts(const float* dy, const float* scale, const float* x, int64_t n);
// dx = r * (dy * scale - x * c);  dscale += dy * x * r
void RmsGradRow(const float* x, const float* scale, const float* dy, float r, float c, int64_t n, float* dx,
                float* dscale);
float MaxOf(const float* x, int64_t n);                  // -infinity for none; a NaN wins
float SumOfExp(const float* x, float shift, int64_t n);  // of exp(x - shift)
// y = exp(x - shift) * factor
void ExpRow(const float* x, float shift, float factor, int64_t n, float* y);

}  // namespace weft::ops
