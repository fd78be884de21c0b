// The logistic function and Swish's slope at one number, for plain kernels.
#pragma once
#include <cmath>

namespace weft::ops {

// 1 / (1 + e^-x), by e^-|x|, which does not overflow.
template <class T>
T SigmoidOf(T x) {
  const T e = std::exp(-std::fabs(x));
  return (x < 0 ? e : T{1}) / (T{1} + e);
}

// The derivative of x sigmoid(x). Sigmoid(-x), not 1 - sigmoid(x), which would lose digits.
template <class T>
T SwishSlope(T x) {
  return SigmoidOf(x) * (T{1} + x * SigmoidOf(-x));
}

}  // namespace weft::ops
