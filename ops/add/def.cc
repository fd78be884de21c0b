#include "ops/add/op.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferBroadcast(node, kNumbers); }

constexpr OperandDef kInputs[] = {{"A"}, {"B"}};
constexpr OperandDef kOutputs[] = {{"C"}};
constexpr InPlacePair kInPlace[] = {{0, 0}, {1, 0}};

}  // namespace

constinit const OpDef AddOp::def = {
    .name = "Add",
    .since_version = 14,
    .doc = "c = a + b, broadcast",
    .attributes = AttributesOf<AddOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
    .commutative = true,
};

Var Add(Var a, Var b) { return EmitOn(AddOp{}, {a, b}); }

}  // namespace weft::ops
