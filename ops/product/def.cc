#include "ops/common/broadcast.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/in_f32.h"
#include "ops/mat_mul/op.h"
#include "ops/operators.h"
#include "ops/product/op.h"
#include "ops/transpose/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<ProductOp>();
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  WEFT_RETURN_IF_ERROR(CheckEqualTypes(node));
  const TensorType& a = node.input(0);
  const TensorType& b = node.input(1);
  if (a.rank() < 2 || b.rank() < 2) {
    return node.Error("a is {} and b is {}, expected at least two dimensions each", a.ToString(),
                      b.ToString());
  }
  const ProductSizes sizes = SizesOf(attrs, a.shape, b.shape);
  const Dim other = b.shape[b.shape.size() - (attrs.trans_b ? 1 : 2)];
  if (sizes.k != other) {
    return node.Error("a {}{} and b {}{} do not multiply: inner dimensions {} and {}", ToString(a.shape),
                      attrs.trans_a ? " transposed" : "", ToString(b.shape),
                      attrs.trans_b ? " transposed" : "", sizes.k.ToString(), other.ToString());
  }
  const std::optional<Dims> batch =
      Broadcast(Dims(a.shape.begin(), a.shape.end() - 2), Dims(b.shape.begin(), b.shape.end() - 2));
  if (!batch)
    return node.Error("the batches of a {} and b {} do not broadcast", ToString(a.shape), ToString(b.shape));
  TensorType y{a.dtype, *batch};
  y.shape.push_back(sizes.m);
  y.shape.push_back(sizes.n);
  if (node.has_input(2) && node.input(2).shape != Dims{sizes.n}) {
    return node.Error("bias has shape {}, expected [{}] (last dimension of y {})",
                      ToString(node.input(2).shape), sizes.n.ToString(), ToString(y.shape));
  }
  if (node.has_input(3) && node.input(3) != y) {
    return node.Error("accumulator is {}, expected {} (as y)", node.input(3).ToString(), y.ToString());
  }
  return std::vector<TensorType>{y};
}

Var SwapLast(Var x) {
  std::vector<int64_t> perm;
  for (int i = 0; i < x.rank(); ++i) perm.push_back(i);
  std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
  return Transpose(x, perm);
}

void Expand(Builder&, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& attrs = node.attrs<ProductOp>();
  Var y = MatMul(attrs.trans_a ? SwapLast(in[0]) : in[0], attrs.trans_b ? SwapLast(in[1]) : in[1]);
  if (attrs.alpha != 1.0f) y = y * static_cast<double>(attrs.alpha);
  if (in.size() > 2 && in[2].valid()) y = y + in[2];
  if (in.size() > 3 && in[3].valid()) y = y + in[3];
  out[0] = y;
}

bool WideResults(const NodeTypes& node) {
  return node.attrs<ProductOp>().f32_result || (node.has_input(3) && node.input(3).dtype == DataType::kF32);
}

double Flops(const NodeTypes& node) {
  const auto& attrs = node.attrs<ProductOp>();
  const ProductSizes sizes = SizesOf(attrs, node.input(0).shape, node.input(1).shape);
  return 2 * NumElements(node.output(0)) * static_cast<double>(sizes.k.value());
}

constexpr Field kFields[] = {F<&ProductOp::trans_a>("trans_a"), F<&ProductOp::trans_b>("trans_b"),
                             F<&ProductOp::alpha>("alpha"), F<&ProductOp::f32_result>("f32_result")};
static_assert(FieldCount<ProductOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {
    {"a"}, {"b"}, {"bias", OperandDef::kOptional}, {"accumulator", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {{"y"}};
constexpr InPlacePair kInPlace[] = {{3, 0}};

}  // namespace

constinit const OpDef ProductOp::def = {
    .name = "Product",
    .domain = "weft",
    .doc = "y = alpha op(a) op(b) + bias + accumulator",
    .fields = kFields,
    .attributes = AttributesOf<ProductOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Expand>,
    .flops = Flops,
    .in_place = kInPlace,
    .precision = {.kind = Precision::kNarrow, .wide_inputs = 0b1100, .wide_results = WideResults},
};

ProductSizes SizesOf(const ProductOp& attrs, const Dims& a, const Dims& b) {
  const size_t ra = a.size(), rb = b.size();
  return {a[ra - (attrs.trans_a ? 1 : 2)], b[rb - (attrs.trans_b ? 2 : 1)], a[ra - (attrs.trans_a ? 2 : 1)]};
}

Var Product(Var a, Var b, ProductOp attributes, Var bias, Var accumulator) {
  return EmitOn(attributes, {a, b, bias, accumulator});
}

}  // namespace weft::ops
