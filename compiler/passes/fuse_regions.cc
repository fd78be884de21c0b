#include "compiler/passes/fuse_regions.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "compiler/passes/region.h"
#include "compiler/passes/rewrite.h"
#include "ir/body.h"
#include "ir/builder.h"

namespace weft {
namespace {

size_t Index(NodeId n) { return static_cast<size_t>(n); }

// The region's nodes as a graph of their own: inputs x0, x1, ..., results v0, v1, ...
GraphBody BodyOf(const Graph& graph, const Region& region) {
  auto body = std::make_shared<Graph>();
  body->name = "body";
  std::map<ValueId, ValueId> inner;  // looked up only
  for (size_t i = 0; i < region.inputs.size(); ++i)
    inner[region.inputs[i]] = body->AddInput(fmt::format("x{}", i), graph.value(region.inputs[i]).type);
  int constants = 0, results = 0;
  for (NodeId id : region.nodes) {
    const Node& node = graph.node(id);
    std::vector<ValueId> operands;
    for (ValueId v : node.inputs) {
      if (v != ValueId::kNone && !inner.contains(v))
        inner[v] = body->AddConstant(fmt::format("c{}", constants++), *graph.value(v).constant);
      operands.push_back(v == ValueId::kNone ? v : inner.at(v));
    }
    const ValueId result = node.outputs[0];
    const NodeId step = body->AddNode(*node.op, node.attributes, std::move(operands),
                                      {{fmt::format("v{}", results++), graph.value(result).type}});
    inner[result] = body->node(step).outputs[0];
  }
  for (ValueId v : region.outputs) body->AddOutput(inner.at(v));
  return body;
}

int64_t BytesOf(const TensorType& type) { return SizeInBytes(type.dtype, type.num_elements().value()); }

// Steps of the forward pass whose results only the backward pass reads go there, right before the first
// reader, so that they may join it: a cast of what backward keeps anyway would else be kept beside it. Not
// where more would be kept for that.
class LateSteps {
 public:
  explicit LateSteps(Graph& graph) : graph_(graph), order_(graph) {}

  void Run() {
    const std::vector<NodeId> nodes = order_.nodes;
    for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
      const Node& node = graph_.node(*it);
      if (node.phase != Phase::kForward || !RegionNodeOf(graph_, *it).fits()) continue;
      const std::optional<NodeId> reader = LateReader(node.outputs[0]);
      if (!reader || !KeepsNoMore(*it, *reader)) continue;
      graph_.MoveBefore(*it, *reader);
      graph_.SetPhase(*it, Phase::kBackward);
      order_ = NodeOrder(graph_);
    }
  }

 private:
  int32_t Position(NodeId id) const { return order_.position[Index(id)]; }

  // The first reader, if all are of the backward pass.
  std::optional<NodeId> LateReader(ValueId v) const {
    std::optional<NodeId> first;
    if (graph_.IsOutput(v)) return first;
    for (const Use& use : graph_.value(v).uses) {
      if (graph_.node(use.node).phase != Phase::kBackward) return {};
      if (!first || Position(use.node) < Position(*first)) first = use.node;
    }
    return first;
  }

  bool KeepsNoMore(NodeId id, NodeId reader) const {
    const Node& node = graph_.node(id);
    int64_t more = 0;
    for (ValueId v : node.inputs) {
      if (v == ValueId::kNone || graph_.value(v).producer == NodeId::kNone || graph_.IsOutput(v)) continue;
      const std::vector<Use>& uses = graph_.value(v).uses;
      const bool kept = std::any_of(uses.begin(), uses.end(), [&](const Use& use) {
        return use.node != id && Position(use.node) >= Position(reader);
      });
      if (!kept) more += BytesOf(graph_.value(v).type);
    }
    return more <= BytesOf(graph_.value(node.outputs[0]).type);
  }

  Graph& graph_;
  NodeOrder order_;
};

class RegionFuser {
 public:
  explicit RegionFuser(Graph& graph) : graph_(graph), order_(graph), infos_(graph.num_node_slots()) {
    for (NodeId id : order_.nodes) infos_[Index(id)] = RegionNodeOf(graph, id);
  }

  StatusOr<std::vector<FusionNote>> Run() {
    const std::vector<NodeId> seeds = order_.nodes;
    for (NodeId seed : seeds) {
      if (!graph_.node(seed).alive || !infos_[Index(seed)].fits()) continue;
      const Region region = Grow(seed);
      if (region.nodes.size() > 1) WEFT_RETURN_IF_ERROR(Replace(region));
    }
    for (NodeId id : seeds) NoteWhyNot(id);
    return std::move(notes_);
  }

 private:
  bool MayJoin(NodeId id) const {
    return id != NodeId::kNone && Index(id) < infos_.size() && infos_[Index(id)].fits();
  }

