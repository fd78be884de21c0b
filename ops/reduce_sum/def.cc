#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/reduce_def.h"
#include "ops/reduce_sum/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& a = node.attrs<ReduceSumOp>();
  return InferReduce(node, a.axes, a.keepdims, a.noop_with_empty_axes, kSignedNumbers);
}

constexpr Field kFields[] = {F<&ReduceSumOp::axes>("axes", 1, kOptionalOperand),
                             F<&ReduceSumOp::keepdims>("keepdims"),
                             F<&ReduceSumOp::noop_with_empty_axes>("noop_with_empty_axes")};
static_assert(FieldCount<ReduceSumOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"data"}};
constexpr OperandDef kOutputs[] = {{"reduced"}};

}  // namespace

constinit const OpDef ReduceSumOp::def = {
    .name = "ReduceSum",
    .since_version = 13,
    .doc = "the sum over axes",
    .fields = kFields,
    .attributes = AttributesOf<ReduceSumOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = [](const NodeTypes& node) { return NumElements(node.input(0)); },
    .element = ReducedElement<ReduceSumOp, ElementFunction::kReduceSum>,
};

Var ReduceSum(Var data, std::vector<int64_t> axes, bool keepdims) {
  return EmitOn(ReduceSumOp{.axes = std::move(axes), .keepdims = keepdims}, {data});
}

}  // namespace weft::ops
