// The gradient flows to the first input that is the smallest.
#include "ops/common/extremum_grad.h"

namespace weft::ops::min {

void Gradient(GradientContext& ctx) { ExtremumGradient(ctx); }

}  // namespace weft::ops::min
