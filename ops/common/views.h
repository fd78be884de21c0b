// When a part of a tensor is a View of it: rows of the last dimension that follow each other.
#pragma once
#include "base/tensor.h"
#include "ir/op_def.h"

namespace weft::ops {

// The box of `size` elements from `starts` on in a tensor of shape `shape`. False if its rows do not follow
// each other: of the dimensions before the last, at most one may be cut, and those before it must be 1.
bool SliceAsView(const Shape& shape, const std::vector<int64_t>& starts, const Shape& size, View* view);

}  // namespace weft::ops
