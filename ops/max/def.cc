#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/extremum_def.h"
#include "ops/max/op.h"

namespace weft::ops {

static constexpr OperandDef kOutputs[] = {{"max"}};

constinit const OpDef MaxOp::def = {
    .name = "Max",
    .since_version = 13,
    .doc = "the largest of the inputs, broadcast",
    .attributes = AttributesOf<MaxOp>(),
    .inputs = kExtremumInputs,
    .outputs = kOutputs,
    .infer = InferArithmetic,
    .flops = ExtremumFlops,
    .in_place = kEitherInPlace,
    .element = ElementOfTwo<ElementFunction::kMax>,
    .commutative = true,
};

Var Max(Var a, Var b) { return EmitOn(MaxOp{}, {a, b}); }

Var Max(std::span<const Var> data) { return EmitOnAny(MaxOp{}, data); }

}  // namespace weft::ops
