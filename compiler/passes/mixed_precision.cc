#include "compiler/passes/mixed_precision.h"

#include <algorithm>
#include <map>

#include "compiler/passes/kept_scopes.h"
#include "ir/builder.h"
#include "ir/joined_name.h"
#include "ops/cast/op.h"
#include "ops/product/op.h"
#include "ops/quantized_product/op.h"

namespace weft {
namespace {

constexpr std::string_view kCopyPrefix = "bf16.";

size_t Index(ValueId v) { return static_cast<size_t>(v); }

// Of what the parameter was joined from, where it was.
std::string CopyNameOf(const std::string& parameter) { return WithPrefix(kCopyPrefix, parameter); }

// The parameter that the state is a copy of; null: it is none.
const std::string* SourceOf(const State& state) {
  if (state.role != StateRole::kDerived || !state.name.starts_with(kCopyPrefix) || state.init == nullptr)
    return nullptr;
  return &state.init->value(state.init->inputs()[0]).name;
}

// The initial value of a copy: the source, rounded.
std::shared_ptr<const Graph> CopyInit(const std::string& source, const Dims& shape) {
  auto graph = std::make_shared<Graph>();
  graph->name = "init";
  Builder b(*graph);
  b.Output(ops::Cast(b.Input(source, {DataType::kF32, shape}), DataType::kBF16));
  WEFT_CHECK(b.status().ok(), "{}", Message(b.status()));
  return graph;
}

class Pass {
 public:
  Pass(Graph& graph, const MixedPrecisionOptions& options, KeptScopes kept)
      : graph_(graph), options_(options), kept_(std::move(kept)) {}

  Status Run() {
    for (const Value* v : Outputs()) before_.push_back(v->type.dtype);
    const std::vector<NodeId> order = graph_.NodeIds();
    FindWants(order);
    for (NodeId id : order) WEFT_RETURN_IF_ERROR(Retype(id));
    WEFT_RETURN_IF_ERROR(RestoreOutputs());
    return WriteCopies();
  }

 private:
  Precision::Kind KindOf(const Node& node) const {
    if (node.phase == Phase::kOptimizer || kept_.Has(node.scope)) return Precision::kWide;
    return node.op->precision.kind;
  }
  DataType TypeOf(ValueId v) const { return graph_.value(v).type.dtype; }
  bool Is(ValueId v, DataType dtype) const { return v != ValueId::kNone && TypeOf(v) == dtype; }

  // Graph outputs, then next values of states.
  std::vector<const Value*> Outputs() const {
    std::vector<const Value*> values;
    for (ValueId v : graph_.outputs()) values.push_back(&graph_.value(v));
    for (const State& s : graph_.states()) {
      if (s.next != ValueId::kNone && !graph_.value(s.next).is_input) values.push_back(&graph_.value(s.next));
    }
    return values;
  }

  // ---- what readers want

  void FindWants(const std::vector<NodeId>& order) {
    wants_f32_.assign(graph_.num_value_slots(), true);
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
      for (ValueId v : graph_.node(*it).outputs) {
        if (v != ValueId::kNone) wants_f32_[Index(v)] = AllWantF32(v);
      }
    }
  }
  bool AllWantF32(ValueId v) const {
    const std::vector<Use>& uses = graph_.value(v).uses;
    return std::all_of(uses.begin(), uses.end(), [&](const Use& use) { return WantsF32(use); });
  }
  bool WantsF32(const Use& use) const {
    const Node& node = graph_.node(use.node);
    const Precision::Kind kind = KindOf(node);
    if (kind == Precision::kWide) return true;
    if (kind == Precision::kNarrow) return !node.op->precision.narrow_input(static_cast<size_t>(use.operand));
    return std::all_of(node.outputs.begin(), node.outputs.end(),
                       [&](ValueId v) { return v == ValueId::kNone || wants_f32_[Index(v)]; });
  }

  // ---- parameters

