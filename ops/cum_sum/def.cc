#include "ops/common/axis.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/cum_sum/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(ResolveAxis(node, node.attrs<CumSumOp>().axis, node.input(0), "x").status());
  return InferUnary(node, kSignedNumbers);
}

constexpr OperandDef kInputs[] = {{"x"}};
constexpr OperandDef kOutputs[] = {{"y"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};
constexpr Field kFields[] = {F<&CumSumOp::axis>("axis", 1), F<&CumSumOp::exclusive>("exclusive"),
                             F<&CumSumOp::reverse>("reverse")};
static_assert(FieldCount<CumSumOp>() == std::size(kFields));

}  // namespace

constinit const OpDef CumSumOp::def = {
    .name = "CumSum",
    .since_version = 14,
    .doc = "y[i] = x[0] + .. + x[i] along axis",
    .fields = kFields,
    .attributes = AttributesOf<CumSumOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var CumSum(Var x, int64_t axis, bool exclusive, bool reverse) {
  return EmitOn(CumSumOp{axis, exclusive, reverse}, {x});
}

}  // namespace weft::ops
