#include "ops/common/broadcast.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/where/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kBools));
  WEFT_RETURN_IF_ERROR(CheckWholeBytes(node, 1));
  WEFT_RETURN_IF_ERROR(CheckEqualTypes(node, 1));
  WEFT_ASSIGN_OR_RETURN(Dims shape, BroadcastInputs(node));
  return std::vector<TensorType>{{node.input(1).dtype, std::move(shape)}};
}

constexpr OperandDef kInputs[] = {{"condition"}, {"X"}, {"Y"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr InPlacePair kInPlace[] = {{1, 0}, {2, 0}};

}  // namespace

constinit const OpDef WhereOp::def = {
    .name = "Where",
    .since_version = 16,
    .doc = "X where the condition holds, else Y",
    .attributes = AttributesOf<WhereOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
    .precision = {.kind = Precision::kMove},
    .element = Element<ElementFunction::kWhere>,
};

Var Where(Var condition, Var x, Var y) { return EmitOn(WhereOp{}, {condition, x, y}); }

}  // namespace weft::ops
