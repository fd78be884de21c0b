#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/logical_not/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kBools); }

constexpr OperandDef kInputs[] = {{"X"}};
constexpr OperandDef kOutputs[] = {{"Y"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef NotOp::def = {
    .name = "Not",
    .since_version = 1,
    .doc = "y = not x",
    .attributes = AttributesOf<NotOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
    .differentiable = false,
};

Var Not(Var x) { return EmitOn(NotOp{}, {x}); }

}  // namespace weft::ops
