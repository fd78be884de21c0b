#include "base/quote.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/in_f32.h"
#include "ops/erf/op.h"
#include "ops/gelu/op.h"
#include "ops/operators.h"
#include "ops/tanh/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const std::string& approximate = node.attrs<GeluOp>().approximate;
  if (approximate != "none" && approximate != "tanh") {
    return node.Error("approximate is {}, expected none or tanh", Quote(approximate));
  }
  return InferFloatUnary(node);
}

void Decompose(Builder&, const NodeTypes& node, std::span<const Var> inputs, std::span<Var> outputs) {
  constexpr double kSqrtHalf = 0.7071067811865476, kSqrtTwoOverPi = 0.7978845608028654;
  const Var x = inputs[0];
  const Var inner = node.attrs<GeluOp>().approximate == "none"
                        ? Erf(x * kSqrtHalf)
                        : Tanh((x + x * x * x * 0.044715) * kSqrtTwoOverPi);
  outputs[0] = x * 0.5 * (1.0 + inner);
}

constexpr Field kFields[] = {F<&GeluOp::approximate>("approximate")};
static_assert(FieldCount<GeluOp>() == std::size(kFields));

}  // namespace

constinit const OpDef GeluOp::def = {
    .name = "Gelu",
    .since_version = 20,
    .doc = "y = x * Phi(x)",
    .fields = kFields,
    .attributes = AttributesOf<GeluOp>(),
    .inputs = kOperandX,
    .outputs = kOperandY,
    .infer = Infer,
    .decompose = InF32<Decompose>,
    .in_place = kFirstInPlace,
    .precision = {.kind = Precision::kFollow},
    .element = [](const NodeTypes& node) -> ElementForm {
      return {node.attrs<GeluOp>().approximate == "tanh" ? ElementFunction::kGeluTanh
                                                         : ElementFunction::kGelu};
    },
};

Var Gelu(Var x, std::string_view approximate) {
  return EmitOn(GeluOp{.approximate = std::string(approximate)}, {x});
}

}  // namespace weft::ops
