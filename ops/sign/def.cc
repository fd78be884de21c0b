#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/sign/op.h"

namespace weft::ops {

constinit const OpDef SignOp::def = {
    .name = "Sign",
    .since_version = 13,
    .doc = "y = 1, 0 or -1",
    .attributes = AttributesOf<SignOp>(),
    .inputs = kOperandInput,
    .outputs = kOperandOutput,
    .infer = InferSignedUnary,
    .in_place = kFirstInPlace,
};

Var Sign(Var input) { return EmitOn(SignOp{}, {input}); }

}  // namespace weft::ops
