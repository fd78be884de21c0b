#include "base/quote.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/nd_indices.h"
#include "ops/common/operand_checks.h"
#include "ops/scatter_nd/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const std::string& reduction = node.attrs<ScatterNDOp>().reduction;
  if (reduction != "none") {
    if (reduction != "add" && reduction != "mul" && reduction != "max" && reduction != "min") {
      return node.Error("reduction is {}, expected none, add, mul, max or min", Quote(reduction));
    }
    WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kSignedNumbers));
  }
  WEFT_ASSIGN_OR_RETURN(const int k, CheckNdIndices(node, 0));
  WEFT_RETURN_IF_ERROR(CheckType(node, 2, {node.input(0).dtype, PickedShape(node, 0, k)}));
  return std::vector<TensorType>{node.input(0)};
}

double Flops(const NodeTypes& node) {
  return node.attrs<ScatterNDOp>().reduction == "none" ? 0 : NumElements(node.input(2));
}

constexpr OperandDef kInputs[] = {{"data"}, {"indices"}, {"updates"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};
constexpr Field kFields[] = {F<&ScatterNDOp::reduction>("reduction")};
static_assert(FieldCount<ScatterNDOp>() == std::size(kFields));

}  // namespace

constinit const OpDef ScatterNDOp::def = {
    .name = "ScatterND",
    .since_version = 18,
    .doc = "output = data; output[indices[q.., 0], .., indices[q.., k-1], :] = updates[q.., :], or combined",
    .fields = kFields,
    .attributes = AttributesOf<ScatterNDOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = Flops,
    .in_place = kInPlace,
};

Var ScatterND(Var data, Var indices, Var updates, std::string reduction) {
  return EmitOn(ScatterNDOp{std::move(reduction)}, {data, indices, updates});
}

}  // namespace weft::ops
