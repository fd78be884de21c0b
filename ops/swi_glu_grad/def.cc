#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/in_f32.h"
#include "ops/common/operand_checks.h"
#include "ops/operators.h"
#include "ops/swi_glu_grad/op.h"
#include "ops/swish/op.h"
#include "ops/swish_grad/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 1, kFloats));
  WEFT_RETURN_IF_ERROR(CheckLike(node, 0, 1));
  WEFT_RETURN_IF_ERROR(CheckLike(node, 2, 1));
  return std::vector<TensorType>{node.input(1), node.input(1)};
}

void Decompose(Builder&, const NodeTypes& node, std::span<const Var> inputs, std::span<Var> outputs) {
  const Var dy = inputs[0], gate = inputs[1], up = inputs[2];
  const float alpha = node.attrs<SwiGluGradOp>().alpha;
  outputs[0] = SwishGrad(dy * up, gate, alpha);
  outputs[1] = dy * Swish(gate, alpha);
}

double Flops(const NodeTypes& node) { return 10 * NumElements(node.output(0)); }

constexpr Field kFields[] = {F<&SwiGluGradOp::alpha>("alpha")};
static_assert(FieldCount<SwiGluGradOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"dY"}, {"gate"}, {"up"}};
constexpr OperandDef kOutputs[] = {{"dgate"}, {"dup"}};
constexpr InPlacePair kInPlace[] = {{1, 0}, {2, 1}};

}  // namespace

constinit const OpDef SwiGluGradOp::def = {
    .name = "SwiGLUGrad",
    .domain = "weft",
    .doc = "dgate = dy * up * s * (1 + z * (1 - s)), dup = dy * gate * s, z = alpha * gate, s = sigmoid(z)",
    .fields = kFields,
    .attributes = AttributesOf<SwiGluGradOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Decompose>,
    .flops = Flops,
    .in_place = kInPlace,
    .precision = {.kind = Precision::kFollow},
};

SwiGluGradients SwiGluGrad(Var dy, Var gate, Var up, float alpha) {
  for (const Var& v : {dy, gate, up}) {
    if (v.builder == nullptr) continue;
    const std::vector<Var> out = v.builder->EmitMany(SwiGluGradOp{.alpha = alpha}, {dy, gate, up}, 0);
    return {out[0], out[1]};
  }
  return {};
}

}  // namespace weft::ops
