#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/logical_and/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferComparison(node, kBools); }

}  // namespace

constinit const OpDef AndOp::def = {
    .name = "And",
    .since_version = 7,
    .doc = "c = a && b, broadcast",
    .attributes = AttributesOf<AndOp>(),
    .inputs = kOperandsAB,
    .outputs = kOperandC,
    .infer = Infer,
    .in_place = kEitherInPlace,
    .element = Element<ElementFunction::kAnd>,
    .commutative = true,
    .differentiable = false,
};

Var And(Var a, Var b) { return EmitOn(AndOp{}, {a, b}); }

}  // namespace weft::ops
