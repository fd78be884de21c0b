// The part of a step that is the same for all elements, and the vector loop over them.
#pragma once
#include <cstdint>

namespace weft::ops::adam_w {

template <class T>
struct Coefficients {
  T beta1, one_minus_beta1, beta2, one_minus_beta2, epsilon;
  T scale;               // of the gradient
  T decay;               // 1 - lr weight_decay
  T step_size;           // lr / (1 - beta1^step)
  T inverse_correction;  // 1 / sqrt(1 - beta2^step)
};

template <class T>
struct Arrays {
  const T *param, *grad, *m, *v;
  T *new_param, *new_m, *new_v;
};

// Elements [begin, end); each element's bits do not depend on the range.
void UpdateSimd(const Coefficients<float>& c, const Arrays<float>& a, int64_t begin, int64_t end);

}  // namespace weft::ops::adam_w
