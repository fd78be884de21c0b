#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/min/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferBroadcast(node, kNumbers); }

constexpr OperandDef kInputs[] = {{"data_0", OperandDef::kVariadic}};
constexpr OperandDef kOutputs[] = {{"min"}};
constexpr InPlacePair kInPlace[] = {{0, 0}, {1, 0}};

}  // namespace

constinit const OpDef MinOp::def = {
    .name = "Min",
    .since_version = 13,
    .doc = "the smallest of the inputs, broadcast",
    .attributes = AttributesOf<MinOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops =
        [](const NodeTypes& node) {
          return static_cast<double>(node.output(0).num_elements().value()) *
                 static_cast<double>(node.inputs.size() - 1);
        },
    .in_place = kInPlace,
    .commutative = true,
};

Var Min(Var a, Var b) { return EmitOn(MinOp{}, {a, b}); }

Var Min(std::span<const Var> data) {
  for (const Var& v : data) {
    if (v.builder != nullptr) return v.builder->EmitAll(MinOp::def, std::make_shared<const MinOp>(), data)[0];
  }
  return {};
}

}  // namespace weft::ops
