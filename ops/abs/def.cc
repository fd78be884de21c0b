#include "ops/abs/op.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kSignedNumbers); }

constexpr OperandDef kInputs[] = {{"X"}};
constexpr OperandDef kOutputs[] = {{"Y"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef AbsOp::def = {
    .name = "Abs",
    .since_version = 13,
    .doc = "y = |x|",
    .attributes = AttributesOf<AbsOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Abs(Var x) { return EmitOn(AbsOp{}, {x}); }

}  // namespace weft::ops
