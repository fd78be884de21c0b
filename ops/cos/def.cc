#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/cos/op.h"

namespace weft::ops {

constinit const OpDef CosOp::def = {
    .name = "Cos",
    .since_version = 22,
    .doc = "y = cos(x)",
    .attributes = AttributesOf<CosOp>(),
    .inputs = kOperandInput,
    .outputs = kOperandOutput,
    .infer = InferFloatUnary,
    .in_place = kFirstInPlace,
};

Var Cos(Var input) { return EmitOn(CosOp{}, {input}); }

}  // namespace weft::ops
