#include "ops/common/broadcast.h"
#include "ops/common/cost.h"
#include "ops/common/elementwise_def.h"
#include "ops/common/emit.h"
#include "ops/mat_mul/op.h"

namespace weft::ops {
namespace {

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kSignedNumbers));
  WEFT_RETURN_IF_ERROR(CheckEqualTypes(node));
  Dims a = node.input(0).shape, b = node.input(1).shape;
  if (a.empty() || b.empty())
    return node.Error("A is {} and B is {}, scalars do not multiply", ToString(a), ToString(b));
  const bool row = a.size() == 1, column = b.size() == 1;
  if (row) a.insert(a.begin(), 1);
  if (column) b.push_back(1);
  if (a.back() != b[b.size() - 2]) {
    return node.Error("A {} and B {} do not multiply: inner dimensions {} and {}",
                      ToString(node.input(0).shape), ToString(node.input(1).shape), a.back().ToString(),
                      b[b.size() - 2].ToString());
  }
  std::optional<Dims> y = Broadcast(Dims(a.begin(), a.end() - 2), Dims(b.begin(), b.end() - 2));
  if (!y) return node.Error("the batches of A {} and B {} do not broadcast", ToString(a), ToString(b));
  if (!row) y->push_back(a[a.size() - 2]);
  if (!column) y->push_back(b.back());
  return std::vector<TensorType>{{node.input(0).dtype, *y}};
}

double Flops(const NodeTypes& node) {
  return 2 * NumElements(node.output(0)) * static_cast<double>(node.input(0).shape.back().value());
}

constexpr OperandDef kInputs[] = {{"A"}, {"B"}};
constexpr OperandDef kOutputs[] = {{"Y"}};

}  // namespace

constinit const OpDef MatMulOp::def = {
    .name = "MatMul",
    .since_version = 13,
    .doc = "y = a b, matrices of the last two dimensions",
    .attributes = AttributesOf<MatMulOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .flops = Flops,
};

Var MatMul(Var a, Var b) { return EmitOn(MatMulOp{}, {a, b}); }

}  // namespace weft::ops
