#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/div/op.h"

namespace weft::ops {

constinit const OpDef DivOp::def = {
    .name = "Div",
    .since_version = 14,
    .doc = "c = a / b, broadcast; integers are cut toward zero",
    .attributes = AttributesOf<DivOp>(),
    .inputs = kOperandsAB,
    .outputs = kOperandC,
    .infer = InferArithmetic,
    .in_place = kEitherInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = Element<ElementFunction::kDiv>,
};

Var Div(Var a, Var b) { return EmitOn(DivOp{}, {a, b}); }

}  // namespace weft::ops
