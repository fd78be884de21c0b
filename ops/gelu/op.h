// Gelu: y = x * Phi(x), Phi the normal distribution function.
//   approximate "none"  y = x / 2 * (1 + erf(x / sqrt 2))
//   approximate "tanh"  y = x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))
//   x  f32 f64, any shape   ->  y  the same type
#pragma once
#include <string>

#include "ir/builder.h"

namespace weft::ops {

struct GeluOp {
  static const OpDef def;
  std::string approximate = "none";
};

Var Gelu(Var x, std::string_view approximate = "none");

}  // namespace weft::ops
