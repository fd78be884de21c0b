#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/sin/op.h"

namespace weft::ops {

constinit const OpDef SinOp::def = {
    .name = "Sin",
    .since_version = 22,
    .doc = "y = sin(x)",
    .attributes = AttributesOf<SinOp>(),
    .inputs = kOperandInput,
    .outputs = kOperandOutput,
    .infer = InferFloatUnary,
    .in_place = kFirstInPlace,
};

Var Sin(Var input) { return EmitOn(SinOp{}, {input}); }

}  // namespace weft::ops
