// ONNX's multidirectional broadcasting on symbolic shapes: aligned at the last dimension, a missing or 1
// dimension stretches. Two different dimensions, neither of them 1, must be equal whatever their symbols are:
// seq against 64 is refused until seq is bound.
#pragma once
#include <optional>
#include <span>

#include "ir/op_def.h"

namespace weft::ops {

// Nullopt if the shapes do not broadcast.
std::optional<Dims> Broadcast(const Dims& a, const Dims& b);

// The common shape of inputs [first, end): "A [2, 3] and B [4] do not broadcast (3 against 4)".
StatusOr<Dims> BroadcastInputs(const NodeTypes& node, size_t first = 0);

}  // namespace weft::ops
