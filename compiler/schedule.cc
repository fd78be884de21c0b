#include "compiler/schedule.h"

#include <algorithm>
#include <queue>
#include <tuple>

namespace weft {
namespace {

size_t Index(NodeId n) { return static_cast<size_t>(n); }

// What an order of nodes means for memory: which arena storages each node defines and reads. One that several
// nodes write (the parts of a join; what takes the place of a part) begins with the first of them, and each
// of them counts as a reader, so that it ends with the last.
struct Traffic {
  Traffic(const Graph& graph, const Placement& placement) : bytes(placement.storages.size(), 0) {
    const size_t n = graph.num_node_slots();
    defines.resize(n);
    reads.resize(n);
    readers.assign(placement.storages.size(), 0);
    std::vector<int32_t> writers(placement.storages.size(), 0);
    for (size_t i = 0; i < bytes.size(); ++i) {
      const Storage& s = placement.storages[i];
      if (s.kind == StorageKind::kArena) bytes[i] = AlignStorage(s.bytes);
    }
    for (NodeId id : graph.NodeIds()) {
      if (placement.is_view[Index(id)]) continue;
      const Node& node = graph.node(id);
      for (ValueId v : node.outputs) {
        if (v != ValueId::kNone && Add(defines[Index(id)], placement.StorageOf(v)))
          ++writers[static_cast<size_t>(placement.StorageOf(v))];
      }
      for (ValueId v : node.inputs) {
        if (v != ValueId::kNone && Add(reads[Index(id)], placement.StorageOf(v))) {
          ++readers[static_cast<size_t>(placement.StorageOf(v))];
        }
      }
    }
    for (NodeId id : graph.NodeIds()) {
      for (int32_t s : defines[Index(id)]) {
        if (writers[static_cast<size_t>(s)] > 1 && Add(reads[Index(id)], s))
          ++readers[static_cast<size_t>(s)];
      }
    }
  }

  bool Add(std::vector<int32_t>& list, int32_t storage) const {
    if (bytes[static_cast<size_t>(storage)] == 0) return false;
    if (std::find(list.begin(), list.end(), storage) != list.end()) return false;
    list.push_back(storage);
    return true;
  }

  // Of what the node defines, the bytes of storages that have not begun.
  int64_t Allocates(NodeId id, const std::vector<bool>& begun) const {
    int64_t sum = 0;
    for (int32_t s : defines[Index(id)])
      sum += begun[static_cast<size_t>(s)] ? 0 : bytes[static_cast<size_t>(s)];
    return sum;
  }
  void Begin(NodeId id, std::vector<bool>& begun) const {
    for (int32_t s : defines[Index(id)]) begun[static_cast<size_t>(s)] = true;
  }

  std::vector<int64_t> bytes;                 // by storage; 0: not in the arena
  std::vector<std::vector<int32_t>> defines;  // by NodeId
  std::vector<std::vector<int32_t>> reads;    // by NodeId
  std::vector<int32_t> readers;               // by storage
};

// Successors of each node: consumers of its outputs, and the writers it must come before.
struct Dependencies {
  Dependencies(const Graph& graph, const Placement& placement)
      : successors(graph.num_node_slots()), predecessors(graph.num_node_slots(), 0) {
    for (NodeId id : graph.NodeIds()) {
      for (ValueId v : graph.node(id).outputs) {
        if (v == ValueId::kNone) continue;
        for (const Use& use : graph.value(v).uses) Add(id, use.node);
      }
    }
    for (const OrderEdge& e : placement.order) Add(e.before, e.after);
  }
  void Add(NodeId from, NodeId to) {
    successors[Index(from)].push_back(to);
    ++predecessors[Index(to)];
  }

  std::vector<std::vector<NodeId>> successors;
  std::vector<int32_t> predecessors;
};

// Emits nodes in the given order as far as dependencies allow; with `hoist`, those that pay sooner.
class ListScheduler {
 public:
  ListScheduler(const Graph& graph, const Placement& placement, const Traffic& traffic,
                const Dependencies& dependencies, bool hoist)
      : graph_(graph),
        is_view_(placement.is_view),
        traffic_(traffic),
        dependencies_(dependencies),
        hoist_(hoist),
        waiting_for_(dependencies.predecessors),
        unread_(traffic.readers),
        begun_(traffic.bytes.size(), false),
        emitted_(graph.num_node_slots(), false),
        position_(graph.num_node_slots(), 0),
        readers_of_(traffic.bytes.size()) {}

