#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/mul/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferBroadcast(node, kNumbers); }

constexpr OperandDef kInputs[] = {{"A"}, {"B"}};
constexpr OperandDef kOutputs[] = {{"C"}};
constexpr InPlacePair kInPlace[] = {{0, 0}, {1, 0}};

}  // namespace

constinit const OpDef MulOp::def = {
    .name = "Mul",
    .since_version = 14,
    .doc = "c = a * b, broadcast",
    .attributes = AttributesOf<MulOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
    .commutative = true,
};

Var Mul(Var a, Var b) { return EmitOn(MulOp{}, {a, b}); }

}  // namespace weft::ops
