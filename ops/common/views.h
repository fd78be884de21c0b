// What operators that only rearrange answer as OpDef::view.
#pragma once
#include "base/tensor.h"
#include "ir/op_def.h"

namespace weft::ops {

// All elements of input 0 in their order, in another shape or the same.
bool ReshapeAsView(const NodeTypes& node, int output, View* view);

// The box of `size` elements from `starts` on in a tensor of shape `shape`. False if its rows do not follow
// each other: of the dimensions before the last, at most one may be cut, and those before it must be 1.
bool SliceAsView(const Shape& shape, const std::vector<int64_t>& starts, const Shape& size, View* view);

}  // namespace weft::ops