  std::vector<NodeId> Run(const std::vector<NodeId>& nodes) {
    for (size_t i = 0; i < nodes.size(); ++i) position_[Index(nodes[i])] = static_cast<int32_t>(i);
    for (NodeId id : nodes) {
      for (int32_t s : traffic_.reads[Index(id)]) readers_of_[static_cast<size_t>(s)].push_back(id);
    }
    for (NodeId id : nodes) {
      if (waiting_for_[Index(id)] == 0) ready_.push({position_[Index(id)], id});
    }
    while (!ready_.empty()) {
      const NodeId id = ready_.top().second;
      ready_.pop();
      if (emitted_[Index(id)]) continue;
      Emit(id);
      while (!paying_.empty()) {
        const NodeId next = paying_.top().second;
        paying_.pop();
        if (!emitted_[Index(next)] && Pays(next)) Emit(next);
      }
    }
    return std::move(order_);
  }

 private:
  using Queue = std::priority_queue<std::pair<int32_t, NodeId>, std::vector<std::pair<int32_t, NodeId>>,
                                    std::greater<>>;

  void Emit(NodeId id) {
    emitted_[Index(id)] = true;
    order_.push_back(id);
    traffic_.Begin(id, begun_);
    for (NodeId next : dependencies_.successors[Index(id)]) {
      if (--waiting_for_[Index(next)] > 0) continue;
      ready_.push({position_[Index(next)], next});
      Consider(next);
    }
    for (int32_t s : traffic_.reads[Index(id)]) {
      if (--unread_[static_cast<size_t>(s)] != 1) continue;
      for (NodeId reader : readers_of_[static_cast<size_t>(s)]) Consider(reader);  // once for each storage
    }
  }

  void Consider(NodeId id) {
    if (emitted_[Index(id)] || waiting_for_[Index(id)] > 0 || !Pays(id)) return;
    paying_.push({position_[Index(id)], id});
  }

  // Views cost nothing. In the optimizer phase a node that only breaks even may lead to one that pays.
  bool Pays(NodeId id) const {
    if (is_view_[Index(id)]) return true;
    if (!hoist_) return false;
    int64_t frees = 0;
    for (int32_t s : traffic_.reads[Index(id)]) {
      if (unread_[static_cast<size_t>(s)] == 1) frees += traffic_.bytes[static_cast<size_t>(s)];
    }
    const int64_t allocates = traffic_.Allocates(id, begun_);
    if (frees == 0) return false;
    return frees > allocates || (frees == allocates && graph_.node(id).phase == Phase::kOptimizer);
  }

