#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/less/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferComparison(node, kNumbers); }

}  // namespace

constinit const OpDef LessOp::def = {
    .name = "Less",
    .since_version = 13,
    .doc = "c = a < b, broadcast",
    .attributes = AttributesOf<LessOp>(),
    .inputs = kOperandsAB,
    .outputs = kOperandC,
    .infer = Infer,
    .element = Element<ElementFunction::kLess>,
    .differentiable = false,
};

Var Less(Var a, Var b) { return EmitOn(LessOp{}, {a, b}); }

}  // namespace weft::ops
