#include "ops/common/broadcast.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/gemm/op.h"
#include "ops/mat_mul/op.h"
#include "ops/operators.h"
#include "ops/transpose/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<GemmOp>();
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  const TensorType& a = node.input(0);
  const TensorType& b = node.input(1);
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    if (node.has_input(i) && node.input(i).dtype != a.dtype) {
      return node.Error("A is {}, {} is {}, expected equal types", Name(a.dtype), node.op->inputs[i].name,
                        Name(node.input(i).dtype));
    }
  }
  if (a.rank() != 2 || b.rank() != 2) {
    return node.Error("A is {} and B is {}, expected two dimensions each", a.ToString(), b.ToString());
  }
  const Dim &k = a.shape[attrs.transA ? 0 : 1], &other = b.shape[attrs.transB ? 1 : 0];
  if (k != other) {
    return node.Error("A {}{} and B {}{} do not multiply: inner dimensions {} and {}", ToString(a.shape),
                      attrs.transA ? " transposed" : "", ToString(b.shape), attrs.transB ? " transposed" : "",
                      k.ToString(), other.ToString());
  }
  TensorType y{a.dtype, {a.shape[attrs.transA ? 1 : 0], b.shape[attrs.transB ? 0 : 1]}};
  if (node.has_input(2) && Broadcast(y.shape, node.input(2).shape) != y.shape) {
    return node.Error("C has shape {}, which does not broadcast to {} (that of Y)",
                      ToString(node.input(2).shape), ToString(y.shape));
  }
  return std::vector<TensorType>{std::move(y)};
}

void Body(Builder&, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& attrs = node.attrs<GemmOp>();
  Var y = MatMul(attrs.transA ? Transpose(in[0]) : in[0], attrs.transB ? Transpose(in[1]) : in[1]);
  if (attrs.alpha != 1.0f) y = y * static_cast<double>(attrs.alpha);
  if (in.size() > 2 && in[2].valid() && attrs.beta != 0.0f) {
    y = y + (attrs.beta == 1.0f ? in[2] : in[2] * static_cast<double>(attrs.beta));
  }
  out[0] = y;
}

double Flops(const NodeTypes& node) {
  const Dim& k = node.input(0).shape[node.attrs<GemmOp>().transA ? 0 : 1];
  return 2 * NumElements(node.output(0)) * static_cast<double>(k.value());
}

constexpr Field kFields[] = {F<&GemmOp::alpha>("alpha"), F<&GemmOp::beta>("beta"),
                             F<&GemmOp::transA>("transA"), F<&GemmOp::transB>("transB")};
static_assert(FieldCount<GemmOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"A"}, {"B"}, {"C", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {{"Y"}};

}  // namespace

constinit const OpDef GemmOp::def = {
    .name = "Gemm",
    .since_version = 13,
    .doc = "y = alpha op(A) op(B) + beta C",
    .fields = kFields,
    .attributes = AttributesOf<GemmOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = Body,
    .flops = Flops,
};

Var Gemm(Var a, Var b, Var c, GemmOp attributes) { return EmitOn(attributes, {a, b, c}); }

}  // namespace weft::ops
