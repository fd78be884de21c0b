#include "tools/verify/shrink.h"

#include <algorithm>
#include <set>

#include "compiler/passes/bind.h"
#include "compiler/passes/dead_code.h"
#include "compiler/passes/infer_shapes.h"
#include "ir/body.h"

namespace weft {
namespace {

size_t Index(ValueId v) { return static_cast<size_t>(v); }

class Shrinker {
 public:
  Shrinker(Trial trial, const ShrinkOptions& options) : best_(std::move(trial)), options_(options) {}

  Trial Run() {
    for (bool changed = true; changed && tries_ < options_.max_tries;) {
      changed = false;
      changed |= KeepOneResult();
      changed |= BindSymbols();
      changed |= CutNodes();
      changed |= BypassNodes();
      changed |= DropStates();
      changed |= DropGradients();
      changed |= ShrinkSizes();
      changed |= SimplifyNumbers();
    }
    return std::move(best_);
  }

 private:
  // Takes the candidate if it is valid and still fails.
  bool Try(Trial candidate) {
    if (tries_ >= options_.max_tries) return false;
    RemoveDeadCode(candidate.graph);
    Tidy(&candidate);
    if (candidate.graph.num_nodes() == 0 && best_.graph.num_nodes() > 0) return false;
    if (!Verify(candidate.graph).ok()) return false;
    ++tries_;
    if (!options_.fails(candidate)) return false;
    best_ = std::move(candidate);
    return true;
  }

  // One output or one next value of a state alone, else half of them.
  bool KeepOneResult() {
    const std::vector<ValueId> outputs = best_.graph.outputs();
    const size_t states = best_.graph.states().size();
    size_t results = outputs.size();
    for (const State& s : best_.graph.states()) results += s.next != ValueId::kNone;
    if (results <= 1) return false;
    for (size_t keep = 0; keep < outputs.size() + states; ++keep) {
      Trial t = best_;
      t.graph.SetOutputs(keep < outputs.size() ? std::vector<ValueId>{outputs[keep]}
                                               : std::vector<ValueId>{});
      for (size_t i = 0; i < states; ++i) {
        if (i + outputs.size() != keep) t.graph.mutable_states()[i].next = ValueId::kNone;
      }
      if (Try(std::move(t))) return true;
    }
    bool changed = false;
    for (size_t drop = outputs.size(); drop-- > 0;) {
      Trial t = best_;
      std::vector<ValueId> rest = t.graph.outputs();
      if (drop >= rest.size()) continue;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(drop));
      t.graph.SetOutputs(std::move(rest));
      changed |= Try(std::move(t));
    }
    return changed;
  }

  bool BindSymbols() {
    if (best_.bindings.empty()) return false;
    Trial t = best_;
    return Bind(t.graph, t.bindings).ok() && Try(std::move(t));
  }

  // The numbers of all values, with its symbols bound; nothing where it does not run.
  StatusOr<std::vector<Tensor>> Numbers() const {
    Graph bound = best_.graph;
    WEFT_RETURN_IF_ERROR(Bind(bound, best_.bindings));
    WEFT_ASSIGN_OR_RETURN(const Feed feed, MakeFeed(bound, best_.inputs));
    return Interpret(bound, feed, {.keep = [](ValueId) { return true; }});
  }

  // A node's outputs become inputs: what it was computed from is gone. The last nodes first.
  bool CutNodes() {
    const StatusOr<std::vector<Tensor>> numbers = Numbers();
    if (!numbers.ok()) return false;
    bool changed = false;
    const std::vector<NodeId> nodes = best_.graph.NodeIds();
    for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
      if (static_cast<size_t>(*it) >= best_.graph.num_node_slots() || !best_.graph.node(*it).alive) continue;
      Trial t = best_;
      const std::vector<ValueId> cut = t.graph.node(*it).outputs;
      std::vector<ValueId> outputs = t.graph.outputs();
      for (ValueId v : cut) {
        if (v == ValueId::kNone) continue;
        std::erase(outputs, v);
        for (State& s : t.graph.mutable_states()) {
          if (s.next == v) s.next = ValueId::kNone;
        }
        if (t.graph.value(v).uses.empty()) continue;
        const std::string name = t.graph.UniqueName("cut");
        const ValueId input = t.graph.AddInput(name, t.graph.value(v).type);
        t.inputs[name] = {CaseInput::Given((*numbers)[Index(v)])};
        t.graph.SetOutputs(outputs);
        t.graph.ReplaceAllUses(v, input);
      }
      t.graph.SetOutputs(outputs);
      changed |= Try(std::move(t));
    }
    return changed;
  }

