// The gradient of Max and Min.
#pragma once
#include "ir/gradient.h"

namespace weft::ops {

// dy flows to the first input that equals the output; nowhere where the output is NaN.
void ExtremumGradient(GradientContext& ctx);

}  // namespace weft::ops
