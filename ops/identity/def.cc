#include "ops/identity/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  return std::vector<TensorType>{node.input(0)};
}

double NoFlops(const NodeTypes&) { return 0; }

bool SameBytes(const NodeTypes&, int, View* view) {
  *view = {.kind = View::kReshape};
  return true;
}

constexpr OperandDef kInputs[] = {{"input"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef IdentityOp::def = {
    .name = "Identity",
    .since_version = 24,
    .doc = "y = x",
    .attributes = AttributesOf<IdentityOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = NoFlops,
    .view = SameBytes,
    .in_place = kInPlace,
};

Var Identity(Var x) { return x.builder ? x.builder->Emit(IdentityOp{}, {x}) : Var{}; }

}  // namespace weft::ops