  const Graph& graph_;
  const std::vector<bool>& is_view_;
  const Traffic& traffic_;
  const Dependencies& dependencies_;
  const bool hoist_;
  std::vector<int32_t> waiting_for_;  // by NodeId: predecessors not yet emitted
  std::vector<int32_t> unread_;       // by storage: readers not yet emitted
  std::vector<bool> begun_;           // by storage
  std::vector<bool> emitted_;
  std::vector<int32_t> position_;
  std::vector<std::vector<NodeId>> readers_of_;  // by storage
  Queue ready_, paying_;
  std::vector<NodeId> order_;
};

// Each node that allocates more than it frees moves to just before its first successor. Nodes are visited
// backwards, so a node's successors have their final keys: (position of a node that stays, rank before it).
std::vector<NodeId> Sink(const std::vector<NodeId>& nodes, const Placement& placement, const Traffic& traffic,
                         const Dependencies& dependencies) {
  using Key = std::tuple<int32_t, int32_t>;
  std::vector<Key> key(traffic.defines.size());
  std::vector<int32_t> last_reader(traffic.bytes.size(), -1);
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (int32_t s : traffic.reads[Index(nodes[i])])
      last_reader[static_cast<size_t>(s)] = static_cast<int32_t>(i);
  }
  std::vector<int64_t> allocates(nodes.size());
  std::vector<bool> begun(traffic.bytes.size(), false);
  for (size_t i = 0; i < nodes.size(); ++i) {
    allocates[i] = traffic.Allocates(nodes[i], begun);
    traffic.Begin(nodes[i], begun);
  }
  int32_t rank = 0;
  for (size_t i = nodes.size(); i-- > 0;) {
    const NodeId id = nodes[i];
    key[Index(id)] = {static_cast<int32_t>(i), 0};
    const std::vector<NodeId>& successors = dependencies.successors[Index(id)];
    if (successors.empty()) continue;
    int64_t frees = 0;
    for (int32_t s : traffic.reads[Index(id)]) {
      if (last_reader[static_cast<size_t>(s)] == static_cast<int32_t>(i))
        frees += traffic.bytes[static_cast<size_t>(s)];
    }
    if (allocates[i] <= frees && !placement.is_view[Index(id)]) continue;
    Key first = key[Index(successors.front())];
    for (NodeId next : successors) first = std::min(first, key[Index(next)]);
    key[Index(id)] = {std::get<0>(first), --rank};
  }
  std::vector<NodeId> order = nodes;
  std::stable_sort(order.begin(), order.end(),
                   [&](NodeId a, NodeId b) { return key[Index(a)] < key[Index(b)]; });
  return order;
}

struct Cost {
  int64_t peak = 0;
  double sum = 0;  // of the bytes live at each node: values that end early
  auto operator<=>(const Cost&) const = default;
};

Cost CostOf(const Graph& graph, const Placement& placement, const Traffic& traffic,
            const std::vector<NodeId>& order) {
  std::vector<int32_t> unread = traffic.readers;
  std::vector<bool> begun(traffic.bytes.size(), false);
  Cost cost;
  int64_t live = 0;
  for (NodeId id : order) {
    const Node& node = graph.node(id);
    int64_t frees = 0, reused = 0;
    for (int32_t s : traffic.reads[Index(id)]) {
      if (--unread[static_cast<size_t>(s)] == 0) frees += traffic.bytes[static_cast<size_t>(s)];
    }
    for (const InPlacePair& pair : node.op->in_place) {  // as in_place.h will share them
      const auto in = static_cast<size_t>(pair.input), out = static_cast<size_t>(pair.output);
      if (placement.is_view[Index(id)] || in >= node.inputs.size() || out >= node.outputs.size()) continue;
      if (node.inputs[in] == ValueId::kNone || node.outputs[out] == ValueId::kNone) continue;
      const auto from = static_cast<size_t>(placement.StorageOf(node.inputs[in]));
      const auto to = static_cast<size_t>(placement.StorageOf(node.outputs[out]));
      if (from != to && unread[from] == 0 && traffic.bytes[from] == traffic.bytes[to])
        reused = std::max(reused, traffic.bytes[to]);
    }
    live += traffic.Allocates(id, begun);
    traffic.Begin(id, begun);
    cost.peak = std::max(cost.peak, live - reused);
    cost.sum += static_cast<double>(live - reused);
    for (int32_t s : traffic.defines[Index(id)]) {
      if (traffic.readers[static_cast<size_t>(s)] == 0) frees += traffic.bytes[static_cast<size_t>(s)];
    }
    live -= frees;
  }
  return cost;
}

}  // namespace

StatusOr<std::vector<NodeId>> Schedule(const Graph& graph, const Placement& placement) {
  const Traffic traffic(graph, placement);
  const Dependencies dependencies(graph, placement);
  const std::vector<NodeId> nodes = graph.NodeIds();
  auto list = [&](bool hoist, const std::vector<NodeId>& from) {
    return ListScheduler(graph, placement, traffic, dependencies, hoist).Run(from);
  };
  const std::vector<NodeId> plain = list(false, nodes);
  if (plain.size() != nodes.size()) {
    return Internal("schedule: {} of {} nodes wait for each other", nodes.size() - plain.size(),
                    nodes.size());
  }
  const std::vector<NodeId> sunk = Sink(plain, placement, traffic, dependencies);
  std::vector<NodeId> candidates[] = {plain, list(true, plain), sunk, list(true, sunk)};
  size_t best = 0;
  Cost smallest = CostOf(graph, placement, traffic, plain);
  for (size_t i = 1; i < std::size(candidates); ++i) {
    const Cost cost = CostOf(graph, placement, traffic, candidates[i]);
    if (cost >= smallest) continue;
    smallest = cost;
    best = i;
  }
  return std::move(candidates[best]);
}

int64_t PeakBytes(const Graph& graph, const Placement& placement, const std::vector<NodeId>& order) {
  return CostOf(graph, placement, Traffic(graph, placement), order).peak;
}

}  // namespace weft
