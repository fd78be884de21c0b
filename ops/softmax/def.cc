#include "ops/common/cost.h"
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

double Flops(const NodeTypes& node) { return 5 * NumElements(node.output(0)); }

constexpr Field kFields[] = {F<&SoftmaxOp::axis>("axis")};
static_assert(FieldCount<SoftmaxOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"input"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef SoftmaxOp::def = {
    .name = "Softmax",
    .since_version = 13,
    .doc = "y = exp(x - max(x)) / sum of exp(x - max(x)), along axis",
    .fields = kFields,
    .attributes = AttributesOf<SoftmaxOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = Body,
    .flops = Flops,
    .in_place = kInPlace,
};

Var Softmax(Var x, int64_t axis) { return EmitOn(SoftmaxOp{axis}, {x}); }

}  // namespace weft::ops
