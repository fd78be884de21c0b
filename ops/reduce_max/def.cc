#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/reduce_def.h"
#include "ops/reduce_max/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& a = node.attrs<ReduceMaxOp>();
  return InferReduce(node, a.axes, a.keepdims, a.noop_with_empty_axes, kNumbersAndBool);
}

constexpr Field kFields[] = {F<&ReduceMaxOp::axes>("axes", 1, kOptionalOperand),
                             F<&ReduceMaxOp::keepdims>("keepdims"),
                             F<&ReduceMaxOp::noop_with_empty_axes>("noop_with_empty_axes")};
static_assert(FieldCount<ReduceMaxOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"data"}};
constexpr OperandDef kOutputs[] = {{"reduced"}};

}  // namespace

constinit const OpDef ReduceMaxOp::def = {
    .name = "ReduceMax",
    .since_version = 20,
    .doc = "the largest over axes",
    .fields = kFields,
    .attributes = AttributesOf<ReduceMaxOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = [](const NodeTypes& node) { return NumElements(node.input(0)); },
    .element = ReducedElement<ReduceMaxOp, ElementFunction::kReduceMax>,
};

Var ReduceMax(Var data, std::vector<int64_t> axes, bool keepdims) {
  return EmitOn(ReduceMaxOp{.axes = std::move(axes), .keepdims = keepdims}, {data});
}

}  // namespace weft::ops
