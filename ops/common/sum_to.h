// The gradient of a broadcast.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

// x summed over the axes that `shape` does not have or has as 1, so that the result has shape `shape`: x must
// have a shape that `shape` broadcasts to. x itself if the shapes are equal.
Var SumTo(Var x, const Dims& shape);

}  // namespace weft::ops
