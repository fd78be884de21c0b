// AdamW's update of a range of elements, for the kernels of one parameter and of all (ops/adam_w has the
// formula).
#pragma once
#include <cmath>
#include <cstdint>
#include <limits>

namespace weft::ops::adam_w {

// The part of a step that is the same for all elements.
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

// beta^n by squaring: the same bits on every machine, which a library's pow does not promise.
inline double Power(double beta, int64_t n) {
  double power = 1;
  for (; n > 0; n /= 2, beta *= beta)
    if (n % 2 != 0) power *= beta;
  return power;
}

template <class T>
T DecayOf(T lr, float weight_decay) {
  return static_cast<T>(1 - static_cast<double>(lr) * static_cast<double>(weight_decay));
}

// `settings` has beta1, beta2 and epsilon as float; step is 1 or more.
template <class T, class Settings>
Coefficients<T> CoefficientsOf(const Settings& settings, float weight_decay, T lr, int64_t step, T scale) {
  const double beta1 = settings.beta1, beta2 = settings.beta2, rate = lr;
  return {static_cast<T>(beta1),
          static_cast<T>(1 - beta1),
          static_cast<T>(beta2),
          static_cast<T>(1 - beta2),
          static_cast<T>(settings.epsilon),
          scale,
          DecayOf(lr, weight_decay),
          static_cast<T>(rate / (1 - Power(beta1, step))),
          static_cast<T>(1 / std::sqrt(1 - Power(beta2, step)))};
}

template <class T>
T FlushSubnormal(T x) {
  return std::abs(x) < std::numeric_limits<T>::min() ? T(0) : x;
}

// Elements [begin, end); each element's bits do not depend on the range.
template <class T>
void UpdatePlain(const Coefficients<T>& c, const Arrays<T>& a, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i) {
    const T g = a.grad[i] * c.scale;
    const T m = FlushSubnormal(c.beta1 * a.m[i] + c.one_minus_beta1 * g);
    const T v = FlushSubnormal(c.beta2 * a.v[i] + c.one_minus_beta2 * g * g);
    a.new_param[i] =
        c.decay * a.param[i] - c.step_size * m / (std::sqrt(v) * c.inverse_correction + c.epsilon);
    a.new_m[i] = m;
    a.new_v[i] = v;
  }
}

// The same with vectors.
void UpdateSimd(const Coefficients<float>& c, const Arrays<float>& a, int64_t begin, int64_t end);

}  // namespace weft::ops::adam_w
