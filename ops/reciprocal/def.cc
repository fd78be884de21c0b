#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/reciprocal/op.h"

namespace weft::ops {

constinit const OpDef ReciprocalOp::def = {
    .name = "Reciprocal",
    .since_version = 13,
    .doc = "y = 1 / x",
    .attributes = AttributesOf<ReciprocalOp>(),
    .inputs = kOperandX,
    .outputs = kOperandY,
    .infer = InferFloatUnary,
    .in_place = kFirstInPlace,
    .element = Element<ElementFunction::kReciprocal>,
};

Var Reciprocal(Var x) { return EmitOn(ReciprocalOp{}, {x}); }

}  // namespace weft::ops
