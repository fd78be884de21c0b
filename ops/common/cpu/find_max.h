// The largest of n numbers, vectorised.
#pragma once
#include <cstdint>

namespace weft::ops {

struct Extent {
  float max;     // -inf of none; any where there is a NaN
  bool has_nan;  // whether there is a NaN
};
Extent FindMax(const float* x, int64_t n);

}  // namespace weft::ops
