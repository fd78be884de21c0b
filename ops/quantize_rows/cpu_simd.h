// What QuantizeRows does with a group of f32, by vectors of f64: the same operations on the same elements as
// the plain code, sums in the same order, and so the same bits.
#pragma once
#include <cstdint>

namespace weft::ops::quantize_rows {

// Sums of squares are taken as so many partial ones, of elements i mod kPartial, added in that order.
inline constexpr int64_t kPartial = 8;

// x rounded to whole numbers of `scale` and cut to [low, high]: n of them, as doubles.
struct Rounding {
  double scale, low, high;
};
// The sum of (x - q scale)^2.
double SquaredError(const float* x, int64_t n, const Rounding& to);
// q.
void RoundToCodes(const float* x, int64_t n, const Rounding& to, int32_t* q);

}  // namespace weft::ops::quantize_rows
