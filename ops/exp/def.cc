#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/exp/op.h"

namespace weft::ops {

constinit const OpDef ExpOp::def = {
    .name = "Exp",
    .since_version = 13,
    .doc = "y = exp(x)",
    .attributes = AttributesOf<ExpOp>(),
    .inputs = kOperandInput,
    .outputs = kOperandOutput,
    .infer = InferFloatUnary,
    .in_place = kFirstInPlace,
    .element = Element<ElementFunction::kExp>,
};

Var Exp(Var input) { return EmitOn(ExpOp{}, {input}); }

}  // namespace weft::ops
