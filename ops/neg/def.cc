#include "ops/common/elementwise_def.h"
#include "ops/neg/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kSignedNumbers); }

constexpr OperandDef kInputs[] = {{"X"}};
constexpr OperandDef kOutputs[] = {{"Y"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef NegOp::def = {
    .name = "Neg",
    .since_version = 13,
    .doc = "y = -x",
    .attributes = AttributesOf<NegOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Neg(Var x) { return x.builder ? x.builder->Emit(NegOp{}, {x}) : Var{}; }

}  // namespace weft::ops
