// Verify(Graph): see graph.h.
#include <algorithm>
#include <unordered_set>

#include "ir/builder.h"
#include "ir/graph.h"

namespace weft {
namespace {

class Verifier {
 public:
  explicit Verifier(const Graph& graph) : graph_(graph), defined_(graph.num_value_slots(), false) {}

  Status Run() {
    for (ValueId v : graph_.inputs()) defined_[Index(v)] = true;
    for (ValueId v : graph_.ConstantIds()) defined_[Index(v)] = true;
    for (NodeId id : graph_.NodeIds()) WEFT_RETURN_IF_ERROR(CheckNode(id));
    WEFT_RETURN_IF_ERROR(CheckNames());
    std::unordered_set<ValueId> outputs;
    for (ValueId v : graph_.outputs()) {
      if (!Defined(v)) return InvalidArgument("graph output {} is not defined", static_cast<int>(v));
      if (!outputs.insert(v).second) return InvalidArgument("'{}' is an output twice", graph_.value(v).name);
    }
    return CheckStates();
  }

 private:
  static size_t Index(ValueId v) { return static_cast<size_t>(v); }
  bool Defined(ValueId v) const {
    return static_cast<int64_t>(v) >= 0 && Index(v) < defined_.size() && defined_[Index(v)];
  }

  Status CheckNode(NodeId id) {
    const Node& n = graph_.node(id);
    for (size_t i = 0; i < n.inputs.size(); ++i) {
      const ValueId v = n.inputs[i];
      if (v == ValueId::kNone) continue;
      if (!Defined(v)) {
        const bool known = static_cast<int64_t>(v) >= 0 && Index(v) < defined_.size();
        return InvalidArgument("{}: operand {} ('{}') is not defined before it (a cycle, or out of order)",
                               graph_.Describe(id), i, known ? graph_.value(v).name : "?");
      }
      const std::vector<Use>& uses = graph_.value(v).uses;
      if (std::count(uses.begin(), uses.end(), Use{id, static_cast<int>(i)}) != 1) {
        return Internal("{}: operand {} is not in the use list of '{}'", graph_.Describe(id), i,
                        graph_.value(v).name);
      }
    }
    return CheckTypes(id);
  }

  Status CheckTypes(NodeId id) {
    const Node& n = graph_.node(id);
    const NodeTypes types = graph_.TypesOf(id);
    WEFT_ASSIGN_OR_RETURN(const std::vector<TensorType> inferred, InferTypes(types));
    if (n.outputs.size() > inferred.size()) {
      return types.Error("has {} outputs, expected at most {}", n.outputs.size(), inferred.size());
    }
    for (size_t i = 0; i < inferred.size(); ++i) {
      if (i >= n.outputs.size() || n.outputs[i] == ValueId::kNone) {
        const bool optional = i < n.op->outputs.size() && n.op->outputs[i].arity == OperandDef::kOptional;
        if (!optional) return types.Error("output {} is missing", i);
        continue;
      }
      const Value& v = graph_.value(n.outputs[i]);
      if (v.producer != id || v.index != static_cast<int>(i)) {
        return Internal("{}: output {} names another producer", graph_.Describe(id), i);
      }
      if (v.type != inferred[i]) {
        return types.Error("output '{}' is {}, expected {}", v.name, v.type.ToString(),
                           inferred[i].ToString());
      }
      defined_[Index(n.outputs[i])] = true;
    }
    return OkStatus();
  }

  Status CheckNames() {
    std::unordered_set<std::string> names;
    for (size_t i = 0; i < defined_.size(); ++i) {
      const Value& v = graph_.value(ValueId{static_cast<int32_t>(i)});
      if (!v.alive) continue;
      if (!names.insert(v.name).second) return InvalidArgument("two values are called '{}'", v.name);
      for (const Use& u : v.uses) {
        const Node& n = graph_.node(u.node);
        if (!n.alive || n.inputs[static_cast<size_t>(u.operand)] != ValueId{static_cast<int32_t>(i)}) {
          return Internal("the use list of '{}' names a node that does not read it", v.name);
        }
      }
    }
    return OkStatus();
  }

  Status CheckStates() {
    std::unordered_set<std::string> names;
    std::unordered_set<ValueId> values, nexts;
    for (const State& s : graph_.states()) {
      if (!names.insert(s.name).second) return InvalidArgument("two states are called '{}'", s.name);
      if (!values.insert(s.value).second)
        return InvalidArgument("state '{}' shares its input with another", s.name);
      if (s.next != ValueId::kNone && !nexts.insert(s.next).second) {
        return InvalidArgument("state '{}' shares its next value with another", s.name);
      }
      if (!Defined(s.value) || !graph_.value(s.value).is_input) {
        return InvalidArgument("state '{}' is not an input of the graph", s.name);
      }
      if (s.next == ValueId::kNone) continue;
      if (!Defined(s.next)) return InvalidArgument("state '{}': its next value is not defined", s.name);
      const TensorType& type = graph_.value(s.value).type;
      const TensorType& next = graph_.value(s.next).type;
      if (type != next) {
        return InvalidArgument("state '{}' is {}, its next value '{}' is {}", s.name, type.ToString(),
                               graph_.value(s.next).name, next.ToString());
      }
    }
    return OkStatus();
  }

  const Graph& graph_;
  std::vector<bool> defined_;
};

}  // namespace

Status Verify(const Graph& graph) { return Verifier(graph).Run(); }

}  // namespace weft
