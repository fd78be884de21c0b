// Vectorised loops over one row of f32: what softmax, losses and norms are made of. A row's result depends on
// its length and the instruction set only.
#pragma once
#include <algorithm>
#include <cstdint>

namespace weft::ops {

// Rows that are worth a thread of their own: some 16 K elements.
inline int64_t GrainOfRows(int64_t row) { return std::max<int64_t>(1, 16384 / std::max<int64_t>(row, 1)); }

struct Extent {
  float max;     // -infinity for none; any where there is a NaN
  bool has_nan;  // whether there is a NaN
};
Extent FindMax(const float* x, int64_t n);
float MaxOf(const float* x, int64_t n);                  // -infinity for none; with a NaN: any of them
float SumOfExp(const float* x, float shift, int64_t n);  // of exp(x - shift); every x <= shift, or NaN
// y = exp(x - shift) * factor, and returns the sum of exp(x - shift). y may be x.
float ExpRow(const float* x, float shift, float factor, int64_t n, float* y);
void ScaleBy(float* x, float factor, int64_t n);                  // x = x * factor
void Subtract(const float* x, float shift, int64_t n, float* y);  // y = x - shift; y may be x
float Dot(const float* a, const float* b, int64_t n);             // sum of a * b
double SumOfSquares(const float* x, int64_t n);                   // in f64: no square overflows or vanishes
void Accumulate(const float* x, int64_t n, float* sum);           // sum = sum + x
void Accumulate(const double* x, int64_t n, double* sum);

}  // namespace weft::ops
