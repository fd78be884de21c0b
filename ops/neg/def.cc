#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/neg/op.h"

namespace weft::ops {

constinit const OpDef NegOp::def = {
    .name = "Neg",
    .since_version = 13,
    .doc = "y = -x",
    .attributes = AttributesOf<NegOp>(),
    .inputs = kOperandX,
    .outputs = kOperandY,
    .infer = InferSignedUnary,
    .in_place = kFirstInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = Element<ElementFunction::kNeg>,
};

Var Neg(Var x) { return EmitOn(NegOp{}, {x}); }

}  // namespace weft::ops
