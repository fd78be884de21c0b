// Where an input is a part of the output, so that whoever computes it may write it there: Concat's. The
// counterpart of OpDef::view.
#pragma once
#include <optional>

#include "ir/op_def.h"

namespace weft {

// Of a node whose one output is its inputs put together: where input `input` lies in it (view.input is not
// used); nullopt if the node is none, or the part's rows do not lie a pitch apart. Shapes are bound.
std::optional<View> PartOfOutput(const NodeTypes& node, int input);

}  // namespace weft
