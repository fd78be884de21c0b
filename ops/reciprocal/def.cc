#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/reciprocal/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kFloats); }

constexpr OperandDef kInputs[] = {{"X"}};
constexpr OperandDef kOutputs[] = {{"Y"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef ReciprocalOp::def = {
    .name = "Reciprocal",
    .since_version = 13,
    .doc = "y = 1 / x",
    .attributes = AttributesOf<ReciprocalOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Reciprocal(Var x) { return EmitOn(ReciprocalOp{}, {x}); }

}  // namespace weft::ops
