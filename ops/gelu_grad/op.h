// GeluGrad: the gradient of Gelu.
//   "none"  dx = dy * (Phi(x) + x * phi(x)), Phi and phi the normal distribution and its density
//   "tanh"  with c = sqrt(2 / pi), t = tanh(c * (x + 0.044715 x^3)):
//           dx = dy / 2 * (1 + t + x * (1 - t^2) * c * (1 + 3 * 0.044715 x^2))
//   dy, x  f32 f64, one type   ->  dx  the same type
#pragma once
#include <string>

#include "ir/builder.h"

namespace weft::ops {

struct GeluGradOp {
  static const OpDef def;
  std::string approximate = "none";
};

Var GeluGrad(Var dy, Var x, std::string_view approximate = "none");

}  // namespace weft::ops
