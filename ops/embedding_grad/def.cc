#include "ops/cast/op.h"
#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/zeros.h"
#include "ops/embedding_grad/op.h"
#include "ops/operators.h"
#include "ops/scatter_nd/op.h"
#include "ops/transpose/op.h"
#include "ops/unsqueeze/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const EmbeddingGradOp& a = node.attrs<EmbeddingGradOp>();
  const TensorType& indices = node.input(0);
  const TensorType& dy = node.input(1);
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kIndices));
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 1, kFloats));
  if (a.axis < 0 || a.axis > dy.rank() - indices.rank()) {
    return node.Error("axis is {}, expected 0 to {} (indices {} must be dimensions of dy {})", a.axis,
                      dy.rank() - indices.rank(), indices.ToString(), dy.ToString());
  }
  const auto begin = dy.shape.begin() + a.axis;
  const auto end = begin + indices.rank();
  if (!std::equal(begin, end, indices.shape.begin())) {
    return node.Error("dy has shape {}, expected {} (that of indices) from dimension {} on",
                      ToString(dy.shape), ToString(indices.shape), a.axis);
  }
  if (a.num_rows.is_constant() && a.num_rows.value() < 0) {
    return node.Error("num_rows is {}, expected 0 or more", a.num_rows.value());
  }
  TensorType dw{dy.dtype, Dims(dy.shape.begin(), begin)};
  dw.shape.push_back(a.num_rows);
  dw.shape.insert(dw.shape.end(), end, dy.shape.end());
  if (node.has_input(2) && node.input(2) != dw)
    return node.Error("accumulator is {}, expected {} (as dw)", node.input(2).ToString(), dw.ToString());
  return std::vector<TensorType>{std::move(dw)};
}

// One addition for each element of dy.
double Flops(const NodeTypes& node) { return NumElements(node.input(1)); }

// dw is cleared, unless it takes the accumulator's place; dy is read, and the rows it meets read and written.
double Bytes(const NodeTypes& node) {
  const double cleared = node.has_input(2) ? 0 : BytesOf(node.output(0));
  return BytesOf(node.input(0)) + 3 * BytesOf(node.input(1)) + cleared;
}

// dy with the dimensions of indices first, scattered, and num_rows moved back to its place.
void DecomposeNode(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  const EmbeddingGradOp& a = node.attrs<EmbeddingGradOp>();
  const Var indices = in[0];
  Var dy = in[1];
  if (node.has_input(2)) {
    out[0] = in[2] + EmbeddingGrad(indices, dy, a.num_rows, a.axis);
    return;
  }
  const int64_t q = indices.rank(), rank = dy.rank();
  std::vector<int64_t> front, back;
  for (int64_t d = 0; d < rank; ++d) front.push_back(d < q ? a.axis + d : d < q + a.axis ? d - q : d);
  for (int64_t d = 0; d < rank - q + 1; ++d) back.push_back(d < a.axis ? d + 1 : d == a.axis ? 0 : d);
  if (a.axis > 0) dy = Transpose(dy, front);
  Dims shape = {a.num_rows};
  shape.insert(shape.end(), dy.shape().begin() + q, dy.shape().end());
  const Var tuples = Unsqueeze(Cast(indices, DataType::kI64), {-1});
  out[0] = ScatterND(Zeros(b, dy.dtype(), std::move(shape)), tuples, dy, "add");
  if (a.axis > 0) out[0] = Transpose(out[0], back);
}

constexpr OperandDef kInputs[] = {{"indices"}, {"dy"}, {"accumulator", OperandDef::kOptional}};
constexpr OperandDef kOutputs[] = {{"dw"}};
constexpr InPlacePair kInPlace[] = {{2, 0}};
constexpr Field kFields[] = {F<&EmbeddingGradOp::num_rows>("num_rows"), F<&EmbeddingGradOp::axis>("axis")};
static_assert(FieldCount<EmbeddingGradOp>() == std::size(kFields));

}  // namespace

constinit const OpDef EmbeddingGradOp::def = {
    .name = "EmbeddingGrad",
    .domain = "weft",
    .doc = "dw[.., v, ..] = accumulator[.., v, ..] + sum of dy[.., i, ..] over indices[i] = v",
    .fields = kFields,
    .attributes = AttributesOf<EmbeddingGradOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = DecomposeNode,
    .flops = Flops,
    .bytes = Bytes,
    .in_place = kInPlace,
};

Var EmbeddingGrad(Var indices, Var dy, Dim num_rows, int64_t axis, Var accumulator) {
  if (!dy.builder) return {};
  return dy.builder->Emit(EmbeddingGradOp{std::move(num_rows), axis}, {indices, dy, accumulator});
}

}  // namespace weft::ops
