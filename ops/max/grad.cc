// The gradient flows to the first input that is the largest.
#include "ops/common/extremum_grad.h"

namespace weft::ops::max {

void Gradient(GradientContext& ctx) { ExtremumGradient(ctx); }

}  // namespace weft::ops::max
