#include "compiler/passes/sample.h"

#include "ir/builder.h"
#include "ops/sample/op.h"

namespace weft {

Status AddSample(Graph& graph) {
  const ValueId logits = graph.Find("logits");
  if (logits == ValueId::kNone || !graph.IsOutput(logits) || graph.value(logits).type.rank() != 2) {
    return InvalidArgument(
        "sampling needs the graph output 'logits' [batch, vocab]: run last_token before it");
  }
  Builder b(graph);
  b.set_scope("sample");
  ops::SampleInputs in;
  in.logits = b.Wrap(logits);
  const Dim batch = in.logits.shape()[0];
  const TensorType numbers{in.logits.dtype(), {batch}};
  const TensorType integers{DataType::kI64, {batch}};
  in.temperature = b.Input("temperature", numbers);
  in.top_k = b.Input("top_k", integers);
  in.top_p = b.Input("top_p", numbers);
  in.min_p = b.Input("min_p", numbers);
  in.repetition_penalty = b.Input("repetition_penalty", numbers);
  in.history = b.Input("history", {DataType::kI64, {batch, Dim::Symbol("history")}});
  in.seed = b.Input("seed", integers);
  in.step = b.Input("step", integers);
  graph.SetOutputs({});
  const ops::SampleVars out = ops::Sample(in, /*stream=*/0);
  b.Output(out.token, "token");
  b.Output(out.logprob, "logprob");
  return b.status();
}

}  // namespace weft
