#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/erf/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) { return InferUnary(node, kFloats); }

constexpr OperandDef kInputs[] = {{"input"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr InPlacePair kInPlace[] = {{0, 0}};

}  // namespace

constinit const OpDef ErfOp::def = {
    .name = "Erf",
    .since_version = 13,
    .doc = "y = 2 / sqrt(pi) * the integral of exp(-t^2) from 0 to x",
    .attributes = AttributesOf<ErfOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .in_place = kInPlace,
};

Var Erf(Var input) { return EmitOn(ErfOp{}, {input}); }

}  // namespace weft::ops
