// From f64 to a whole number: cut toward zero, clamped to what T holds; NaN becomes 0.
#pragma once
#include <cstdint>
#include <limits>

namespace weft {

template <class T>
constexpr T ClampedInteger(double x) {
  if (x != x) return 0;
  // The first double past T's largest number, which need not be a double itself: the comparison comes before
  // the conversion.
  constexpr double kPast = 2.0 * static_cast<double>(uint64_t{1} << (std::numeric_limits<T>::digits - 1));
  if (x >= kPast) return std::numeric_limits<T>::max();
  if (x <= static_cast<double>(std::numeric_limits<T>::min())) return std::numeric_limits<T>::min();
  return static_cast<T>(x);
}

}  // namespace weft
