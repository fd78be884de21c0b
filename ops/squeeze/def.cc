#include "ops/common/axes.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/views.h"
#include "ops/squeeze/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckWholeBytes(node, 0));
  const TensorType& data = node.input(0);
  const auto& a = node.attrs<SqueezeOp>();
  WEFT_RETURN_IF_ERROR(ResolveAxes(node, a.axes, data.rank(), "data").status());
  const std::vector<bool> gone = AxisFlags(a.axes, data.rank());
  TensorType y{data.dtype, {}};
  for (size_t i = 0; i < data.shape.size(); ++i) {
    const bool one = data.shape[i] == Dim(1);
    if (gone[i] && !one) {
      return node.Error("axis {} of data {} is {}, expected 1", i, data.ToString(), data.shape[i].ToString());
    }
    if (!gone[i] && !(a.axes.empty() && one)) y.shape.push_back(data.shape[i]);
  }
  return std::vector<TensorType>{std::move(y)};
}

constexpr Field kFields[] = {F<&SqueezeOp::axes>("axes", 1, kOptionalOperand)};
static_assert(FieldCount<SqueezeOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"data"}};
constexpr OperandDef kOutputs[] = {{"squeezed"}};

}  // namespace

constinit const OpDef SqueezeOp::def = {
    .name = "Squeeze",
    .since_version = 24,
    .doc = "data without dimensions of 1",
    .fields = kFields,
    .attributes = AttributesOf<SqueezeOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = NoFlops,
    .view = ReshapeAsView,
    .in_place = kFirstInPlace,
    .precision = {.kind = Precision::kMove},
};

Var Squeeze(Var data, std::vector<int64_t> axes) {
  return EmitOn(SqueezeOp{.axes = std::move(axes)}, {data});
}

}  // namespace weft::ops
