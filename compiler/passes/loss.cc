#include "compiler/passes/loss.h"

#include "ir/builder.h"
#include "ops/cast/op.h"
#include "ops/equal/op.h"
#include "ops/logical_not/op.h"
#include "ops/reduce_sum/op.h"
#include "ops/reshape/op.h"
#include "ops/softmax_cross_entropy_loss/op.h"

namespace weft {

Status AddLoss(Graph& graph, double z_loss) {
  const ValueId logits_id = graph.Find("logits");
  if (logits_id == ValueId::kNone || !graph.IsOutput(logits_id) || graph.value(logits_id).type.rank() != 3) {
    return InvalidArgument("a loss needs the graph output 'logits' [batch, seq, vocab]");
  }
  Builder b(graph);
  b.set_scope("loss");
  const Var logits = b.Wrap(logits_id);
  const Dims shape = logits.shape();
  const Dim tokens = shape[0] * shape[1];
  const Var labels = ops::Reshape(b.Input("labels", {DataType::kI64, {shape[0], shape[1]}}), {tokens});
  const Var loss = ops::SoftmaxCrossEntropyLoss(
      ops::Reshape(logits, {tokens, shape[2]}), labels,
      {.reduction = "sum", .ignore_index = kIgnoredLabel, .z_loss = static_cast<float>(z_loss)});
  const Var ignored = b.Scalar(static_cast<double>(kIgnoredLabel), DataType::kI64);
  const Var kept = ops::Cast(ops::Not(ops::Equal(labels, ignored)), DataType::kF32);
  const Var count = ops::ReduceSum(kept, {0}, /*keepdims=*/false);
  graph.SetOutputs({});
  b.Output(loss, "loss_sum");
  b.Output(count, "token_count");
  return b.status();
}

}  // namespace weft
