#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/softmax_def.h"
#include "ops/exp/op.h"
#include "ops/log/op.h"
#include "ops/log_softmax/op.h"
#include "ops/operators.h"
#include "ops/reduce_sum/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  return InferSoftmax(node, node.attrs<LogSoftmaxOp>().axis);
}

void Body(Builder&, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const int64_t axis = node.attrs<LogSoftmaxOp>().axis;
  const Var shifted = ShiftedByMax(in[0], axis);
  out[0] = shifted - Log(ReduceSum(Exp(shifted), {axis}));
}

constexpr Field kFields[] = {F<&LogSoftmaxOp::axis>("axis")};
static_assert(FieldCount<LogSoftmaxOp>() == std::size(kFields));

}  // namespace

constinit const OpDef LogSoftmaxOp::def = {
    .name = "LogSoftmax",
    .since_version = 13,
    .doc = "y = x - log(sum of exp(x)), along axis",
    .fields = kFields,
    .attributes = AttributesOf<LogSoftmaxOp>(),
    .inputs = kOperandInput,
    .outputs = kOperandOutput,
    .infer = Infer,
    .decompose = Body,
    .flops = SoftmaxFlops,
    .in_place = kFirstInPlace,
};

Var LogSoftmax(Var x, int64_t axis) { return EmitOn(LogSoftmaxOp{axis}, {x}); }

}  // namespace weft::ops
