#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/softmax_def.h"
#include "ops/exp/op.h"
#include "ops/operators.h"
#include "ops/reduce_sum/op.h"
#include "ops/softmax/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  return InferSoftmax(node, node.attrs<SoftmaxOp>().axis);
}

void Body(Builder&, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const int64_t axis = node.attrs<SoftmaxOp>().axis;
  const Var e = Exp(ShiftedByMax(in[0], axis));
  out[0] = e / ReduceSum(e, {axis});
}

constexpr Field kFields[] = {F<&SoftmaxOp::axis>("axis")};
static_assert(FieldCount<SoftmaxOp>() == std::size(kFields));

}  // namespace

constinit const OpDef SoftmaxOp::def = {
    .name = "Softmax",
    .since_version = 13,
    .doc = "y = exp(x - max(x)) / sum of exp(x - max(x)), along axis",
    .fields = kFields,
    .attributes = AttributesOf<SoftmaxOp>(),
    .inputs = kOperandInput,
    .outputs = kOperandOutput,
    .infer = Infer,
    .decompose = Body,
    .flops = SoftmaxFlops,
    .in_place = kFirstInPlace,
};

Var Softmax(Var x, int64_t axis) { return EmitOn(SoftmaxOp{axis}, {x}); }

}  // namespace weft::ops
