#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/in_f32.h"
#include "ops/operators.h"
#include "ops/pack_weight/op.h"
#include "ops/packed_product/op.h"
#include "ops/product/op.h"
#include "ops/reshape/op.h"
#include "ops/slice/op.h"
#include "ops/transpose/op.h"

namespace weft::ops {
namespace {

constexpr size_t kA = 0, kB = 1, kBias = 2, kAccumulator = 3;

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<PackedProductOp>();
  WEFT_RETURN_IF_ERROR(CheckDataType(node, kA, kFloats));
  WEFT_RETURN_IF_ERROR(CheckEqualTypes(node));
  const TensorType &a = node.input(kA), &b = node.input(kB);
  if (a.rank() < 2 || !a.shape.back().is_constant())
    return node.Error("a is {}, expected two dimensions or more, the last a number", a.ToString());
  if (attrs.columns < 0) return node.Error("columns is {}, expected 0 or more", attrs.columns);
  const Dims packed = PackedShape(attrs.columns, a.shape.back().value());
  if (b.shape != packed) {
    return node.Error("b has shape {}, expected {} ({} columns, {} rows packed)", ToString(b.shape),
                      ToString(packed), attrs.columns, a.shape.back().ToString());
  }
  TensorType y = a;
  y.shape.back() = attrs.columns;
  if (node.has_input(kBias) && node.input(kBias).shape != Dims{attrs.columns}) {
    return node.Error("bias has shape {}, expected [{}] (last dimension of y {})",
                      ToString(node.input(kBias).shape), attrs.columns, ToString(y.shape));
  }
  if (node.has_input(kAccumulator) && node.input(kAccumulator) != y)
    return node.Error("accumulator is {}, expected {} (as y)", node.input(kAccumulator).ToString(),
                      y.ToString());
  return std::vector<TensorType>{y};
}

// The weight as it was, then its product.
void Body(Builder&, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& attrs = node.attrs<PackedProductOp>();
  const int64_t n = attrs.columns, k = in[kA].dim(-1).value();
  const Dims& packed = node.input(kB).shape;
  const Dims whole = {packed[0].value() * kPackedOutputs, packed[1].value() * kPackedInputs};
  const bool empty = whole[0] == Dim(0) || whole[1] == Dim(0);
  Var weight = EmitOn(ReshapeOp{.shape = whole, .allowzero = empty}, {Transpose(in[kB], {0, 3, 1, 2, 4})});
  if (whole != Dims{n, k}) weight = Slice(weight, {0, 0}, {n, k}, {0, 1});
  const auto optional = [&](size_t i) { return i < in.size() ? in[i] : Var{}; };
  out[0] = Product(in[kA], weight, {.trans_b = true, .alpha = attrs.alpha}, optional(kBias),
                   optional(kAccumulator));
}

bool WideResults(const NodeTypes& node) {
  return node.attrs<PackedProductOp>().f32_result ||
         (node.has_input(kAccumulator) && node.input(kAccumulator).dtype == DataType::kF32);
}

double Flops(const NodeTypes& node) {
  return 2 * NumElements(node.output(0)) * static_cast<double>(node.input(kA).shape.back().value());
}

constexpr Field kFields[] = {F<&PackedProductOp::columns>("columns"), F<&PackedProductOp::alpha>("alpha"),
                             F<&PackedProductOp::f32_result>("f32_result")};
static_assert(FieldCount<PackedProductOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {
    {"a"}, {"b"}, {"bias", OperandDef::kOptional}, {"accumulator", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {{"y"}};
constexpr InPlacePair kInPlace[] = {{kAccumulator, 0}};

}  // namespace

constinit const OpDef PackedProductOp::def = {
    .name = "PackedProduct",
    .domain = "weft",
    .doc = "y = alpha a b^T + bias + accumulator, b packed",
    .fields = kFields,
    .attributes = AttributesOf<PackedProductOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = InF32<Body>,
    .flops = Flops,
    .in_place = kInPlace,
    .precision = {.kind = Precision::kNarrow, .wide_inputs = 0b1100, .wide_results = WideResults},
};

Var PackedProduct(Var a, Var b, PackedProductOp attributes, Var bias, Var accumulator) {
  return EmitOn(attributes, {a, b, bias, accumulator});
}

}  // namespace weft::ops
