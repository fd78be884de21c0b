#include "compiler/passes/recompute.h"

#include <algorithm>

namespace weft {
namespace {

size_t Index(NodeId n) { return static_cast<size_t>(n); }
size_t Index(ValueId v) { return static_cast<size_t>(v); }

class Cloner {
 public:
  Cloner(Graph& graph, std::span<const NodeId> dropped)
      : graph_(graph),
        dropped_(graph.num_node_slots(), false),
        clone_(graph.num_value_slots(), ValueId::kNone) {
    for (NodeId id : dropped) dropped_[Index(id)] = true;
  }

  int Run() {
    for (NodeId id : graph_.NodeIds()) {
      if (graph_.node(id).phase == Phase::kForward) continue;
      for (size_t i = 0; i < graph_.node(id).inputs.size(); ++i) {
        const ValueId v = graph_.node(id).inputs[i];
        if (IsDropped(v)) graph_.SetOperand(id, static_cast<int>(i), CloneOf(v, id));
      }
    }
    return clones_;
  }

 private:
  bool IsDropped(ValueId v) const {
    if (v == ValueId::kNone) return false;
    const NodeId producer = graph_.value(v).producer;
    return producer != NodeId::kNone && Index(producer) < dropped_.size() && dropped_[Index(producer)];
  }

  // Readers are visited in order, so that the first clone is made before all of them.
  ValueId CloneOf(ValueId v, NodeId reader) {
    if (clone_[Index(v)] == ValueId::kNone) CloneNode(graph_.value(v).producer, reader);
    return clone_[Index(v)];
  }

  void CloneNode(NodeId id, NodeId before) {
    std::vector<ValueId> inputs = graph_.node(id).inputs;
    for (ValueId& v : inputs) {
      if (IsDropped(v)) v = CloneOf(v, before);
    }
    const Node node = graph_.node(id);
    std::vector<Graph::NewOutput> outputs;
    for (ValueId v : node.outputs) {
      if (v == ValueId::kNone) {
        outputs.push_back({});
      } else {
        outputs.push_back({graph_.UniqueName(graph_.value(v).name + ".again"), graph_.value(v).type});
      }
    }
    const NodeId clone = graph_.AddNode(*node.op, node.attributes, std::move(inputs), outputs, node.scope,
                                        Phase::kBackward, before);
    graph_.SetClone(clone, node.clone + 1);
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i] != ValueId::kNone) clone_[Index(node.outputs[i])] = graph_.node(clone).outputs[i];
    }
    ++clones_;
  }

  Graph& graph_;
  std::vector<bool> dropped_;   // by NodeId; clones come after its end
  std::vector<ValueId> clone_;  // by ValueId of what is dropped
  int clones_ = 0;
};

// "blocks.3" of "blocks.3.attn.q_proj"; empty where no part is a number.
std::string_view BlockScope(std::string_view scope) {
  for (size_t begin = 0; begin < scope.size();) {
    const size_t end = std::min(scope.find('.', begin), scope.size());
    const std::string_view part = scope.substr(begin, end - begin);
    if (!part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos)
      return scope.substr(0, end);
    begin = end + 1;
  }
  return {};
}

// Something else reads it before the backward pass: it is at hand there, or leaves the graph.
bool IsResult(const Graph& graph, NodeId id, std::string_view block) {
  for (ValueId v : graph.node(id).outputs) {
    if (v == ValueId::kNone) continue;
    if (graph.IsOutput(v)) return true;
    for (const Use& use : graph.value(v).uses) {
      const Node& reader = graph.node(use.node);
      if (reader.phase == Phase::kForward && BlockScope(reader.scope) != block) return true;
    }
  }
  return false;
}

}  // namespace

int Recompute(Graph& graph, std::span<const NodeId> dropped) { return Cloner(graph, dropped).Run(); }

std::vector<Block> Blocks(const Graph& graph) {
  std::vector<Block> blocks;
  bool backward = false;
  for (NodeId id : graph.NodeIds()) {
    const Node& node = graph.node(id);
    backward |= node.phase == Phase::kBackward;
    const std::string_view scope =
        node.phase == Phase::kForward ? BlockScope(node.scope) : std::string_view();
    if (scope.empty()) continue;
    auto block = std::find_if(blocks.begin(), blocks.end(), [&](const Block& b) { return b.scope == scope; });
    if (block == blocks.end()) block = blocks.insert(block, {std::string(scope), {}});
    if (!IsResult(graph, id, scope)) block->nodes.push_back(id);
  }
  if (!backward) blocks.clear();
  return blocks;
}

int RecomputeBlocks(Graph& graph) {
  std::vector<NodeId> dropped;
  for (const Block& block : Blocks(graph))
    dropped.insert(dropped.end(), block.nodes.begin(), block.nodes.end());
  return Recompute(graph, dropped);
}

}  // namespace weft
