#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/sub/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferBroadcast(node, kNumbers); }

constexpr OperandDef kInputs[] = {{"A"}, {"B"}};
constexpr OperandDef kOutputs[] = {{"C"}};
constexpr InPlacePair kInPlace[] = {{0, 0}, {1, 0}};

}  // namespace

constinit const OpDef SubOp::def = {
    .name = "Sub",
    .since_version = 14,
    .doc = "c = a - b, broadcast",
    .attributes = AttributesOf<SubOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Sub(Var a, Var b) { return EmitOn(SubOp{}, {a, b}); }

}  // namespace weft::ops
