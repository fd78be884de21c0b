#include "ops/add/op.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"

namespace weft::ops {

constinit const OpDef AddOp::def = {
    .name = "Add",
    .since_version = 14,
    .doc = "c = a + b, broadcast",
    .attributes = AttributesOf<AddOp>(),
    .inputs = kOperandsAB,
    .outputs = kOperandC,
    .infer = InferArithmetic,
    .in_place = kEitherInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = Element<ElementFunction::kAdd>,
    .commutative = true,
};

Var Add(Var a, Var b) { return EmitOn(AddOp{}, {a, b}); }

}  // namespace weft::ops
