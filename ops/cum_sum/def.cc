#include "ops/common/axis.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/cum_sum/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kSignedNumbers));
  WEFT_RETURN_IF_ERROR(ResolveAxis(node, node.attrs<CumSumOp>().axis, node.input(0), "x").status());
  return std::vector<TensorType>{node.input(0)};
}

constexpr Field kFields[] = {F<&CumSumOp::axis>("axis", 1), F<&CumSumOp::exclusive>("exclusive"),
                             F<&CumSumOp::reverse>("reverse")};
static_assert(FieldCount<CumSumOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"x"}};
constexpr OperandDef kOutputs[] = {{"y"}};

}  // namespace

constinit const OpDef CumSumOp::def = {
    .name = "CumSum",
    .since_version = 14,
    .doc = "y[i] = the sum of x[0..i] along axis",
    .fields = kFields,
    .attributes = AttributesOf<CumSumOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
};

Var CumSum(Var x, int64_t axis, CumSumOp attributes) {
  attributes.axis = axis;
  return EmitOn(attributes, {x});
}

}  // namespace weft::ops
