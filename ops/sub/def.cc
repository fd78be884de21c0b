#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/sub/op.h"

namespace weft::ops {

constinit const OpDef SubOp::def = {
    .name = "Sub",
    .since_version = 14,
    .doc = "c = a - b, broadcast",
    .attributes = AttributesOf<SubOp>(),
    .inputs = kOperandsAB,
    .outputs = kOperandC,
    .infer = InferArithmetic,
    .in_place = kEitherInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = Element<ElementFunction::kSub>,
};

Var Sub(Var a, Var b) { return EmitOn(SubOp{}, {a, b}); }

}  // namespace weft::ops
