#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/log/op.h"

namespace weft::ops {

constinit const OpDef LogOp::def = {
    .name = "Log",
    .since_version = 13,
    .doc = "y = ln(x)",
    .attributes = AttributesOf<LogOp>(),
    .inputs = kOperandInput,
    .outputs = kOperandOutput,
    .infer = InferFloatUnary,
    .in_place = kFirstInPlace,
    .element = Element<ElementFunction::kLog>,
};

Var Log(Var input) { return EmitOn(LogOp{}, {input}); }

}  // namespace weft::ops
