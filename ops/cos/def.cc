#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/cos/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kFloats); }

constexpr OperandDef kInputs[] = {{"input"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef CosOp::def = {
    .name = "Cos",
    .since_version = 22,
    .doc = "y = cos(x)",
    .attributes = AttributesOf<CosOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Cos(Var input) { return EmitOn(CosOp{}, {input}); }

}  // namespace weft::ops
