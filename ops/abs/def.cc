#include "ops/abs/op.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"

namespace weft::ops {

constinit const OpDef AbsOp::def = {
    .name = "Abs",
    .since_version = 13,
    .doc = "y = |x|",
    .attributes = AttributesOf<AbsOp>(),
    .inputs = kOperandX,
    .outputs = kOperandY,
    .infer = InferSignedUnary,
    .in_place = kFirstInPlace,
    .element = Element<ElementFunction::kAbs>,
};

Var Abs(Var x) { return EmitOn(AbsOp{}, {x}); }

}  // namespace weft::ops
