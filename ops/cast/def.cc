#include "base/quote.h"
#include "ops/cast/op.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& a = node.attrs<CastOp>();
  WEFT_RETURN_IF_ERROR(CheckWholeBytes(node, 0));
  if (SizeInBits(a.to) < 8) {
    return node.Error("to is {}, expected a type of whole bytes (4-bit elements are packed in pairs)",
                      Name(a.to));
  }
  if (a.round_mode != "up" && a.round_mode != "down" && a.round_mode != "nearest") {
    return node.Error("round_mode is {}, expected up, down or nearest", Quote(a.round_mode));
  }
  return std::vector<TensorType>{{a.to, node.input(0).shape}};
}

constexpr Field kFields[] = {F<&CastOp::to>("to"), F<&CastOp::saturate>("saturate"),
                             F<&CastOp::round_mode>("round_mode")};
static_assert(FieldCount<CastOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"input"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

ElementForm ElementOf(const NodeTypes& node) {
  const DataType from = node.input(0).dtype;
  if (!IsFloat(node.attrs<CastOp>().to)) return {.why_not = "it casts to a type that is no float"};
  if (from == DataType::kBool) return {ElementFunction::kFromBool};
  if (IsFloat(from)) return {ElementFunction::kCopy};
  return {.why_not = "it casts whole numbers"};
}

}  // namespace

constinit const OpDef CastOp::def = {
    .name = "Cast",
    .since_version = 24,
    .doc = "each element in another type",
    .fields = kFields,
    .attributes = AttributesOf<CastOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
    .precision = {.kind = Precision::kMove},
    .element = ElementOf,
};

Var Cast(Var input, DataType to) {
  return input.valid() && input.dtype() == to ? input : EmitOn(CastOp{.to = to}, {input});
}

}  // namespace weft::ops
