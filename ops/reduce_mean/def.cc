#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/reduce_def.h"
#include "ops/reduce_mean/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& a = node.attrs<ReduceMeanOp>();
  return InferReduce(node, a.axes, a.keepdims, a.noop_with_empty_axes, kSignedNumbers);
}

constexpr Field kFields[] = {F<&ReduceMeanOp::axes>("axes", 1, kOptionalOperand),
                             F<&ReduceMeanOp::keepdims>("keepdims"),
                             F<&ReduceMeanOp::noop_with_empty_axes>("noop_with_empty_axes")};
static_assert(FieldCount<ReduceMeanOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"data"}};
constexpr OperandDef kOutputs[] = {{"reduced"}};

}  // namespace

constinit const OpDef ReduceMeanOp::def = {
    .name = "ReduceMean",
    .since_version = 18,
    .doc = "the mean over axes",
    .fields = kFields,
    .attributes = AttributesOf<ReduceMeanOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = [](const NodeTypes& node) { return NumElements(node.input(0)); },
    .element = ReducedElement<ReduceMeanOp, ElementFunction::kReduceMean>,
};

Var ReduceMean(Var data, std::vector<int64_t> axes, bool keepdims) {
  return EmitOn(ReduceMeanOp{.axes = std::move(axes), .keepdims = keepdims}, {data});
}

}  // namespace weft::ops
