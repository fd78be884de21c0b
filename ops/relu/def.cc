#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/relu/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kSignedNumbers); }

constexpr OperandDef kInputs[] = {{"X"}};
constexpr OperandDef kOutputs[] = {{"Y"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef ReluOp::def = {
    .name = "Relu",
    .since_version = 14,
    .doc = "y = max(x, 0)",
    .attributes = AttributesOf<ReluOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Relu(Var x) { return EmitOn(ReluOp{}, {x}); }

}  // namespace weft::ops
