// Index tuples (GatherND, ScatterND): the last dimension of `indices` holds k numbers that pick a slice of
// data, its first k dimensions (after `batch_dims` that both share).
#pragma once
#include "ir/op_def.h"

namespace weft::ops {

// Checks data (input 0) and indices (input 1): i64, rank >= 1, k constant and small enough, equal batch
// dimensions. Gives k.
StatusOr<int> CheckNdIndices(const NodeTypes& node, int64_t batch_dims);
// indices' shape without its last dimension, then data's dimensions behind the picked ones.
Dims PickedShape(const NodeTypes& node, int64_t batch_dims, int k);

}  // namespace weft::ops
