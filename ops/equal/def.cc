#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/equal/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  return InferComparison(node, kNumbersAndBool);
}

}  // namespace

constinit const OpDef EqualOp::def = {
    .name = "Equal",
    .since_version = 19,
    .doc = "c = a == b, broadcast",
    .attributes = AttributesOf<EqualOp>(),
    .inputs = kOperandsAB,
    .outputs = kOperandC,
    .infer = Infer,
    .element = Element<ElementFunction::kEqual>,
    .commutative = true,
    .differentiable = false,
};

Var Equal(Var a, Var b) { return EmitOn(EqualOp{}, {a, b}); }

}  // namespace weft::ops
