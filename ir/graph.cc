#include "ir/graph.h"

#include <algorithm>

namespace weft {

std::string_view Name(Phase phase) {
  static constexpr std::string_view kNames[] = {"forward", "backward", "optimizer"};
  return kNames[static_cast<int>(phase)];
}

static constexpr std::string_view kRoleNames[] = {"parameter", "optimizer", "accumulator",
                                                  "cache",     "buffer",    "derived"};
std::string_view Name(StateRole role) { return kRoleNames[static_cast<int>(role)]; }
bool FromName(std::string_view name, StateRole* role) {
  for (size_t i = 0; i < std::size(kRoleNames); ++i) {
    if (kRoleNames[i] == name) {
      *role = static_cast<StateRole>(i);
      return true;
    }
  }
  return false;
}

Status NodeTypes::ErrorText(std::string_view message) const {
  return InvalidArgument("{} '{}': {}", op->name, scope, message);
}

// ---- building

ValueId Graph::NewValue(std::string_view name, TensorType type) {
  const ValueId id{static_cast<int32_t>(values_.size())};
  WEFT_CHECK(by_name_.emplace(std::string(name), id).second, "value name '{}' is taken", name);
  Value v;
  v.name = name;
  v.type = std::move(type);
  values_.push_back(std::move(v));
  return id;
}

ValueId Graph::AddInput(std::string_view name, TensorType type) {
  const ValueId id = NewValue(name, std::move(type));
  values_[static_cast<size_t>(id)].is_input = true;
  inputs_.push_back(id);
  return id;
}

ValueId Graph::AddConstant(std::string_view name, Tensor value) {
  const ValueId id = NewValue(name, {value.dtype(), ToDims(value.shape())});
  values_[static_cast<size_t>(id)].constant = std::make_shared<const Tensor>(std::move(value));
  return id;
}

NodeId Graph::AddNode(const OpDef& op, std::shared_ptr<const void> attributes, std::vector<ValueId> inputs,
                      std::vector<NewOutput> outputs, std::string_view scope, Phase phase, NodeId before) {
  const NodeId id{static_cast<int32_t>(nodes_.size())};
  Node node;
  node.op = &op;
  node.attributes = std::move(attributes);
  node.inputs = std::move(inputs);
  node.scope = scope;
  node.phase = phase;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (node.inputs[i] == ValueId::kNone) continue;
    values_[static_cast<size_t>(node.inputs[i])].uses.push_back({id, static_cast<int>(i)});
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].name.empty()) {
      node.outputs.push_back(ValueId::kNone);
      continue;
    }
    const ValueId v = NewValue(outputs[i].name, std::move(outputs[i].type));
    values_[static_cast<size_t>(v)].producer = id;
    values_[static_cast<size_t>(v)].index = static_cast<int>(i);
    node.outputs.push_back(v);
  }
  nodes_.push_back(std::move(node));
  Link(id, before);
  ++num_nodes_;
  return id;
}

void Graph::AddOutput(ValueId value) {
  WEFT_CHECK(std::find(outputs_.begin(), outputs_.end(), value) == outputs_.end());
  outputs_.push_back(value);
}

State& Graph::AddState(State state) {
  states_.push_back(std::move(state));
  return states_.back();
}

std::string Graph::UniqueName(std::string_view base) {
  std::string name(base);
  if (!by_name_.contains(name)) return name;
  int& suffix = next_suffix_[name];
  for (;;) {
    std::string candidate = fmt::format("{}_{}", name, ++suffix);
    if (!by_name_.contains(candidate)) return candidate;
  }
}

// ---- reading

std::vector<NodeId> Graph::NodeIds() const {
  std::vector<NodeId> ids;
  ids.reserve(static_cast<size_t>(num_nodes_));
  for (NodeId id = first_; id != NodeId::kNone; id = node(id).next) ids.push_back(id);
  return ids;
}

std::vector<ValueId> Graph::ConstantIds() const {
  std::vector<ValueId> ids;
  for (size_t i = 0; i < values_.size(); ++i) {
    if (values_[i].alive && values_[i].constant) ids.push_back(ValueId{static_cast<int32_t>(i)});
  }
  return ids;
}

