#include "ops/arg_max/op.h"
#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const ArgMaxOp& a = node.attrs<ArgMaxOp>();
  const TensorType& data = node.input(0);
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kSignedNumbers));
  WEFT_ASSIGN_OR_RETURN(const int axis, ResolveAxis(node, a.axis, data, "data"));
  TensorType reduced{DataType::kI64, data.shape};
  const auto at = reduced.shape.begin() + axis;
  if (*at == Dim(0)) {
    return node.Error("data is {}: there is no largest element along an empty dimension ({})",
                      data.ToString(), axis);
  }
  if (a.keepdims) {
    *at = 1;
  } else {
    reduced.shape.erase(at);
  }
  return std::vector<TensorType>{std::move(reduced)};
}

double Flops(const NodeTypes& node) { return NumElements(node.input(0)); }

constexpr OperandDef kInputs[] = {{"data"}};
constexpr OperandDef kOutputs[] = {{"reduced"}};
constexpr Field kFields[] = {F<&ArgMaxOp::axis>("axis"), F<&ArgMaxOp::keepdims>("keepdims"),
                             F<&ArgMaxOp::select_last_index>("select_last_index")};
static_assert(FieldCount<ArgMaxOp>() == std::size(kFields));

}  // namespace

constinit const OpDef ArgMaxOp::def = {
    .name = "ArgMax",
    .since_version = 13,
    .doc = "reduced = the index of the largest element along axis",
    .fields = kFields,
    .attributes = AttributesOf<ArgMaxOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = Flops,
    .differentiable = false,
};

Var ArgMax(Var data, int64_t axis, bool keepdims) { return EmitOn(ArgMaxOp{axis, keepdims, false}, {data}); }

}  // namespace weft::ops
