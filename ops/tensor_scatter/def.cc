#include "base/quote.h"
#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/emit.h"
#include "ops/common/operand_checks.h"
#include "ops/tensor_scatter/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const TensorScatterOp& a = node.attrs<TensorScatterOp>();
  const TensorType& past = node.input(0);
  const TensorType& update = node.input(1);
  if (a.mode != "linear" && a.mode != "circular") {
    return node.Error("mode is {}, expected linear or circular", Quote(a.mode));
  }
  if (SizeInBits(past.dtype) < 8) {
    return node.Error("past_cache is {}, expected a type of whole bytes", Name(past.dtype));
  }
  WEFT_ASSIGN_OR_RETURN(const int axis, ResolveAxis(node, a.axis, past, "past_cache"));
  if (axis == 0)
    return node.Error("axis is {}: dimension 0 of past_cache {} is the batch", a.axis, past.ToString());
  TensorType expected = past;
  const auto at = static_cast<size_t>(axis);
  if (update.rank() == past.rank()) expected.shape[at] = update.shape[at];
  WEFT_RETURN_IF_ERROR(CheckType(node, 1, expected));
  const Dim &n = past.shape[at], &s = update.shape[at];
  if (n.is_constant() && s.is_constant() && s.value() > n.value()) {
    return node.Error("update is {}: {} entries do not fit in dimension {} of past_cache {}",
                      update.ToString(), s.value(), axis, past.ToString());
  }
  WEFT_RETURN_IF_ERROR(CheckType(node, 2, {DataType::kI64, {past.shape[0]}}));
  return std::vector<TensorType>{past};
}

constexpr OperandDef kInputs[] = {{"past_cache"}, {"update"}, {"write_indices", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {{"present_cache"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};
constexpr Field kFields[] = {F<&TensorScatterOp::axis>("axis"), F<&TensorScatterOp::mode>("mode")};
static_assert(FieldCount<TensorScatterOp>() == std::size(kFields));

}  // namespace

constinit const OpDef TensorScatterOp::def = {
    .name = "TensorScatter",
    .since_version = 24,
    .doc = "present = past_cache; present[b, .., write_indices[b] + i, ..] = update[b, .., i, ..]",
    .fields = kFields,
    .attributes = AttributesOf<TensorScatterOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = NoFlops,
    .in_place = kInPlace,
};

Var TensorScatter(Var past_cache, Var update, Var write_indices, int64_t axis, std::string mode) {
  return EmitOn(TensorScatterOp{axis, std::move(mode)}, {past_cache, update, write_indices});
}

}  // namespace weft::ops
