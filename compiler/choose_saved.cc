#include "compiler/choose_saved.h"

#include <algorithm>

#include "compiler/passes/recompute.h"
#include "compiler/place.h"
#include "compiler/schedule.h"
#include "ir/cost.h"

namespace weft {
namespace {

constexpr std::string_view kNames[] = {"none", "blocks", "auto"};

// A kind of node, "RMSNormalization ln1", in each block that has it.
struct Kind {
  std::string name;
  std::vector<std::vector<NodeId>> by_block = {};
  double seconds = 0, bytes = 0;  // to compute it again; of its outputs
};

// Only ratios count: a processor computes some ten operations in the time it moves a byte.
double Seconds(const NodeTypes& node) {
  constexpr double kFlops = 2e11, kBytes = 2e10;
  return std::max(NodeFlops(node) / kFlops, NodeBytes(node) / kBytes);
}

double OutputBytes(const NodeTypes& node) {
  double bytes = 0;
  for (const TensorType* type : node.outputs) {
    if (type != nullptr) bytes += static_cast<double>(SizeInBytes(type->dtype, type->num_elements().value()));
  }
  return bytes;
}

// The cheapest for a byte first.
std::vector<Kind> Kinds(const Graph& graph) {
  std::vector<Kind> kinds;
  const std::vector<Block> blocks = Blocks(graph);
  for (size_t b = 0; b < blocks.size(); ++b) {
    for (NodeId id : blocks[b].nodes) {
      const Node& node = graph.node(id);
      const std::string name = fmt::format("{}{}", node.op->name, node.scope.substr(blocks[b].scope.size()));
      auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return k.name == name; });
      if (kind == kinds.end()) kind = kinds.insert(kind, Kind{.name = name});
      kind->by_block.resize(blocks.size());
      kind->by_block[b].push_back(id);
      kind->seconds += Seconds(graph.TypesOf(id));
      kind->bytes += OutputBytes(graph.TypesOf(id));
    }
  }
  std::stable_sort(kinds.begin(), kinds.end(),
                   [](const Kind& a, const Kind& b) { return a.seconds * b.bytes < b.seconds * a.bytes; });
  return kinds;
}

class Chooser {
 public:
  Chooser(const Graph& graph, const Target& target, int64_t limit)
      : graph_(graph), target_(target), limit_(limit), kinds_(Kinds(graph)) {
    for (size_t k = 0; k < kinds_.size(); ++k) {
      for (size_t b = 0; b < kinds_[k].by_block.size(); ++b) {
        if (!kinds_[k].by_block[b].empty()) groups_.push_back({k, b});
      }
    }
  }

  StatusOr<std::vector<NodeId>> Run() {
    WEFT_ASSIGN_OR_RETURN(const bool fits, Fits(0));
    if (fits) return std::vector<NodeId>();
    WEFT_ASSIGN_OR_RETURN(const bool all_fit, Fits(groups_.size()));
    if (!all_fit) return Nodes(groups_);
    // The shortest beginning of the list that fits.
    size_t low = 0, high = groups_.size();
    while (low + 1 < high) {
      const size_t middle = low + (high - low) / 2;
      WEFT_ASSIGN_OR_RETURN(const bool enough, Fits(middle));
      (enough ? high : low) = middle;
    }
    groups_.resize(high);
    WEFT_RETURN_IF_ERROR(KeepWhatCanBe());
    return Nodes(groups_);
  }

 private:
  struct Group {
    size_t kind, block;
  };

  // Whole kinds that are not needed after all, the dearest first.
  Status KeepWhatCanBe() {
    for (size_t k = kinds_.size(); k-- > 0;) {
      std::vector<Group> without;
      for (const Group& g : groups_) {
        if (g.kind != k) without.push_back(g);
      }
      if (without.size() == groups_.size()) continue;
      WEFT_ASSIGN_OR_RETURN(const bool fits, Fits(without));
      if (fits) groups_ = std::move(without);
    }
    return OkStatus();
  }

  std::vector<NodeId> Nodes(std::span<const Group> groups) const {
    std::vector<NodeId> nodes;
    for (const Group& g : groups) {
      const std::vector<NodeId>& more = kinds_[g.kind].by_block[g.block];
      nodes.insert(nodes.end(), more.begin(), more.end());
    }
    return nodes;
  }

  StatusOr<bool> Fits(size_t count) const { return Fits(std::span(groups_).first(count)); }
  StatusOr<bool> Fits(std::span<const Group> groups) const {
    Graph graph = graph_;
    Recompute(graph, Nodes(groups));
    WEFT_ASSIGN_OR_RETURN(const int64_t peak, PlannedPeak(std::move(graph), target_));
    return peak <= limit_;
  }

  const Graph& graph_;
  const Target& target_;
  const int64_t limit_;
  const std::vector<Kind> kinds_;
  std::vector<Group> groups_;
};

}  // namespace

std::string_view Name(RecomputeMode mode) { return kNames[static_cast<size_t>(mode)]; }

bool FromName(std::string_view name, RecomputeMode* mode) {
  const auto* found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) return false;
  *mode = static_cast<RecomputeMode>(found - std::begin(kNames));
  return true;
}

StatusOr<int64_t> PlannedPeak(Graph graph, const Target& target) {
  WEFT_ASSIGN_OR_RETURN(const Placement placement, Place(graph, target));
  WEFT_ASSIGN_OR_RETURN(const std::vector<NodeId> order, Schedule(graph, placement));
  return PeakBytes(graph, placement, order);
}

StatusOr<SavedChoice> ChooseSaved(Graph& graph, const Target& target, RecomputeMode mode, int64_t limit) {
  SavedChoice choice;
  if (mode == RecomputeMode::kBlocks) choice.clones = RecomputeBlocks(graph);
  if (mode == RecomputeMode::kAuto) {
    WEFT_ASSIGN_OR_RETURN(const std::vector<NodeId> dropped, Chooser(graph, target, limit).Run());
    choice.clones = Recompute(graph, dropped);
  }
  WEFT_ASSIGN_OR_RETURN(choice.peak_bytes, PlannedPeak(graph, target));
  choice.fits = mode != RecomputeMode::kAuto || choice.peak_bytes <= limit;
  return choice;
}

}  // namespace weft
