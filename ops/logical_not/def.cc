#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/logical_not/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kBools); }

}  // namespace

constinit const OpDef NotOp::def = {
    .name = "Not",
    .since_version = 1,
    .doc = "y = not x",
    .attributes = AttributesOf<NotOp>(),
    .inputs = kOperandX,
    .outputs = kOperandY,
    .infer = Infer,
    .in_place = kFirstInPlace,
    .element = Element<ElementFunction::kNot>,
    .differentiable = false,
};

Var Not(Var x) { return EmitOn(NotOp{}, {x}); }

}  // namespace weft::ops
