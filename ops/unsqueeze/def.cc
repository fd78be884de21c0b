#include "ops/common/axes.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/views.h"
#include "ops/unsqueeze/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckWholeBytes(node, 0));
  const TensorType& data = node.input(0);
  const auto& a = node.attrs<UnsqueezeOp>();
  const int rank = data.rank() + static_cast<int>(a.axes.size());
  WEFT_RETURN_IF_ERROR(ResolveAxes(node, a.axes, rank, "expanded").status());
  const std::vector<bool> put_in = AxisFlags(a.axes, rank);
  TensorType y{data.dtype, {}};
  auto next = data.shape.begin();
  for (bool one : put_in) y.shape.push_back(one ? Dim(1) : *next++);
  return std::vector<TensorType>{std::move(y)};
}

constexpr Field kFields[] = {F<&UnsqueezeOp::axes>("axes", 1)};
static_assert(FieldCount<UnsqueezeOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"data"}};
constexpr OperandDef kOutputs[] = {{"expanded"}};

}  // namespace

constinit const OpDef UnsqueezeOp::def = {
    .name = "Unsqueeze",
    .since_version = 24,
    .doc = "data with dimensions of 1 put in",
    .fields = kFields,
    .attributes = AttributesOf<UnsqueezeOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = NoFlops,
    .view = ReshapeAsView,
    .in_place = kFirstInPlace,
    .precision = {.kind = Precision::kMove},
};

Var Unsqueeze(Var data, std::vector<int64_t> axes) {
  return EmitOn(UnsqueezeOp{.axes = std::move(axes)}, {data});
}

}  // namespace weft::ops