  const State* ParameterOf(ValueId v) const {
    const State* state = graph_.value(v).is_input ? graph_.FindState(v) : nullptr;
    return state != nullptr && state->role == StateRole::kParameter ? state : nullptr;
  }

  ValueId CopyOf(const State& parameter) {
    const std::string source = parameter.name;
    const std::string name = CopyNameOf(source);
    if (const State* there = graph_.FindStateByName(name)) return there->value;
    const Dims shape = graph_.value(parameter.value).type.shape;
    const ValueId copy = graph_.AddInput(graph_.UniqueName(name), {DataType::kBF16, shape});
    graph_.AddState({name, StateRole::kDerived, copy, ValueId::kNone, CopyInit(source, shape)});
    return copy;
  }

  // ---- values in another type

  // Beside its producer, so that all that follows may read it.
  ValueId CastTo(ValueId v, DataType dtype) {
    const auto [it, is_new] = casts_.try_emplace({v, dtype}, ValueId::kNone);
    if (!is_new) return it->second;
    const NodeId producer = graph_.value(v).producer;
    Builder b(graph_, producer != NodeId::kNone ? graph_.node(producer).next : First());
    if (producer != NodeId::kNone) {
      b.set_scope(graph_.node(producer).scope);
      b.set_phase(graph_.node(producer).phase);
    }
    return it->second = ops::Cast(b.Wrap(v), dtype).id;
  }
  NodeId First() const {
    const std::vector<NodeId> order = graph_.NodeIds();
    return order.empty() ? NodeId::kNone : order.front();
  }

  // The value as bf16: a parameter's copy, or a cast.
  ValueId Narrow(ValueId v) {
    const State* parameter = ParameterOf(v);
    return parameter != nullptr ? CopyOf(*parameter) : CastTo(v, DataType::kBF16);
  }

  void SetOperand(NodeId id, size_t i, ValueId v) { graph_.SetOperand(id, static_cast<int>(i), v); }

  // ---- nodes

