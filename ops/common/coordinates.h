// Index tuples of all elements of a shape, for gradients through GatherND and ScatterND.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

// i64 [shape.., 1]: where each element lies along `axis`, whose dimension must be bound (else the builder
// gets an error).
Var Coordinates(Builder& b, Dims shape, int axis);

}  // namespace weft::ops
