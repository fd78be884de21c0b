#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/tanh/op.h"

namespace weft::ops {

constinit const OpDef TanhOp::def = {
    .name = "Tanh",
    .since_version = 13,
    .doc = "y = tanh(x)",
    .attributes = AttributesOf<TanhOp>(),
    .inputs = kOperandInput,
    .outputs = kOperandOutput,
    .infer = InferFloatUnary,
    .in_place = kFirstInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = Element<ElementFunction::kTanh>,
};

Var Tanh(Var input) { return EmitOn(TanhOp{}, {input}); }

}  // namespace weft::ops
