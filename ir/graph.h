// A graph owns its nodes and values and hands out strong ids; use lists are edited only here. Static single
// assignment, in topological order: a node stands after the producers of its operands.
//
// A *state* is an input kept between runs (parameter, optimizer moment, accumulator, cache). An output may be
// the state's next value (`next`): the only mutation there is.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/tensor.h"
#include "ir/op_def.h"
#include "ir/type.h"

namespace weft {

enum class NodeId : int32_t { kNone = -1 };
enum class ValueId : int32_t { kNone = -1 };
enum class Phase : uint8_t { kForward, kBackward, kOptimizer };
std::string_view Name(Phase phase);  // "forward", "backward", "optimizer"

struct Use {
  NodeId node;
  int operand;
  bool operator==(const Use&) const = default;
};

struct Value {
  std::string name;  // unique in the graph; its meaning never changes
  TensorType type;
  NodeId producer = NodeId::kNone;  // none: an input or a constant
  int index = 0;                    // which output of the producer
  std::shared_ptr<const Tensor> constant;
  std::vector<Use> uses;  // by nodes; graph outputs and states' next values are not listed here
  bool is_input = false;
  bool alive = true;
};

struct Node {
  const OpDef* op = nullptr;
  std::shared_ptr<const void> attributes;
  std::vector<ValueId> inputs;   // kNone: an absent optional operand
  std::vector<ValueId> outputs;  // kNone: an absent optional output
  std::string scope;             // the module path it came from: blocks.3.attn.q_proj
  Phase phase = Phase::kForward;
  int32_t clone = 0;  // told apart by CSE: a recomputed clone has its own number
  NodeId previous = NodeId::kNone, next = NodeId::kNone;
  bool alive = true;

  template <class A>
  const A& attrs() const {
    return *static_cast<const A*>(attributes.get());
  }
};

enum class StateRole : uint8_t { kParameter, kOptimizer, kAccumulator, kCache, kBuffer, kDerived };
std::string_view Name(StateRole role);
bool FromName(std::string_view name, StateRole* role);

class Graph;
struct State {
  std::string name;  // the key of state_dict and safetensors
  StateRole role = StateRole::kParameter;
  ValueId value = ValueId::kNone;     // an input
  ValueId next = ValueId::kNone;      // an output whose bytes become the state's; none: never changes
  std::shared_ptr<const Graph> init;  // its initial value: input `seed` (i64[]), one output
};

class Graph {
 public:
  std::string name = "main";
  std::map<std::string, int64_t> symbol_bounds;  // "batch" -> 64: batch <= 64

  // ---- building
  ValueId AddInput(std::string_view name, TensorType type);
  ValueId AddConstant(std::string_view name, Tensor value);
  // A node before `before` (kNone: at the end). outputs[i].name empty: that optional output is absent. Types
  // are the caller's: see Builder, which infers them.
  struct NewOutput {
    std::string name;
    TensorType type;
  };
  NodeId AddNode(const OpDef& op, std::shared_ptr<const void> attributes, std::vector<ValueId> inputs,
                 std::vector<NewOutput> outputs, std::string_view scope = "", Phase phase = Phase::kForward,
                 NodeId before = NodeId::kNone);
  void AddOutput(ValueId value);  // a value may be an output once
  State& AddState(State state);
  // A name not yet taken: `base`, or base_1, base_2, ...
  std::string UniqueName(std::string_view base);

  // ---- reading
  const Node& node(NodeId id) const { return nodes_[static_cast<size_t>(id)]; }
  const Value& value(ValueId id) const { return values_[static_cast<size_t>(id)]; }
  std::vector<NodeId> NodeIds() const;  // in order; a copy, safe while editing
  int num_nodes() const { return num_nodes_; }
  size_t num_value_slots() const { return values_.size(); }  // ids are below this
  size_t num_node_slots() const { return nodes_.size(); }
  const std::vector<ValueId>& inputs() const { return inputs_; }
  const std::vector<ValueId>& outputs() const { return outputs_; }
  const std::vector<State>& states() const { return states_; }
  std::vector<State>& mutable_states() { return states_; }
  std::vector<ValueId> ConstantIds() const;         // alive constants, by id
  ValueId Find(std::string_view value_name) const;  // kNone if there is no such value
  const State* FindState(ValueId input) const;      // the state whose value this input is, or null
  const State* FindStateByName(std::string_view name) const;
  bool IsOutput(ValueId value) const;  // a graph output or a state's next value
  NodeTypes TypesOf(NodeId id) const;
  // The name a person would know the node by: its scope, or the name of its first output.
  std::string Describe(NodeId id) const;  // "RMSNormalization 'blocks.3.ln1'"

  // ---- editing
  void SetOperand(NodeId node, int operand, ValueId value);
  void SetAttributes(NodeId node, std::shared_ptr<const void> attributes);
  void SetType(ValueId value, TensorType type);
  void SetClone(NodeId node, int32_t clone);
  void SetScope(NodeId node, std::string_view scope);
  void SetPhase(NodeId node, Phase phase);
  void Rename(ValueId value, std::string_view name);  // the new name must be free
  // Makes an absent optional output exist; returns it (or the one that is there).
  ValueId EnableOutput(NodeId node, int output, std::string_view name, TensorType type);
  void DropOutput(NodeId node, int output);  // an unused optional output
  // Every use, graph output and state's next value of `from` becomes `to`. If `from` is a graph output, `to`
  // takes its name; false and nothing done where that is impossible (`to` is an input, a constant or an
  // output).
  bool ReplaceAllUses(ValueId from, ValueId to);
  void MoveBefore(NodeId node, NodeId before);  // kNone: to the end
  void EraseNode(NodeId node);                  // its outputs must be unused
  void EraseUnusedConstants();
  void EraseConstant(ValueId constant);  // unused, and no output
  void EraseInput(ValueId input);        // unused, not a state
  void EraseState(size_t index);         // its input unused; erases the input too
  void SetOutputs(std::vector<ValueId> outputs) { outputs_ = std::move(outputs); }

 private:
  ValueId NewValue(std::string_view name, TensorType type);
  void RemoveUse(ValueId value, Use use);
  void Link(NodeId node, NodeId before);
  void Unlink(NodeId node);

  std::deque<Node> nodes_;  // deques: a reference to a type lives as long as the graph
  std::deque<Value> values_;
  std::vector<ValueId> inputs_, outputs_;
  std::vector<State> states_;
  struct NameHash {  // looks up a string_view without a copy
    using is_transparent = void;
    size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
  };
  // looked up, never iterated
  std::unordered_map<std::string, ValueId, NameHash, std::equal_to<>> by_name_;
  std::unordered_map<std::string, int> next_suffix_;
  NodeId first_ = NodeId::kNone, last_ = NodeId::kNone;
  int num_nodes_ = 0;
};

// What no node, pass or parser may break: ids in range, use lists exact, topological order, unique names,
// arity, inferred types equal to stored ones, state values inputs and next values of their type. Names the
// first offender.
Status Verify(const Graph& graph);

}  // namespace weft
