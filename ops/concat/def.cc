#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/views.h"
#include "ops/concat/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const TensorType& first = node.input(0);
  WEFT_RETURN_IF_ERROR(CheckWholeBytes(node, 0));
  WEFT_RETURN_IF_ERROR(CheckEqualTypes(node));
  WEFT_ASSIGN_OR_RETURN(const int axis, ResolveAxis(node, node.attrs<ConcatOp>().axis, first, "input 0"));
  TensorType y = first;
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    const TensorType& x = node.input(i);
    bool fits = x.rank() == first.rank();
    for (int d = 0; fits && d < x.rank(); ++d) {
      const auto at = static_cast<size_t>(d);
      fits = d == axis || x.shape[at] == first.shape[at];
    }
    if (!fits) {
      return node.Error("input {} is {}, expected the shape of input 0 {} but for axis {}", i, x.ToString(),
                        first.ToString(), axis);
    }
    Dim& sum = y.shape[static_cast<size_t>(axis)];
    sum = sum + x.shape[static_cast<size_t>(axis)];
  }
  return std::vector<TensorType>{std::move(y)};
}

constexpr Field kFields[] = {F<&ConcatOp::axis>("axis")};
static_assert(FieldCount<ConcatOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"inputs", OperandDef::kVariadic}};
constexpr OperandDef kOutputs[] = {{"concat_result"}};

// Of one tensor, or of one beside empty ones.
bool AsView(const NodeTypes& node, int, View* view) {
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (node.input(i).shape != node.output(0).shape) continue;
    *view = {.kind = View::kReshape, .input = static_cast<int>(i)};
    return true;
  }
  return false;
}

}  // namespace

constinit const OpDef ConcatOp::def = {
    .name = "Concat",
    .since_version = 13,
    .doc = "the inputs one after the other along an axis",
    .fields = kFields,
    .attributes = AttributesOf<ConcatOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = NoFlops,
    .view = AsView,
    .precision = {.kind = Precision::kMove},
};

bool PartOfConcat(const NodeTypes& node, int input, View* view) {
  const Dims& y = node.output(0).shape;
  const int axis = ResolvedAxis(node.attrs<ConcatOp>().axis, static_cast<int>(y.size()));
  std::vector<int64_t> starts(y.size(), 0);
  for (int i = 0; i < input; ++i) {
    starts[static_cast<size_t>(axis)] +=
        node.input(static_cast<size_t>(i)).shape[static_cast<size_t>(axis)].value();
  }
  return SliceAsView(ToShape(y), starts, ToShape(node.input(static_cast<size_t>(input)).shape), view);
}

Var Concat(const std::vector<Var>& inputs, int64_t axis) { return EmitOnAny(ConcatOp{axis}, inputs); }

}  // namespace weft::ops
