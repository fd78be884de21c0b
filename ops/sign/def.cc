#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/sign/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kSignedNumbers); }

constexpr OperandDef kInputs[] = {{"input"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef SignOp::def = {
    .name = "Sign",
    .since_version = 13,
    .doc = "y = 1, 0 or -1",
    .attributes = AttributesOf<SignOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Sign(Var input) { return EmitOn(SignOp{}, {input}); }

}  // namespace weft::ops
