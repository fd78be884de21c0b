#include "ir/gradient.h"

namespace weft {

GradientContext::GradientContext(Builder& builder, NodeId node, std::vector<Var> grad_outputs,
                                 std::vector<bool> wanted)
    : builder_(builder), node_(node), grad_outputs_(std::move(grad_outputs)), wanted_(std::move(wanted)) {
  results_.resize(static_cast<size_t>(num_inputs()));
}

Var GradientContext::input(int i) const {
  const std::vector<ValueId>& inputs = builder_.graph().node(node_).inputs;
  if (i >= static_cast<int>(inputs.size()) || inputs[static_cast<size_t>(i)] == ValueId::kNone) return {};
  return builder_.Wrap(inputs[static_cast<size_t>(i)]);
}

Var GradientContext::output(int i) const {
  const std::vector<ValueId>& outputs = builder_.graph().node(node_).outputs;
  if (i >= static_cast<int>(outputs.size()) || outputs[static_cast<size_t>(i)] == ValueId::kNone) return {};
  return builder_.Wrap(outputs[static_cast<size_t>(i)]);
}

Var GradientContext::saved(int i) {
  if (Var there = output(i); there.valid()) return there;
  Graph& graph = builder_.graph();
  const NodeTypes types = graph.TypesOf(node_);
  StatusOr<std::vector<TensorType>> inferred = InferTypes(types);
  if (!inferred.ok()) {
    builder_.SetError(inferred.status());
    return {};
  }
  WEFT_CHECK(i < static_cast<int>(inferred->size()));
  const std::string base = graph.value(graph.node(node_).outputs[0]).name;
  const std::string name = fmt::format("{}.{}", base, types.op->outputs[static_cast<size_t>(i)].name);
  return builder_.Wrap(graph.EnableOutput(node_, i, name, (*inferred)[static_cast<size_t>(i)]));
}

void GradientContext::set(int i, Var gradient) {
  if (!gradient.valid()) return;
  const Var in = input(i);
  if (gradient.type() != in.type()) {
    builder_.SetError(Internal("{}: the gradient of input {} is {}, expected {}",
                               builder_.graph().Describe(node_), i, gradient.type().ToString(),
                               in.type().ToString()));
    return;
  }
  results_[static_cast<size_t>(i)] = gradient;
}

}  // namespace weft
