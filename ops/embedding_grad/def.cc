#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/embedding_grad/op.h"

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
  return std::vector<TensorType>{std::move(dw)};
}

// One addition for each element of dy.
double Flops(const NodeTypes& node) { return NumElements(node.input(1)); }

// dw is cleared; dy is read, and the rows it meets read and written.
double Bytes(const NodeTypes& node) {
  return BytesOf(node.input(0)) + 3 * BytesOf(node.input(1)) + BytesOf(node.output(0));
}

constexpr OperandDef kInputs[] = {{"indices"}, {"dy"}};
constexpr OperandDef kOutputs[] = {{"dw"}};
constexpr Field kFields[] = {F<&EmbeddingGradOp::num_rows>("num_rows"), F<&EmbeddingGradOp::axis>("axis")};
static_assert(FieldCount<EmbeddingGradOp>() == std::size(kFields));

}  // namespace

constinit const OpDef EmbeddingGradOp::def = {
    .name = "EmbeddingGrad",
    .domain = "weft",
    .doc = "dw[.., v, ..] = sum of dy[.., i, ..] over indices[i] = v",
    .fields = kFields,
    .attributes = AttributesOf<EmbeddingGradOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = Flops,
    .bytes = Bytes,
};

Var EmbeddingGrad(Var indices, Var dy, Dim num_rows, int64_t axis) {
  if (!dy.builder) return {};
  return dy.builder->Emit(EmbeddingGradOp{std::move(num_rows), axis}, {indices, dy});
}

}  // namespace weft::ops
