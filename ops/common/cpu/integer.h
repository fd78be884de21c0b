// Integer arithmetic as the processor does it: sums and products wrap, instead of being undefined.
#pragma once
#include <cstdint>
#include <type_traits>

namespace weft::ops {

template <class T, class Function>
T Wrapping(T a, T b, Function function) {
  if constexpr (std::is_integral_v<T>) {
    using U = std::conditional_t<(sizeof(T) < 4), uint32_t, std::make_unsigned_t<T>>;  // not promoted to int
    return static_cast<T>(function(static_cast<U>(a), static_cast<U>(b)));
  } else {
    return function(a, b);
  }
}

}  // namespace weft::ops
