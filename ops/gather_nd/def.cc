#include "ops/common/cost.h"
#include "ops/common/emit.h"
#include "ops/common/nd_indices.h"
#include "ops/gather_nd/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  const int64_t batch_dims = node.attrs<GatherNDOp>().batch_dims;
  WEFT_ASSIGN_OR_RETURN(const int k, CheckNdIndices(node, batch_dims));
  return std::vector<TensorType>{{node.input(0).dtype, PickedShape(node, batch_dims, k)}};
}

// Only the slices that are picked are read.
double Bytes(const NodeTypes& node) { return BytesOf(node.input(1)) + 2 * BytesOf(node.output(0)); }

constexpr OperandDef kInputs[] = {{"data"}, {"indices"}};
constexpr OperandDef kOutputs[] = {{"output"}};
constexpr Field kFields[] = {F<&GatherNDOp::batch_dims>("batch_dims")};
static_assert(FieldCount<GatherNDOp>() == std::size(kFields));

}  // namespace

constinit const OpDef GatherNDOp::def = {
    .name = "GatherND",
    .since_version = 13,
    .doc = "output[q.., :] = data[indices[q.., 0], .., indices[q.., k-1], :]",
    .fields = kFields,
    .attributes = AttributesOf<GatherNDOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = NoFlops,
    .bytes = Bytes,
    .precision = {.kind = Precision::kMove},
};

Var GatherND(Var data, Var indices, int64_t batch_dims) {
  return EmitOn(GatherNDOp{batch_dims}, {data, indices});
}

}  // namespace weft::ops
