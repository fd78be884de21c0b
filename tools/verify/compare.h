// Two tensors that should hold the same numbers.
#pragma once
#include "base/tensor.h"

namespace weft {

struct Difference {
  double error = 0;      // largest |got - want|; infinite where only one of them is a number
  double magnitude = 0;  // largest finite |want|
  int64_t index = -1;    // where the error is largest, in row-major order; -1: nowhere is any
};
// The same shape (CHECK), any types. Infinities of one sign are equal, as are NaNs; so is an infinity in
// `got` to a number that is beyond got's type.
Difference Compare(const Tensor& got, const Tensor& want);

// Half a unit in the last place of 1: what rounding to the type changes at most, relatively. 0: not a float.
double UnitRoundoff(DataType dtype);

// [3, 17], of element `index` in row-major order.
Shape Coordinates(const Shape& shape, int64_t index);

}  // namespace weft