ValueId Graph::Find(std::string_view value_name) const {
  auto it = by_name_.find(value_name);
  return it == by_name_.end() ? ValueId::kNone : it->second;
}

const State* Graph::FindState(ValueId input) const {
  for (const State& s : states_) {
    if (s.value == input) return &s;
  }
  return nullptr;
}

const State* Graph::FindStateByName(std::string_view name) const {
  for (const State& s : states_) {
    if (s.name == name) return &s;
  }
  return nullptr;
}

bool Graph::IsOutput(ValueId value) const {
  return std::find(outputs_.begin(), outputs_.end(), value) != outputs_.end() ||
         std::any_of(states_.begin(), states_.end(), [&](const State& s) { return s.next == value; });
}

NodeTypes Graph::TypesOf(NodeId id) const {
  const Node& n = node(id);
  NodeTypes types;
  types.op = n.op;
  types.attributes = n.attributes.get();
  types.scope = n.scope;
  if (n.scope.empty()) {
    for (ValueId v : n.outputs) {
      if (v != ValueId::kNone) {
        types.scope = value(v).name;
        break;
      }
    }
  }
  for (ValueId v : n.inputs) types.inputs.push_back(v == ValueId::kNone ? nullptr : &value(v).type);
  for (ValueId v : n.outputs) types.outputs.push_back(v == ValueId::kNone ? nullptr : &value(v).type);
  return types;
}

std::string Graph::Describe(NodeId id) const {
  const NodeTypes types = TypesOf(id);
  return fmt::format("{} '{}'", types.op->name, types.scope);
}

// ---- editing

void Graph::RemoveUse(ValueId value, Use use) {
  std::vector<Use>& uses = values_[static_cast<size_t>(value)].uses;
  auto it = std::find(uses.begin(), uses.end(), use);
  WEFT_CHECK(it != uses.end());
  uses.erase(it);
}

void Graph::SetOperand(NodeId id, int operand, ValueId value) {
  ValueId& slot = nodes_[static_cast<size_t>(id)].inputs[static_cast<size_t>(operand)];
  if (slot == value) return;
  if (slot != ValueId::kNone) RemoveUse(slot, {id, operand});
  slot = value;
  if (value != ValueId::kNone) values_[static_cast<size_t>(value)].uses.push_back({id, operand});
}

void Graph::SetAttributes(NodeId id, std::shared_ptr<const void> attributes) {
  nodes_[static_cast<size_t>(id)].attributes = std::move(attributes);
}
void Graph::SetType(ValueId id, TensorType type) { values_[static_cast<size_t>(id)].type = std::move(type); }
void Graph::SetClone(NodeId id, int32_t clone) { nodes_[static_cast<size_t>(id)].clone = clone; }
void Graph::SetScope(NodeId id, std::string_view scope) { nodes_[static_cast<size_t>(id)].scope = scope; }
void Graph::SetPhase(NodeId id, Phase phase) { nodes_[static_cast<size_t>(id)].phase = phase; }

void Graph::Rename(ValueId id, std::string_view name) {
  Value& v = values_[static_cast<size_t>(id)];
  if (v.name == name) return;
  WEFT_CHECK(by_name_.emplace(std::string(name), id).second, "value name '{}' is taken", name);
  by_name_.erase(v.name);
  v.name = name;
}

ValueId Graph::EnableOutput(NodeId id, int output, std::string_view name, TensorType type) {
  std::vector<ValueId>& outputs = nodes_[static_cast<size_t>(id)].outputs;
  while (static_cast<int>(outputs.size()) <= output) outputs.push_back(ValueId::kNone);
  if (outputs[static_cast<size_t>(output)] != ValueId::kNone) return outputs[static_cast<size_t>(output)];
  const ValueId v = NewValue(UniqueName(name), std::move(type));
  values_[static_cast<size_t>(v)].producer = id;
  values_[static_cast<size_t>(v)].index = output;
  nodes_[static_cast<size_t>(id)].outputs[static_cast<size_t>(output)] = v;
  return v;
}

