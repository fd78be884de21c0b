#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/erf/op.h"

namespace weft::ops {

constinit const OpDef ErfOp::def = {
    .name = "Erf",
    .since_version = 13,
    .doc = "y = 2 / sqrt(pi) * the integral of exp(-t^2) from 0 to x",
    .attributes = AttributesOf<ErfOp>(),
    .inputs = kOperandInput,
    .outputs = kOperandOutput,
    .infer = InferFloatUnary,
    .in_place = kFirstInPlace,
    .element = Element<ElementFunction::kErf>,
};

Var Erf(Var input) { return EmitOn(ErfOp{}, {input}); }

}  // namespace weft::ops
