#include "compiler/passes/common_subexpressions.h"

#include <algorithm>
#include <unordered_map>

#include "ir/equal.h"

namespace weft {
namespace {

constexpr uint64_t kFnvPrime = 1099511628211ull;

uint64_t Mix(uint64_t hash, uint64_t value) { return (hash ^ value) * kFnvPrime; }

std::vector<ValueId> Operands(const Node& node) {
  std::vector<ValueId> operands = node.inputs;
  while (!operands.empty() && operands.back() == ValueId::kNone) operands.pop_back();
  if (node.op->commutative && operands.size() >= 2 && operands[1] < operands[0])
    std::swap(operands[0], operands[1]);
  return operands;
}

uint64_t HashOf(const Node& node) {
  uint64_t hash = AttributesHash(node.op->fields, node.attributes.get());
  for (char c : node.op->name) hash = Mix(hash, static_cast<unsigned char>(c));
  for (ValueId v : Operands(node)) hash = Mix(hash, static_cast<uint32_t>(v));
  return Mix(hash, static_cast<uint32_t>(node.clone));
}

bool Same(const Node& a, const Node& b) {
  return a.op == b.op && a.clone == b.clone && Operands(a) == Operands(b) &&
         AttributesEqual(a.op->fields, a.attributes.get(), b.attributes.get());
}

ValueId OutputAt(const Node& node, size_t i) {
  return i < node.outputs.size() ? node.outputs[i] : ValueId::kNone;
}

// `copy` gives way to `kept`, unless an output of both is a result of the graph.
bool Merge(Graph& graph, NodeId kept, NodeId copy) {
  const std::vector<ValueId> outputs = graph.node(copy).outputs;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const ValueId other = OutputAt(graph.node(kept), i);
    if (outputs[i] == ValueId::kNone || !graph.IsOutput(outputs[i])) continue;
    if (other != ValueId::kNone && graph.IsOutput(other)) return false;
  }
  std::vector<std::pair<ValueId, std::string>>
      enabled;  // outputs that only the copy had: they take its names
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i] == ValueId::kNone) continue;
    ValueId other = OutputAt(graph.node(kept), i);
    if (other == ValueId::kNone) {
      const Value& v = graph.value(outputs[i]);
      const std::string name = v.name;
      const bool result = graph.IsOutput(outputs[i]);
      other = graph.EnableOutput(kept, static_cast<int>(i), name + ".shared", v.type);
      if (!result) enabled.emplace_back(other, name);
    }
    WEFT_CHECK(graph.ReplaceAllUses(outputs[i], other));
  }
  graph.EraseNode(copy);
  for (const auto& [value, name] : enabled) graph.Rename(value, name);
  return true;
}

int MergeConstants(Graph& graph) {
  int merged = 0;
  std::unordered_map<uint64_t, std::vector<ValueId>> seen;  // looked up, never iterated
  for (ValueId id : graph.ConstantIds()) {
    const Tensor& tensor = *graph.value(id).constant;
    uint64_t hash = Mix(static_cast<uint64_t>(tensor.dtype()), static_cast<uint64_t>(tensor.num_elements()));
    const auto* bytes = static_cast<const unsigned char*>(tensor.data());
    for (size_t i = 0; i < std::min<size_t>(tensor.size_bytes(), 4096); ++i) hash = Mix(hash, bytes[i]);
    std::vector<ValueId>& same_hash = seen[hash];
    const auto same = std::find_if(same_hash.begin(), same_hash.end(), [&](ValueId other) {
      return Equal(tensor, *graph.value(other).constant);
    });
    if (same == same_hash.end()) {
      same_hash.push_back(id);
    } else if (!graph.IsOutput(id)) {
      graph.ReplaceAllUses(id, *same);
      graph.EraseConstant(id);
      ++merged;
    }
  }
  return merged;
}

}  // namespace

int MergeCommonSubexpressions(Graph& graph) {
  int merged = MergeConstants(graph);
  std::unordered_map<uint64_t, std::vector<NodeId>> seen;  // looked up, never iterated
  for (NodeId id : graph.NodeIds()) {
    std::vector<NodeId>& same_hash = seen[HashOf(graph.node(id))];
    const auto same = std::find_if(same_hash.begin(), same_hash.end(),
                                   [&](NodeId other) { return Same(graph.node(other), graph.node(id)); });
    if (same == same_hash.end()) {
      same_hash.push_back(id);
    } else if (Merge(graph, *same, id)) {
      ++merged;
    }
  }
  return merged;
}

}  // namespace weft
