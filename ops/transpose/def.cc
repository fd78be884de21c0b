#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/transpose/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckWholeBytes(node, 0));
  const TensorType& data = node.input(0);
  const std::vector<int64_t> perm = ResolvedPerm(node.attrs<TransposeOp>(), data.rank());
  std::vector<bool> seen(data.shape.size(), false);
  bool valid = perm.size() == data.shape.size();
  for (size_t i = 0; valid && i < perm.size(); ++i) {
    valid = perm[i] >= 0 && perm[i] < data.rank() && !seen[static_cast<size_t>(perm[i])];
    if (valid) seen[static_cast<size_t>(perm[i])] = true;
  }
  if (!valid) {
    return node.Error("{}, expected each of the {} axes of data {} once",
                      DescribeAttributes(node.op->fields, node.attributes), data.rank(), data.ToString());
  }
  TensorType y{data.dtype, {}};
  for (int64_t p : perm) y.shape.push_back(data.shape[static_cast<size_t>(p)]);
  return std::vector<TensorType>{std::move(y)};
}

// Where only dimensions of size 1 move, the elements stay in their order.
bool AsView(const NodeTypes& node, int, View* view) {
  *view = {.kind = View::kReshape};
  if (node.input(0).num_elements() == Dim(0)) return true;
  int64_t last = -1;
  for (int64_t p : ResolvedPerm(node.attrs<TransposeOp>(), node.input(0).rank())) {
    if (node.input(0).shape[static_cast<size_t>(p)] == Dim(1)) continue;
    if (p < last) return false;
    last = p;
  }
  return true;
}

constexpr Field kFields[] = {F<&TransposeOp::perm>("perm")};
static_assert(FieldCount<TransposeOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"data"}};
constexpr OperandDef kOutputs[] = {{"transposed"}};

}  // namespace

constinit const OpDef TransposeOp::def = {
    .name = "Transpose",
    .since_version = 24,
    .doc = "output dimension i is data's dimension perm[i]",
    .fields = kFields,
    .attributes = AttributesOf<TransposeOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = NoFlops,
    .view = AsView,
    .precision = {.kind = Precision::kMove},
};

std::vector<int64_t> ResolvedPerm(const TransposeOp& op, int rank) {
  if (!op.perm.empty()) return op.perm;
  std::vector<int64_t> perm;
  for (int i = rank - 1; i >= 0; --i) perm.push_back(i);
  return perm;
}

Var Transpose(Var data, std::vector<int64_t> perm) {
  return EmitOn(TransposeOp{.perm = std::move(perm)}, {data});
}

}  // namespace weft::ops
