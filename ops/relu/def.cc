#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/relu/op.h"

namespace weft::ops {

constinit const OpDef ReluOp::def = {
    .name = "Relu",
    .since_version = 14,
    .doc = "y = max(x, 0)",
    .attributes = AttributesOf<ReluOp>(),
    .inputs = kOperandX,
    .outputs = kOperandY,
    .infer = InferSignedUnary,
    .in_place = kFirstInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = Element<ElementFunction::kRelu>,
};

Var Relu(Var x) { return EmitOn(ReluOp{}, {x}); }

}  // namespace weft::ops
