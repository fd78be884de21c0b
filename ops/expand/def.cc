#include "ops/common/broadcast.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/expand/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckWholeBytes(node, 0));
  const auto& a = node.attrs<ExpandOp>();
  for (const Dim& d : a.shape) {
    if (d.is_constant() && d.value() < 0)
      return node.Error("shape {} holds {}", ToString(a.shape), d.value());
  }
  std::optional<Dims> shape = Broadcast(node.input(0).shape, a.shape);
  if (!shape) {
    return node.Error("input {} does not broadcast to {}", node.input(0).ToString(), ToString(a.shape));
  }
  return std::vector<TensorType>{{node.input(0).dtype, *std::move(shape)}};
}

// Where nothing is repeated, only ones are put in front.
bool AsView(const NodeTypes& node, int, View* view) {
  *view = {.kind = View::kReshape};
  return node.input(0).num_elements() == node.output(0).num_elements();
}

constexpr Field kFields[] = {F<&ExpandOp::shape>("shape", 1)};
static_assert(FieldCount<ExpandOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"input"}};
constexpr OperandDef kOutputs[] = {{"output"}};

}  // namespace

constinit const OpDef ExpandOp::def = {
    .name = "Expand",
    .since_version = 13,
    .doc = "input broadcast to a shape",
    .fields = kFields,
    .attributes = AttributesOf<ExpandOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = NoFlops,
    .view = AsView,
    .precision = {.kind = Precision::kMove},
    .element = Element<ElementFunction::kCopy>,
};

Var Expand(Var input, Dims shape) { return EmitOn(ExpandOp{.shape = std::move(shape)}, {input}); }

}  // namespace weft::ops
