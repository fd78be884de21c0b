#include "ops/common/broadcast.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/pow/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kSignedNumbers));
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 1, kNumbers));
  WEFT_ASSIGN_OR_RETURN(Dims shape, BroadcastInputs(node));
  return std::vector<TensorType>{{node.input(0).dtype, std::move(shape)}};
}

constexpr OperandDef kInputs[] = {{"X"}, {"Y"}};
constexpr OperandDef kOutputs[] = {{"Z"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef PowOp::def = {
    .name = "Pow",
    .since_version = 15,
    .doc = "z = x^y, broadcast",
    .attributes = AttributesOf<PowOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
    .element = Element<ElementFunction::kPow>,
};

Var Pow(Var x, Var y) { return EmitOn(PowOp{}, {x, y}); }
Var Pow(Var x, double y) { return x.valid() ? Pow(x, x.builder->Scalar(y, x.dtype())) : Var{}; }

}  // namespace weft::ops
