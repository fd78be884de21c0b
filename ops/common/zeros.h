#pragma once
#include "ir/builder.h"

namespace weft::ops {

// A tensor of zeros: one constant, expanded.
Var Zeros(Builder& b, DataType dtype, Dims shape);

}  // namespace weft::ops
