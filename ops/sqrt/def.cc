#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/sqrt/op.h"

namespace weft::ops {

constinit const OpDef SqrtOp::def = {
    .name = "Sqrt",
    .since_version = 13,
    .doc = "y = sqrt(x)",
    .attributes = AttributesOf<SqrtOp>(),
    .inputs = kOperandX,
    .outputs = kOperandY,
    .infer = InferFloatUnary,
    .in_place = kFirstInPlace,
    .element = Element<ElementFunction::kSqrt>,
};

Var Sqrt(Var x) { return EmitOn(SqrtOp{}, {x}); }

}  // namespace weft::ops
