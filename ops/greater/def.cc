#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/greater/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferComparison(node, kNumbers); }

}  // namespace

constinit const OpDef GreaterOp::def = {
    .name = "Greater",
    .since_version = 13,
    .doc = "c = a > b, broadcast",
    .attributes = AttributesOf<GreaterOp>(),
    .inputs = kOperandsAB,
    .outputs = kOperandC,
    .infer = Infer,
    .element = Element<ElementFunction::kGreater>,
    .differentiable = false,
};

Var Greater(Var a, Var b) { return EmitOn(GreaterOp{}, {a, b}); }

}  // namespace weft::ops
