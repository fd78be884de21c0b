#include "ops/common/axis.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/gather/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const TensorType& data = node.input(0);
  const TensorType& indices = node.input(1);
  WEFT_ASSIGN_OR_RETURN(const int axis, ResolveAxis(node, node.attrs<GatherOp>().axis, data, "data"));
  if (SizeInBits(data.dtype) < 8) {
    return node.Error("data is {}, expected a type of whole bytes", Name(data.dtype));
  }
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 1, kIndices));
  TensorType out{data.dtype, Dims(data.shape.begin(), data.shape.begin() + axis)};
  out.shape.insert(out.shape.end(), indices.shape.begin(), indices.shape.end());
  out.shape.insert(out.shape.end(), data.shape.begin() + axis + 1, data.shape.end());
  return std::vector<TensorType>{std::move(out)};
}

// Only the rows that are picked are read.
double Bytes(const NodeTypes& node) { return BytesOf(node.input(1)) + 2 * BytesOf(node.output(0)); }

constexpr OperandDef kInputs[] = {{"data"}, {"indices"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr Field kFields[] = {F<&GatherOp::axis>("axis")};
static_assert(FieldCount<GatherOp>() == std::size(kFields));

}  // namespace

constinit const OpDef GatherOp::def = {
    .name = "Gather",
    .since_version = 13,
    .doc = "output[.., i.., ..] = data[.., indices[i..], ..]",
    .fields = kFields,
    .attributes = AttributesOf<GatherOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = NoFlops,
    .bytes = Bytes,
    .precision = {.kind = Precision::kMove},
};

Var Gather(Var data, Var indices, int64_t axis) {
  return data.builder ? data.builder->Emit(GatherOp{axis}, {data, indices}) : Var{};
}

}  // namespace weft::ops
