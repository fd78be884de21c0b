#include "compiler/passes/patterns.h"

#include <algorithm>
#include <vector>

#include "compiler/passes/rewrite.h"

namespace weft {

const Node* Producer(const Graph& graph, ValueId value, const OpDef& op) {
  const NodeId producer = graph.value(value).producer;
  if (producer == NodeId::kNone || graph.node(producer).op != &op || graph.value(value).index != 0)
    return nullptr;
  return &graph.node(producer);
}

const Node* OwnProducer(const Graph& graph, ValueId value, const OpDef& op) {
  return HasOneUse(graph, value) ? Producer(graph, value, op) : nullptr;
}

SumWithNumber AddedNumber(const Graph& graph, const Node& add) {
  for (size_t i = 0; i < 2; ++i) {
    if (const auto number = UniformConstant(graph, add.inputs[i])) return {add.inputs[1 - i], *number};
  }
  return {};
}

int TrailingAxes(std::span<const int64_t> axes, int rank) {
  std::vector<int64_t> sorted(axes.begin(), axes.end());
  for (int64_t& axis : sorted) axis += axis < 0 ? rank : 0;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.empty() || sorted.back() != rank - 1) return -1;
  for (size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i] != sorted[i - 1] + 1) return -1;
  }
  return static_cast<int>(sorted[0]);
}

bool IsScale(const Graph& graph, ValueId scale, ValueId x, int axis) {
  const TensorType &s = graph.value(scale).type, &t = graph.value(x).type;
  if (s.dtype != t.dtype || s.rank() == 0 || s.rank() > t.rank() - axis) return false;
  return std::equal(s.shape.rbegin(), s.shape.rend(), t.shape.rbegin());
}

}  // namespace weft
