// What Softmax and LogSoftmax share: one axis of x, the others apart.
#pragma once
#include "ir/builder.h"

namespace weft::ops {

// Floats of at least one dimension; y has x's type.
StatusOr<std::vector<TensorType>> InferSoftmax(const NodeTypes& node, int64_t axis);

// Shift, exponential, sum and quotient (or its logarithm).
double SoftmaxFlops(const NodeTypes& node);

// x - max(x) along `axis`.
Var ShiftedByMax(Var x, int64_t axis);

}  // namespace weft::ops
