#include "ops/cast/op.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/common/quantized_rows.h"
#include "ops/concat/op.h"
#include "ops/gather/op.h"
#include "ops/operators.h"
#include "ops/product/op.h"
#include "ops/quantized_product/op.h"
#include "ops/reshape/op.h"
#include "ops/slice/op.h"
#include "ops/unsqueeze/op.h"

namespace weft::ops {
namespace {

constexpr size_t kA = 0, kB = 1, kScales = 2, kBias = 3;

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const auto& attrs = node.attrs<QuantizedProductOp>();
  WEFT_RETURN_IF_ERROR(CheckQuantization(node, attrs.bits, attrs.group));
  WEFT_RETURN_IF_ERROR(CheckDataType(node, kA, kFloats));
  WEFT_RETURN_IF_ERROR(CheckDataType(node, kScales, kFloats));
  const TensorType &a = node.input(kA), &b = node.input(kB), &scales = node.input(kScales);
  if (a.rank() < 2 || !a.shape.back().is_constant())
    return node.Error("a is {}, expected two dimensions or more, the last a number", a.ToString());
  const int64_t k = a.shape.back().value();
  const DataType codes = QuantizedType(attrs.bits);
  const Dim row = QuantizedRowBytes(k, attrs.bits), groups = QuantGroups(k, attrs.group);
  if (b.dtype != codes || b.rank() != 2 || b.shape[1] != row) {
    return node.Error("b is {}, expected {}[n, {}] ({} bits of the last dimension of a {})", b.ToString(),
                      Name(codes), row.ToString(), attrs.bits, a.ToString());
  }
  const Dim n = b.shape[0];
  if (scales.shape != Dims{n, groups}) {
    return node.Error("scales has shape {}, expected [{}, {}] (groups of {} of the last dimension of a {})",
                      ToString(scales.shape), n.ToString(), groups.ToString(), attrs.group, a.ToString());
  }
  TensorType y = a;
  y.shape.back() = n;
  if (node.has_input(kBias) && (node.input(kBias).shape != Dims{n} || node.input(kBias).dtype != a.dtype)) {
    return node.Error("bias is {}, expected {}[{}]", node.input(kBias).ToString(), Name(a.dtype),
                      n.ToString());
  }
  return std::vector<TensorType>{y};
}

// b's numbers, [N, K] in `dtype`. Of 4 bits, the halves of each byte side by side.
Var Codes(Var b, int64_t bits, int64_t k, DataType dtype) {
  if (bits == 8) return Cast(b, dtype);
  const Var bytes = Cast(b, DataType::kI32);
  const Var high = Cast(Cast(bytes, dtype) * 0.0625, DataType::kI32);  // cut toward zero
  const Var low = bytes - high * 16.0;
  const Var pairs = Concat({Unsqueeze(low, {2}), Unsqueeze(high, {2})}, 2);
  const Dims shape = {b.dim(0), b.dim(1) * Dim(2)};
  const bool empty = b.dim(0) == Dim(0) || k == 0;
  const Var all = EmitOn(ReshapeOp{.shape = shape, .allowzero = empty}, {pairs});
  const Var kept = k % 2 == 0 ? all : Slice(all, {0}, {k}, {1});
  return Cast(kept, dtype) - static_cast<double>(kNibbleZero);
}

// scales of each element: [N, K].
Var SpreadScales(Builder& b, Var scales, int64_t k, int64_t group) {
  Tensor at = Tensor::Zeros(DataType::kI64, {k});
  for (int64_t i = 0; i < k; ++i) at.as_mutable<int64_t>()[static_cast<size_t>(i)] = i / group;
  return Gather(scales, b.Constant(std::move(at), "group_of"), 1);
}

void Body(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const auto& attrs = node.attrs<QuantizedProductOp>();
  const Var a = in[kA];
  const bool narrow = a.dtype() == DataType::kBF16;
  const DataType dtype = narrow ? DataType::kF32 : a.dtype();
  const int64_t k = a.dim(-1).value();
  const Var scales = Cast(in[kScales], dtype);
  const Var weight = Codes(in[kB], attrs.bits, k, dtype) * SpreadScales(b, scales, k, attrs.group);
  const Var bias = in.size() > kBias ? in[kBias] : Var{};
  out[0] = Product(a, narrow ? Cast(weight, DataType::kBF16) : weight,
                   {.trans_b = true, .alpha = attrs.alpha, .f32_result = attrs.f32_result}, bias);
}

double Flops(const NodeTypes& node) {
  return 2 * NumElements(node.output(0)) * static_cast<double>(node.input(kA).shape.back().value());
}

bool WideResults(const NodeTypes& node) { return node.attrs<QuantizedProductOp>().f32_result; }

constexpr Field kFields[] = {F<&QuantizedProductOp::bits>("bits"), F<&QuantizedProductOp::group>("group"),
                             F<&QuantizedProductOp::alpha>("alpha"),
                             F<&QuantizedProductOp::f32_result>("f32_result")};
static_assert(FieldCount<QuantizedProductOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"a"}, {"b"}, {"scales"}, {"bias", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {{"y"}};

}  // namespace

constinit const OpDef QuantizedProductOp::def = {
    .name = "QuantizedProduct",
    .domain = "weft",
    .doc = "y = alpha a (b * scales)^T + bias, b in 8 or 4 bits",
    .fields = kFields,
    .attributes = AttributesOf<QuantizedProductOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = Body,
    .flops = Flops,
    .precision = {.kind = Precision::kNarrow,
                  .wide_inputs = 0b1100,
                  .wide_results = WideResults,
                  .rounds_inside = true},
};

Var QuantizedProduct(Var a, Var b, Var scales, QuantizedProductOp attributes, Var bias) {
  return EmitOn(attributes, {a, b, scales, bias});
}

}  // namespace weft::ops