void Graph::DropOutput(NodeId id, int output) {
  std::vector<ValueId>& outputs = nodes_[static_cast<size_t>(id)].outputs;
  const ValueId v = outputs[static_cast<size_t>(output)];
  WEFT_CHECK(v != ValueId::kNone && value(v).uses.empty() && !IsOutput(v));
  by_name_.erase(value(v).name);
  values_[static_cast<size_t>(v)].alive = false;
  outputs[static_cast<size_t>(output)] = ValueId::kNone;
  while (!outputs.empty() && outputs.back() == ValueId::kNone) outputs.pop_back();
}

bool Graph::ReplaceAllUses(ValueId from, ValueId to) {
  if (from == to) return true;
  const auto output = std::find(outputs_.begin(), outputs_.end(), from);
  if (IsOutput(from) && (value(to).is_input || value(to).constant || IsOutput(to))) return false;
  if (output != outputs_.end()) {
    *output = to;
    const std::string name = value(from).name;
    Rename(from, UniqueName(name + ".replaced"));
    Rename(to, name);
  }
  for (State& s : states_) {
    if (s.next == from) s.next = to;
  }
  const std::vector<Use> uses = value(from).uses;
  for (const Use& use : uses) SetOperand(use.node, use.operand, to);
  return true;
}

void Graph::Link(NodeId id, NodeId before) {
  Node& n = nodes_[static_cast<size_t>(id)];
  n.next = before;
  n.previous = before == NodeId::kNone ? last_ : node(before).previous;
  (n.previous == NodeId::kNone ? first_ : nodes_[static_cast<size_t>(n.previous)].next) = id;
  (before == NodeId::kNone ? last_ : nodes_[static_cast<size_t>(before)].previous) = id;
}

void Graph::Unlink(NodeId id) {
  Node& n = nodes_[static_cast<size_t>(id)];
  (n.previous == NodeId::kNone ? first_ : nodes_[static_cast<size_t>(n.previous)].next) = n.next;
  (n.next == NodeId::kNone ? last_ : nodes_[static_cast<size_t>(n.next)].previous) = n.previous;
  n.previous = n.next = NodeId::kNone;
}

void Graph::MoveBefore(NodeId id, NodeId before) {
  if (id == before) return;
  Unlink(id);
  Link(id, before);
}

void Graph::EraseNode(NodeId id) {
  Node& n = nodes_[static_cast<size_t>(id)];
  for (ValueId v : n.outputs) {
    if (v == ValueId::kNone) continue;
    WEFT_CHECK(value(v).uses.empty() && !IsOutput(v), "'{}' is still used", value(v).name);
    by_name_.erase(value(v).name);
    values_[static_cast<size_t>(v)].alive = false;
  }
  for (size_t i = 0; i < n.inputs.size(); ++i) {
    if (n.inputs[i] != ValueId::kNone) RemoveUse(n.inputs[i], {id, static_cast<int>(i)});
  }
  Unlink(id);
  n.alive = false;
  n.attributes.reset();
  --num_nodes_;
}

void Graph::EraseUnusedConstants() {
  for (size_t i = 0; i < values_.size(); ++i) {
    const Value& v = values_[i];
    const ValueId id{static_cast<int32_t>(i)};
    if (v.alive && v.constant && v.uses.empty() && !IsOutput(id)) EraseConstant(id);
  }
}

void Graph::EraseConstant(ValueId id) {
  Value& v = values_[static_cast<size_t>(id)];
  WEFT_CHECK(v.constant && v.uses.empty(), "'{}' is used", v.name);
  by_name_.erase(v.name);
  v.alive = false;
  v.constant.reset();
}

void Graph::EraseInput(ValueId input) {
  WEFT_CHECK(value(input).uses.empty() && FindState(input) == nullptr && !IsOutput(input));
  std::erase(inputs_, input);
  by_name_.erase(value(input).name);
  values_[static_cast<size_t>(input)].alive = false;
}

void Graph::EraseState(size_t index) {
  const ValueId input = states_[index].value;
  states_.erase(states_.begin() + static_cast<std::ptrdiff_t>(index));
  EraseInput(input);
}

}  // namespace weft
