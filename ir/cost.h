// What one run of a node costs, as its operator counts it (OpDef::flops, OpDef::bytes). Shapes are bound.
#pragma once
#include "ir/op_def.h"

namespace weft {

double NodeFlops(const NodeTypes& node);  // floating-point operations
double NodeBytes(const NodeTypes& node);  // bytes read and written

}  // namespace weft
