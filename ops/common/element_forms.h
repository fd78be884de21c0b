// Which operators are elementwise, and how: what weft.FusedElementwise makes chains of.
#pragma once
#include "ir/element.h"
#include "ir/op_def.h"

namespace weft::ops {

// The node as a step of a chain of elementwise ones.
ElementForm ElementFormOf(const NodeTypes& node);

}  // namespace weft::ops
