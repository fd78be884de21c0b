#include "ops/common/cost.h"
#include "ops/common/emit.h"
#include "ops/concat/op.h"
#include "ops/expand/op.h"
#include "ops/operators.h"
#include "ops/pack_weight/op.h"
#include "ops/reshape/op.h"
#include "ops/transpose/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const TensorType& weight = node.input(0);
  if (!IsFloat(weight.dtype) || weight.rank() != 2 || !IsConstant(weight.shape))
    return node.Error("weight is {}, expected floats [N, K], both numbers", weight.ToString());
  return std::vector<TensorType>{
      {weight.dtype, PackedShape(weight.shape[0].value(), weight.shape[1].value())}};
}

// Zeros behind x along the axis, until it has `size`.
Var Filled(Builder& b, Var x, int64_t axis, int64_t size) {
  Dims rest = x.shape();
  rest[static_cast<size_t>(axis)] = size - x.dim(static_cast<int>(axis)).value();
  if (rest[static_cast<size_t>(axis)] == Dim(0)) return x;
  return Concat({x, Expand(b.Scalar(0, x.dtype()), rest)}, axis);
}

void Body(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const Dims& packed = node.output(0).shape;
  const int64_t outputs = packed[0].value() * kPackedOutputs, inputs = packed[1].value() * kPackedInputs;
  const Var whole = Filled(b, Filled(b, in[0], 1, inputs), 0, outputs);
  const bool empty = outputs == 0 || inputs == 0;
  const Dims blocks = {packed[0], kPackedOutputs, packed[1], kPackedPairs, 2};
  out[0] = Transpose(EmitOn(ReshapeOp{.shape = blocks, .allowzero = empty}, {whole}), {0, 2, 3, 1, 4});
}

constexpr OperandDef kInputs[] = {{"weight"}};
constexpr OperandDef kOutputs[] = {{"packed"}};

}  // namespace

constinit const OpDef PackWeightOp::def = {
    .name = "PackWeight",
    .domain = "weft",
    .doc = "a weight in blocks of 64 outputs and 32 inputs, in pairs of inputs",
    .attributes = AttributesOf<PackWeightOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = Body,
    .flops = NoFlops,
    .precision = {.kind = Precision::kMove},
};

Var PackWeight(Var weight) { return EmitOn(PackWeightOp{}, {weight}); }

}  // namespace weft::ops
