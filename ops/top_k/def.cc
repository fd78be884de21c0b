#include <cmath>

#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/top_k/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const TopKOp& a = node.attrs<TopKOp>();
  const TensorType& x = node.input(0);
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kSignedNumbers));
  WEFT_ASSIGN_OR_RETURN(const int axis, ResolveAxis(node, a.axis, x, "X"));
  const Dim& n = x.shape[static_cast<size_t>(axis)];
  if (a.k < 0 || (n.is_constant() && a.k > n.value())) {
    return node.Error("k is {}, expected 0 to {} (dimension {} of X {})", a.k, n.ToString(), axis,
                      x.ToString());
  }
  TensorType values = x;
  values.shape[static_cast<size_t>(axis)] = a.k;
  return std::vector<TensorType>{values, {DataType::kI64, values.shape}};
}

// Comparisons: n to find the k, k log k to order them.
double Flops(const NodeTypes& node) {
  const auto k = static_cast<double>(node.attrs<TopKOp>().k);
  return NumElements(node.input(0)) + NumElements(node.output(0)) * std::log2(k + 1);
}

constexpr OperandDef kInputs[] = {{"X"}};
constexpr OperandDef kOutputs[] = {{"Values"}, {"Indices"}};
constexpr Field kFields[] = {F<&TopKOp::k>("K", 1, kVectorOperand), F<&TopKOp::axis>("axis"),
                             F<&TopKOp::largest>("largest"), F<&TopKOp::sorted>("sorted")};
static_assert(FieldCount<TopKOp>() == std::size(kFields));

}  // namespace

constinit const OpDef TopKOp::def = {
    .name = "TopK",
    .since_version = 24,
    .doc = "the k largest elements along axis, and their indices",
    .fields = kFields,
    .attributes = AttributesOf<TopKOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = Flops,
};

TopKVars TopK(Var x, int64_t k, int64_t axis, bool largest) {
  if (!x.builder) return {};
  const std::vector<Var> out = x.builder->EmitMany(TopKOp{k, axis, largest, true}, {x}, 0);
  return {out[0], out[1]};
}

}  // namespace weft::ops
