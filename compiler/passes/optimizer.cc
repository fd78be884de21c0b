#include "compiler/passes/optimizer.h"

#include <algorithm>

#include "compiler/passes/differentiate.h"
#include "ir/builder.h"
#include "ir/joined_name.h"
#include "ops/adam_w/op.h"
#include "ops/clip_scale/op.h"
#include "ops/expand/op.h"
#include "ops/gather/op.h"
#include "ops/global_norm/op.h"
#include "ops/operators.h"
#include "ops/sgd/op.h"

namespace weft {
namespace {

constexpr std::string_view kCountState = "grad.token_count";

// Positions in graph.states() of the trained parameters.
std::vector<size_t> Parameters(const Graph& graph) {
  std::vector<size_t> indices;
  for (size_t i = 0; i < graph.states().size(); ++i) {
    if (graph.states()[i].role == StateRole::kParameter) indices.push_back(i);
  }
  return indices;
}

std::shared_ptr<const Graph> ZeroInit(const TensorType& type) {
  auto graph = std::make_shared<Graph>();
  graph->name = "init";
  Builder b(*graph);
  b.Input("seed", {DataType::kI64, {}});
  b.Output(ops::Expand(b.Scalar(0, type.dtype), type.shape));
  WEFT_CHECK(b.status().ok(), "{}", Message(b.status()));
  return graph;
}

size_t AddZeroState(Builder& b, const std::string& name, const TensorType& type, StateRole role) {
  const Var value = b.Input(name, type);
  b.graph().AddState({name, role, value.id, ValueId::kNone, ZeroInit(type)});
  return b.graph().states().size() - 1;
}

bool IsDecayed(const Graph& graph, const State& state, const OptimizerOptions& options) {
  const Value& value = graph.value(state.value);
  const bool embedding = std::any_of(value.uses.begin(), value.uses.end(), [&](const Use& u) {
    return graph.node(u.node).op == &ops::GatherOp::def && u.operand == 0;
  });
  if (embedding) return options.decay_embeddings;
  return value.type.rank() >= 2 || options.decay_vectors;
}

Var InputOnce(Builder& b, std::string_view name, TensorType type) {
  const ValueId there = b.graph().Find(name);
  return there != ValueId::kNone ? b.Wrap(there) : b.Input(name, std::move(type));
}

struct Update {
  Var lr, step, scale;
};

// Emits the update of one parameter by its gradient and makes the results the states' next values.
void EmitUpdate(Builder& b, size_t parameter, Var gradient, const Update& update, float decay,
                const OptimizerOptions& options) {
  const std::string name = b.graph().states()[parameter].name;
  const Var w = b.Wrap(b.graph().states()[parameter].value);
  const TensorType type = w.type();
  b.set_scope(name);
  if (options.kind == OptimizerOptions::kAdamW) {
    const size_t m = AddZeroState(b, WithPrefix("adamw.m.", name), type, StateRole::kOptimizer);
    const size_t v = AddZeroState(b, WithPrefix("adamw.v.", name), type, StateRole::kOptimizer);
    std::vector<State>& states = b.graph().mutable_states();
    const auto next = ops::AdamW(
        {.beta1 = options.beta1, .beta2 = options.beta2, .epsilon = options.epsilon, .weight_decay = decay},
        w, gradient, b.Wrap(states[m].value), b.Wrap(states[v].value), update.lr, update.step, update.scale);
    states[parameter].next = next.param.id;
    states[m].next = next.m.id;
    states[v].next = next.v.id;
    return;
  }
  Var buffer;
  size_t state = 0;
  if (options.momentum > 0) {
    state = AddZeroState(b, WithPrefix("sgd.momentum.", name), type, StateRole::kOptimizer);
    buffer = b.Wrap(b.graph().states()[state].value);
  }
  const auto next = ops::SGD({.momentum = options.momentum, .weight_decay = decay}, w, gradient, buffer,
                             update.lr, update.scale);
  std::vector<State>& states = b.graph().mutable_states();
  states[parameter].next = next.param.id;
  if (buffer.valid()) states[state].next = next.buffer.id;
}

// Clips and updates. `gradients` of the sum of losses, one for each of `parameters`; `count` of tokens.
void EmitUpdates(Builder& b, const std::vector<size_t>& parameters, const std::vector<Var>& gradients,
                 Var count, const std::vector<bool>& decayed, const OptimizerOptions& options) {
  b.set_phase(Phase::kOptimizer);
  b.set_scope("optimizer");
  Update update;
  update.lr = InputOnce(b, "lr", {DataType::kF32, {}});
  if (options.kind == OptimizerOptions::kAdamW) update.step = InputOnce(b, "step", {DataType::kI64, {}});
  const auto clip = ops::ClipScale(ops::GlobalNorm(gradients), count, options.max_norm);
  update.scale = clip.scale;
  b.Output(clip.mean_norm, "grad_norm");
  for (size_t i = 0; i < parameters.size(); ++i) {
    EmitUpdate(b, parameters[i], gradients[i], update, decayed[i] ? options.weight_decay : 0, options);
  }
}

// The outputs' number of tokens; NaN if the loss is not finite, though its gradient may be: the update then
// changes nothing, as where the norm is not finite.
Var CountedTokens(Builder& b) {
  const Var count = b.Wrap(b.graph().Find("token_count")), loss = b.Wrap(b.graph().Find("loss_sum"));
  return count + loss * b.Scalar(0, loss.dtype());
}

// Gradients by the parameters, in their order.
StatusOr<std::vector<ValueId>> Gradients(Graph& graph, const std::vector<size_t>& parameters) {
  for (const std::string_view output : {"loss_sum", "token_count"}) {
    if (graph.Find(output) == ValueId::kNone)
      return InvalidArgument("training needs the graph output '{}'", output);
  }
  if (parameters.empty()) return InvalidArgument("there is no state of role parameter to train");
  return AddParameterGradients(graph);
}

}  // namespace

Status AddTrainingStep(Graph& graph, const OptimizerOptions& options) {
  const std::vector<size_t> parameters = Parameters(graph);
  std::vector<bool> decayed;
  for (size_t p : parameters) decayed.push_back(IsDecayed(graph, graph.states()[p], options));
  WEFT_ASSIGN_OR_RETURN(const std::vector<ValueId> gradients, Gradients(graph, parameters));
  Builder b(graph);
  std::vector<Var> vars;
  for (ValueId g : gradients) vars.push_back(b.Wrap(g));
  b.set_phase(Phase::kOptimizer);
  b.set_scope("optimizer");
  EmitUpdates(b, parameters, vars, CountedTokens(b), decayed, options);
  return b.status();
}

Status AddMicroStep(Graph& graph) {
  const std::vector<size_t> parameters = Parameters(graph);
  WEFT_ASSIGN_OR_RETURN(const std::vector<ValueId> gradients, Gradients(graph, parameters));
  Builder b(graph);
  b.set_phase(Phase::kBackward);
  auto accumulate = [&](const std::string& name, Var amount) {
    const size_t state = AddZeroState(b, name, amount.type(), StateRole::kAccumulator);
    const Var sum = b.Wrap(graph.states()[state].value) + amount;
    graph.mutable_states()[state].next = sum.id;
  };
  for (size_t i = 0; i < parameters.size(); ++i) {
    const std::string name = graph.states()[parameters[i]].name;
    b.set_scope(name);
    accumulate(WithPrefix("grad.", name), b.Wrap(gradients[i]));
  }
  b.set_scope("loss");
  accumulate(std::string(kCountState), CountedTokens(b));
  return b.status();
}

StatusOr<Graph> BuildApplyStep(const Graph& model, const OptimizerOptions& options) {
  Graph graph;
  graph.name = "apply";
  Builder b(graph);
  std::vector<size_t> parameters;
  std::vector<Var> gradients;
  std::vector<bool> decayed;
  std::vector<size_t> accumulators;
  for (size_t p : Parameters(model)) {
    const State& state = model.states()[p];
    const TensorType type = model.value(state.value).type;
    const Var value = b.Input(state.name, type);
    graph.AddState({state.name, state.role, value.id, ValueId::kNone, state.init});
    parameters.push_back(graph.states().size() - 1);
    decayed.push_back(IsDecayed(model, state, options));
    accumulators.push_back(AddZeroState(b, WithPrefix("grad.", state.name), type, StateRole::kAccumulator));
    gradients.push_back(b.Wrap(graph.states()[accumulators.back()].value));
  }
  const size_t count =
      AddZeroState(b, std::string(kCountState), {DataType::kF32, {}}, StateRole::kAccumulator);
  accumulators.push_back(count);
  EmitUpdates(b, parameters, gradients, b.Wrap(graph.states()[count].value), decayed, options);
  b.set_scope("optimizer.zero_grad");
  for (size_t a : accumulators) {
    const TensorType type = graph.value(graph.states()[a].value).type;
    const Var zeros = ops::Expand(b.Scalar(0, type.dtype), type.shape);
    graph.mutable_states()[a].next = zeros.id;
  }
  WEFT_RETURN_IF_ERROR(b.status());
  return graph;
}

std::vector<DecayGroup> DecayGroups(const Graph& model, const OptimizerOptions& options) {
  std::vector<DecayGroup> groups;
  for (size_t p : Parameters(model)) {
    groups.push_back({model.states()[p].name, IsDecayed(model, model.states()[p], options)});
  }
  return groups;
}

}  // namespace weft
