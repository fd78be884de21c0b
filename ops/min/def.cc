#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/extremum_def.h"
#include "ops/min/op.h"

namespace weft::ops {

static constexpr OperandDef kOutputs[] = {{"min"}};

constinit const OpDef MinOp::def = {
    .name = "Min",
    .since_version = 13,
    .doc = "the smallest of the inputs, broadcast",
    .attributes = AttributesOf<MinOp>(),
    .inputs = kExtremumInputs,
    .outputs = kOutputs,
    .infer = InferArithmetic,
    .flops = ExtremumFlops,
    .in_place = kEitherInPlace,
    .element = ElementOfTwo<ElementFunction::kMin>,
    .commutative = true,
};

Var Min(Var a, Var b) { return EmitOn(MinOp{}, {a, b}); }

Var Min(std::span<const Var> data) { return EmitOnAny(MinOp{}, data); }

}  // namespace weft::ops
