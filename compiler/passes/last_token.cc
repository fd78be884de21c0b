#include "compiler/passes/last_token.h"

#include <algorithm>

#include "ir/builder.h"
#include "ops/add/op.h"
#include "ops/cast/op.h"
#include "ops/div/op.h"
#include "ops/gather_nd/op.h"
#include "ops/identity/op.h"
#include "ops/mat_mul/op.h"
#include "ops/mul/op.h"
#include "ops/product/op.h"
#include "ops/quantized_product/op.h"
#include "ops/rms_normalization/op.h"
#include "ops/sub/op.h"
#include "ops/tanh/op.h"
#include "ops/unsqueeze/op.h"

namespace weft {
namespace {

// Whether output 0's row [b, s, :] is computed from operand 0's row [b, s, :] and from operands that do not
// depend on b and s. Those that the operand's shape decides have been looked at.
bool AttributesKeepRows(const Graph& graph, const Node& node) {
  const int rank = graph.value(node.inputs[0]).type.rank();
  if (node.op == &ops::ProductOp::def) {
    return !node.attrs<ops::ProductOp>().trans_a &&
           (node.inputs.size() < 4 || node.inputs[3] == ValueId::kNone);
  }
  if (node.op == &ops::RmsNormalizationOp::def) {
    const int64_t axis = node.attrs<ops::RmsNormalizationOp>().axis;
    return axis == -1 || axis == rank - 1;
  }
  return true;
}

bool KeepsRows(const Graph& graph, const Node& node) {
  static constexpr const OpDef* kRowwise[] = {&ops::ProductOp::def,
                                              &ops::MatMulOp::def,
                                              &ops::RmsNormalizationOp::def,
                                              &ops::AddOp::def,
                                              &ops::SubOp::def,
                                              &ops::MulOp::def,
                                              &ops::DivOp::def,
                                              &ops::CastOp::def,
                                              &ops::IdentityOp::def,
                                              &ops::TanhOp::def,
                                              &ops::QuantizedProductOp::def};
  if (std::find(std::begin(kRowwise), std::end(kRowwise), node.op) == std::end(kRowwise)) return false;
  // Another output (1/rms, kept for backward) would need all rows.
  for (size_t i = 1; i < node.outputs.size(); ++i) {
    if (node.outputs[i] != ValueId::kNone) return false;
  }
  const TensorType &in = graph.value(node.inputs[0]).type, &out = graph.value(node.outputs[0]).type;
  if (in.rank() != 3 || out.rank() != 3 || in.shape[0] != out.shape[0] || in.shape[1] != out.shape[1])
    return false;
  const bool product = node.op == &ops::ProductOp::def || node.op == &ops::MatMulOp::def;
  const size_t matrices = product                                    ? 1
                          : node.op == &ops::QuantizedProductOp::def ? 2
                                                                     : 0;  // of the operands behind a
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    if (node.inputs[i] == ValueId::kNone) continue;
    const int rank = graph.value(node.inputs[i]).type.rank();
    if (rank > (i <= matrices ? 2 : 1)) return false;
  }
  return AttributesKeepRows(graph, node);
}

}  // namespace

Status KeepLastToken(Graph& graph) {
  const ValueId logits = graph.Find("logits");
  const std::vector<ValueId>& outputs = graph.outputs();
  const auto output = std::find(outputs.begin(), outputs.end(), logits);
  if (output == outputs.end() || graph.value(logits).type.rank() != 3) {
    return InvalidArgument("last_token needs the graph output 'logits' [batch, seq, vocab]");
  }
  if (graph.Find("lengths") != ValueId::kNone) return InvalidArgument("there is a value 'lengths' already");
  const size_t position = static_cast<size_t>(output - outputs.begin());

  std::vector<NodeId> chain;  // from the logits back; what comes before is the same for all rows
  ValueId x = logits;
  for (NodeId id = graph.value(x).producer; id != NodeId::kNone && KeepsRows(graph, graph.node(id));
       id = graph.value(x).producer) {
    chain.push_back(id);
    x = graph.node(id).inputs[0];
  }

  Builder b(graph);
  b.set_scope("last_token");
  const Var lengths = b.Input("lengths", {DataType::kI64, {graph.value(logits).type.shape[0]}});
  const Var last = ops::Sub(lengths, b.Scalar(1, DataType::kI64));
  Var rows = ops::GatherND(b.Wrap(x), ops::Unsqueeze(last, {1}), /*batch_dims=*/1);  // [batch, d]
  for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
    const Node node = graph.node(*it);
    std::vector<Var> operands;
    for (ValueId v : node.inputs) operands.push_back(v == ValueId::kNone ? Var{} : b.Wrap(v));
    operands[0] = rows;
    b.set_scope(node.scope);
    b.set_phase(node.phase);
    rows = b.EmitAll(*node.op, node.attributes, operands)[0];
  }
  WEFT_RETURN_IF_ERROR(b.status());
  std::vector<ValueId> results = outputs;
  results[position] = rows.id;
  graph.SetOutputs(std::move(results));
  graph.Rename(logits, graph.UniqueName("logits.all"));
  graph.Rename(rows.id, "logits");
  for (NodeId id : chain) {
    const ValueId all = graph.node(id).outputs[0];
    if (graph.value(all).uses.empty() && !graph.IsOutput(all)) graph.EraseNode(id);
  }
  return OkStatus();
}

}  // namespace weft
