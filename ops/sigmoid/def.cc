#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/sigmoid/op.h"

namespace weft::ops {

constinit const OpDef SigmoidOp::def = {
    .name = "Sigmoid",
    .since_version = 13,
    .doc = "y = 1 / (1 + exp(-x))",
    .attributes = AttributesOf<SigmoidOp>(),
    .inputs = kOperandX,
    .outputs = kOperandY,
    .infer = InferFloatUnary,
    .in_place = kFirstInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = Element<ElementFunction::kSigmoid>,
};

Var Sigmoid(Var x) { return EmitOn(SigmoidOp{}, {x}); }

}  // namespace weft::ops