  Status Retype(NodeId id) {
    const Node& node = graph_.node(id);
    switch (KindOf(node)) {
      case Precision::kWide:
        MakeWide(id);
        break;
      case Precision::kNarrow:
        MakeNarrow(id);
        break;
      case Precision::kFollow:
        TakeCasts(id);
        break;
      case Precision::kMove:
        MakeEqual(id);
        break;
    }
    if (KindOf(node) == Precision::kNarrow) {
      SetResult<ops::ProductOp>(id);
      SetResult<ops::QuantizedProductOp>(id);
    }
    WEFT_ASSIGN_OR_RETURN(const std::vector<TensorType> types, InferTypes(graph_.TypesOf(id)));
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i] != ValueId::kNone) graph_.SetType(node.outputs[i], types[i]);
    }
    return OkStatus();
  }

  void MakeWide(NodeId id) {
    const Node& node = graph_.node(id);
    if (node.op->precision.kind == Precision::kMove && node.inputs.size() == 1) return;  // a Cast, a Reshape
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (!Is(node.inputs[i], DataType::kBF16)) continue;
      // What its row keeps apart, and a state holds in bf16 (scales of a quantised weight), it takes as it
      // is.
      if (node.op->precision.mixes() && !node.op->precision.narrow_input(i) &&
          graph_.value(node.inputs[i]).is_input)
        continue;
      SetOperand(id, i, CastTo(node.inputs[i], DataType::kF32));
    }
  }

  void MakeNarrow(NodeId id) {
    const Node& node = graph_.node(id);
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const ValueId v = node.inputs[i];
      if (!Is(v, DataType::kF32) || !node.op->precision.narrow_input(i)) continue;
      SetOperand(id, i, Narrow(v));
    }
  }

  // Beside a bf16 operand, one that has been cast for another reader is read as that.
  void TakeCasts(NodeId id) {
    const Node& node = graph_.node(id);
    if (std::none_of(node.inputs.begin(), node.inputs.end(),
                     [&](ValueId v) { return Is(v, DataType::kBF16); }))
      return;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (!node.op->precision.narrow_input(i)) continue;
      const auto cast = casts_.find({node.inputs[i], DataType::kBF16});
      if (cast != casts_.end()) SetOperand(id, i, cast->second);
    }
  }

  // What is moved together has one type: bf16 where a part of it is.
  void MakeEqual(NodeId id) {
    const Node& node = graph_.node(id);
    const bool narrow = std::any_of(node.inputs.begin(), node.inputs.end(),
                                    [&](ValueId v) { return Is(v, DataType::kBF16); });
    for (size_t i = 0; narrow && i < node.inputs.size(); ++i) {
      if (Is(node.inputs[i], DataType::kF32)) SetOperand(id, i, Narrow(node.inputs[i]));
    }
  }

  // Of a product whose every reader wants f32.
  template <class Op>
  void SetResult(NodeId id) {
    const Node& node = graph_.node(id);
    if (node.op != &Op::def || !wants_f32_[Index(node.outputs[0])]) return;
    Op attributes = node.attrs<Op>();
    attributes.f32_result = true;
    graph_.SetAttributes(id, std::make_shared<Op>(attributes));
  }

  // ---- the graph's face

  // An output that became bf16 is cast back and keeps its name.
  Status RestoreOutputs() {
    const std::vector<const Value*> now = Outputs();
    std::vector<ValueId> changed;
    for (size_t i = 0; i < now.size(); ++i) {
      if (now[i]->type.dtype == before_[i]) continue;
      const ValueId v = graph_.Find(now[i]->name);
      if (std::find(changed.begin(), changed.end(), v) == changed.end()) changed.push_back(v);
    }
    for (ValueId v : changed) {
      const std::string name = graph_.value(v).name;
      const ValueId wide = CastTo(v, DataType::kF32);
      graph_.Rename(v, graph_.UniqueName(name + ".bf16"));
      graph_.Rename(wide, name);
      std::vector<ValueId> outputs = graph_.outputs();
      std::replace(outputs.begin(), outputs.end(), v, wide);
      graph_.SetOutputs(std::move(outputs));
      for (State& s : graph_.mutable_states()) {
        if (s.next == v) s.next = wide;
      }
    }
    return OkStatus();
  }

  // Copies follow their sources.
  Status WriteCopies() {
    for (const std::string& name : options_.copied) {
      const State* source = graph_.FindStateByName(name);
      if (source != nullptr && source->role == StateRole::kParameter) CopyOf(*source);
    }
    Builder b(graph_);
    b.set_phase(Phase::kOptimizer);
    for (size_t i = 0; i < graph_.states().size(); ++i) {
      const State& copy = graph_.states()[i];
      const std::string* name = SourceOf(copy);
      if (name == nullptr) continue;
      const State* source = graph_.FindStateByName(*name);
      if (source == nullptr || source->next == ValueId::kNone || copy.next != ValueId::kNone) continue;
      b.set_scope(source->name);
      const Var next = ops::Cast(b.Wrap(source->next), DataType::kBF16);
      WEFT_RETURN_IF_ERROR(b.status());
      graph_.mutable_states()[i].next = next.id;
    }
    return OkStatus();
  }

  Graph& graph_;
  const MixedPrecisionOptions& options_;
  KeptScopes kept_;
  std::vector<DataType> before_;
  std::vector<bool> wants_f32_;
  std::map<std::pair<ValueId, DataType>, ValueId> casts_;
};

}  // namespace

Status MixedPrecision(Graph& graph, const MixedPrecisionOptions& options) {
  WEFT_ASSIGN_OR_RETURN(KeptScopes kept, KeptScopes::Make("keep-f32", options.keep_f32));
  WEFT_RETURN_IF_ERROR(kept.Check(graph));
  return Pass(graph, options, std::move(kept)).Run();
}

std::vector<std::string> CopiedParameters(const Graph& graph) {
  std::vector<std::string> names;
  for (const State& s : graph.states()) {
    if (const std::string* source = SourceOf(s)) names.push_back(*source);
  }
  return names;
}

}  // namespace weft
