#include "compiler/passes/last_token.h"

#include "ir/builder.h"
#include "ops/gather_nd/op.h"
#include "ops/mat_mul/op.h"
#include "ops/operators.h"
#include "ops/product/op.h"
#include "ops/unsqueeze/op.h"

namespace weft {
namespace {

// True where the node multiplies each row of its operand 0 [batch, seq, k] by one matrix: it may as well
// multiply the rows that are wanted.
bool IsRowwiseProduct(const Graph& graph, const Node& node) {
  const auto rank = [&](size_t i) { return graph.value(node.inputs[i]).type.rank(); };
  if (node.op == &ops::MatMulOp::def) return rank(0) == 3 && rank(1) == 2;
  if (node.op != &ops::ProductOp::def || node.attrs<ops::ProductOp>().trans_a) return false;
  const bool accumulates = node.inputs.size() > 3 && node.inputs[3] != ValueId::kNone;
  return rank(0) == 3 && rank(1) == 2 && !accumulates;
}

// Row length-1 of each sequence: x [batch, seq, n] -> [batch, n].
Var LastRows(Var x, Var length) {
  Builder& b = *x.builder;
  const Var last = length - b.Scalar(1, DataType::kI64);
  return ops::GatherND(x, ops::Unsqueeze(last, {1}), /*batch_dims=*/1);
}

}  // namespace

Status AddLastToken(Graph& graph) {
  const ValueId id = graph.Find("logits");
  if (id == ValueId::kNone || !graph.IsOutput(id) || graph.value(id).type.rank() != 3) {
    return InvalidArgument("last_token needs the graph output 'logits' [batch, seq, vocab]");
  }
  const NodeId producer = graph.value(id).producer;
  Builder b(graph);
  const Var length = b.Input("length", {DataType::kI64, {graph.value(id).type.shape[0]}});
  Var rows;
  if (producer != NodeId::kNone && IsRowwiseProduct(graph, graph.node(producer))) {
    const Node head = graph.node(producer);
    b.set_scope("last_token");
    std::vector<Var> inputs;
    for (const ValueId input : head.inputs) inputs.push_back(input == ValueId::kNone ? Var() : b.Wrap(input));
    inputs[0] = LastRows(inputs[0], length);
    b.set_scope(head.scope);
    rows = b.EmitAll(*head.op, head.attributes, inputs)[0];
  } else {
    b.set_scope("last_token");
    rows = LastRows(b.Wrap(id), length);
  }
  WEFT_RETURN_IF_ERROR(b.status());
  std::vector<ValueId> outputs = graph.outputs();
  graph.Rename(id, graph.UniqueName("all_logits"));
  graph.Rename(rows.id, "logits");
  for (ValueId& output : outputs) {
    if (output == id) output = rows.id;
  }
  graph.SetOutputs(std::move(outputs));
  return OkStatus();
}

}  // namespace weft