  // Nodes that give to or take from the region, each once, in order of its nodes.
  std::vector<NodeId> Neighbours(const Region& region) const {
    std::vector<NodeId> all;
    const auto add = [&](NodeId id) {
      if (!MayJoin(id) || !graph_.node(id).alive) return;
      const auto has = [&](const std::vector<NodeId>& list) {
        return std::find(list.begin(), list.end(), id) != list.end();
      };
      if (!has(region.nodes) && !has(all)) all.push_back(id);
    };
    for (NodeId id : region.nodes) {
      for (ValueId v : graph_.node(id).inputs) {
        if (v != ValueId::kNone) add(graph_.value(v).producer);
      }
      for (const Use& use : graph_.value(graph_.node(id).outputs[0]).uses) add(use.node);
    }
    return all;
  }

  Region Grow(NodeId seed) {
    Region region;
    region.nodes = {seed};
    region.bytes = infos_[Index(seed)].bytes;
    for (bool grown = true; grown;) {
      grown = false;
      for (NodeId id : Neighbours(region)) {
        std::vector<NodeId> nodes = region.nodes;
        nodes.push_back(id);
        StatusOr<Region> larger = MakeRegion(graph_, order_, infos_, std::move(nodes));
        const bool saves = larger.ok() && larger->bytes < region.bytes + infos_[Index(id)].bytes;
        if (!saves) {
          why_not_[id] = larger.ok() ? "that would save no bytes" : Message(larger.status());
          continue;
        }
        region = *std::move(larger);
        grown = true;
      }
    }
    return region;
  }

  Status Replace(const Region& region) {
    const GraphBody body = BodyOf(graph_, region);
    const Node one = graph_.node(region.nodes[0]);
    Builder b(graph_, region.before);
    b.set_scope(CommonScope(graph_, region.nodes));
    b.set_phase(one.phase);
    std::vector<Var> operands;
    for (ValueId v : region.inputs) operands.push_back(b.Wrap(v));
    const std::vector<Var> results = ops::FusedElementwise(operands, body);
    WEFT_RETURN_IF_ERROR(Prefix("regions", b.status()));
    const NodeId fused = graph_.value(results[0].id).producer;
    graph_.SetClone(fused, one.clone);
    for (size_t i = 0; i < region.outputs.size(); ++i)
      WEFT_RETURN_IF_ERROR(TakeOver(graph_, region.outputs[i], results[i].id));
    for (auto it = region.nodes.rbegin(); it != region.nodes.rend(); ++it) {
      graph_.EraseNode(*it);
      infos_[Index(*it)].why_not = "-";
    }
    graph_.EraseUnusedConstants();
    notes_.push_back({kRegionsFusion, fmt::format("{}: {}", graph_.Describe(fused), BodySteps(*body)), ""});
    order_ = NodeOrder(graph_);
    return OkStatus();
  }

  // Of a node that stayed alone beside another one.
  void NoteWhyNot(NodeId id) {
    if (!graph_.node(id).alive || infos_[Index(id)].why_not == "-") return;
    std::string reason = infos_[Index(id)].why_not;
    if (reason.empty()) {
      const auto found = why_not_.find(id);
      if (found == why_not_.end()) return;
      reason = found->second;
    } else if (!HasNeighbour(id)) {
      return;
    }
    const std::string who = graph_.Describe(id);
    // A reason that names both was given with the first of them.
    const bool said = !reasons_.insert(reason).second && reason.find(who) != std::string::npos;
    if (!said) notes_.push_back({kRegionsFusion, who, reason});
  }

  // A region, or an elementwise node, beside it.
  bool HasNeighbour(NodeId id) const {
    const auto is = [&](NodeId other) {
      return other != NodeId::kNone &&
             (graph_.node(other).op == &ops::FusedElementwiseOp::def || MayJoin(other));
    };
    for (ValueId v : graph_.node(id).inputs) {
      if (v != ValueId::kNone && is(graph_.value(v).producer)) return true;
    }
    for (ValueId v : graph_.node(id).outputs) {
      if (v == ValueId::kNone) continue;
      const std::vector<Use>& uses = graph_.value(v).uses;
      if (std::any_of(uses.begin(), uses.end(), [&](const Use& u) { return is(u.node); })) return true;
    }
    return false;
  }

  Graph& graph_;
  NodeOrder order_;
  std::vector<RegionNode> infos_;          // by NodeId; nodes that came later have none
  std::map<NodeId, std::string> why_not_;  // what was tried last; looked up only
  std::vector<FusionNote> notes_;
  std::set<std::string> reasons_;
};

}  // namespace

StatusOr<std::vector<FusionNote>> FuseRegions(Graph& graph, const Fusions& fusions) {
  if (!fusions.Has(kRegionsFusion)) return std::vector<FusionNote>();
  LateSteps(graph).Run();
  return RegionFuser(graph).Run();
}

}  // namespace weft
