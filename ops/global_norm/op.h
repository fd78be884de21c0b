// GlobalNorm: the length of all gradients taken as one vector.
//   gradients  one or more, f32 f64, all of one dtype, any shapes
//   norm       the same dtype, []
//   norm = sqrt(sum over gradients and elements of g^2), summed in f64.
// Sums are made over fixed blocks and then in order of the blocks: the same bits for any number of threads.
#pragma once
#include <span>

#include "ir/builder.h"

namespace weft::ops {

struct GlobalNormOp {
  static const OpDef def;
};

// CHECKs that there is a gradient.
Var GlobalNorm(std::span<const Var> gradients);

}  // namespace weft::ops
