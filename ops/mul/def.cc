#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/mul/op.h"

namespace weft::ops {

constinit const OpDef MulOp::def = {
    .name = "Mul",
    .since_version = 14,
    .doc = "c = a * b, broadcast",
    .attributes = AttributesOf<MulOp>(),
    .inputs = kOperandsAB,
    .outputs = kOperandC,
    .infer = InferArithmetic,
    .in_place = kEitherInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = Element<ElementFunction::kMul>,
    .commutative = true,
};

Var Mul(Var a, Var b) { return EmitOn(MulOp{}, {a, b}); }

}  // namespace weft::ops