  // A node's readers read one of its operands.
  bool BypassNodes() {
    bool changed = false;
    for (NodeId id : best_.graph.NodeIds()) {
      if (!best_.graph.node(id).alive || best_.graph.node(id).outputs.empty()) continue;
      const Node node = best_.graph.node(id);
      if (node.outputs[0] == ValueId::kNone) continue;
      for (ValueId operand : node.inputs) {
        if (operand == ValueId::kNone) continue;
        if (best_.graph.value(operand).type != best_.graph.value(node.outputs[0]).type) continue;
        Trial t = best_;
        if (!t.graph.ReplaceAllUses(node.outputs[0], operand) || !Try(std::move(t))) continue;
        changed = true;
        break;
      }
    }
    return changed;
  }

  // States become inputs.
  bool DropStates() {
    bool changed = false;
    for (size_t i = best_.graph.states().size(); i-- > 0;) {
      Trial t = best_;
      std::vector<State>& states = t.graph.mutable_states();
      const std::string input = t.graph.value(states[i].value).name;
      if (input != states[i].name) continue;  // rules go by the name
      states.erase(states.begin() + static_cast<std::ptrdiff_t>(i));
      changed |= Try(std::move(t));
    }
    return changed;
  }

  bool DropGradients() {
    bool changed = false;
    for (size_t i = best_.differentiate.size(); i-- > 0;) {
      Trial t = best_;
      t.differentiate.erase(t.differentiate.begin() + static_cast<std::ptrdiff_t>(i));
      changed |= Try(std::move(t));
    }
    return changed;
  }

  // Every dimension of one size, in inputs and attributes.
  static void Resize(Graph& graph, int64_t from, int64_t to) {
    const auto resize = [&](Dim& d) {
      if (d.is_constant() && d.value() == from) d = to;
    };
    for (ValueId v : graph.inputs()) {
      TensorType type = graph.value(v).type;
      for (Dim& d : type.shape) resize(d);
      graph.SetType(v, std::move(type));
    }
    for (NodeId id : graph.NodeIds()) {
      const Node& node = graph.node(id);
      std::shared_ptr<void> attributes = node.op->attributes.copy(node.attributes.get());
      ForEachDim(node.op->fields, attributes.get(), resize);
      graph.SetAttributes(id, std::move(attributes));
    }
  }

  bool ShrinkSizes() {
    if (!best_.bindings.empty()) return false;
    std::set<int64_t> sizes;
    for (ValueId v : best_.graph.inputs()) {
      for (const Dim& d : best_.graph.value(v).type.shape) {
        if (d.is_constant() && d.value() > 1) sizes.insert(d.value());
      }
    }
    bool changed = false;
    for (auto size = sizes.rbegin(); size != sizes.rend(); ++size) {
      for (const int64_t to : {int64_t{1}, int64_t{2}, *size / 2, *size - 1}) {
        if (to >= *size) continue;
        Trial t = best_;
        Resize(t.graph, *size, to);
        if (!InferShapes(t.graph).ok() || !Try(std::move(t))) continue;
        changed = true;
        break;
      }
    }
    return changed;
  }

  // Numbers that were written out become normal ones, if that does.
  bool SimplifyNumbers() {
    bool changed = false;
    for (ValueId v : std::vector<ValueId>(best_.graph.inputs())) {
      const std::string name = FeedName(best_.graph, v);
      const auto rule = best_.inputs.find(name);
      if (rule == best_.inputs.end() || rule->second.fill.fill != CaseInput::kGiven) continue;
      if (!IsFloat(best_.graph.value(v).type.dtype)) continue;
      Trial t = best_;
      t.inputs[name] = {CaseInput::Normal({}), 1};
      changed |= Try(std::move(t));
    }
    return changed;
  }

  Trial best_;
  const ShrinkOptions& options_;
  int tries_ = 0;
};

}  // namespace

Trial Shrink(Trial trial, const ShrinkOptions& options) { return Shrinker(std::move(trial), options).Run(); }

}  // namespace weft
