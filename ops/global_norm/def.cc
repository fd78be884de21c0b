#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/global_norm/op.h"
#include "ops/operators.h"
#include "ops/reduce_sum/op.h"
#include "ops/sqrt/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    WEFT_RETURN_IF_ERROR(CheckDataType(node, i, kFloats));
    if (node.input(i).dtype != node.input(0).dtype) {
      return node.Error("gradient {} is {}, expected {} (that of gradient 0)", i, Name(node.input(i).dtype),
                        Name(node.input(0).dtype));
    }
  }
  return std::vector<TensorType>{{node.input(0).dtype, {}}};
}

double Flops(const NodeTypes& node) {
  double flops = 1;
  for (const TensorType* type : node.inputs) flops += 2 * NumElements(*type);
  return flops;
}

void DecomposeNode(Builder&, const NodeTypes&, std::span<const Var> gradients, std::span<Var> out) {
  Var sum;
  for (const Var& g : gradients) {
    const Var squares = ReduceSum(g * g, {}, false);
    sum = sum.valid() ? sum + squares : squares;
  }
  out[0] = Sqrt(sum);
}

constexpr OperandDef kInputs[] = {{"gradients", OperandDef::kVariadic}};
constexpr OperandDef kOutputs[] = {{"norm"}};

}  // namespace

constinit const OpDef GlobalNormOp::def = {
    .name = "GlobalNorm",
    .domain = "weft",
    .doc = "norm = sqrt(sum of the squares of all elements of all gradients)",
    .attributes = AttributesOf<GlobalNormOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = DecomposeNode,
    .flops = Flops,
    .differentiable = false,
};

Var GlobalNorm(std::span<const Var> gradients) {
  WEFT_CHECK(!gradients.empty());
  return EmitOnAny(GlobalNormOp{}, gradients);
}

}  // namespace weft::ops
