// The part of a step that is the same for all elements, and the vector loop over them.
#pragma once
#include <cstdint>

namespace weft::ops::sgd {

template <class T>
struct Coefficients {
  T lr, scale, momentum, weight_decay;
  bool nesterov;
};

// Without momentum there are no buffers; new_buffer may be absent with momentum too.
template <class T>
struct Arrays {
  const T *param, *grad, *buffer;
  T *new_param, *new_buffer;
};

// Elements [begin, end); each element's bits do not depend on the range.
void UpdateSimd(const Coefficients<float>& c, const Arrays<float>& a, int64_t begin, int64_t end);

}  // namespace weft::ops::sgd
