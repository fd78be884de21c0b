#include "compiler/passes/region.h"

#include <algorithm>
#include <limits>
#include <set>

#include "ir/cost.h"

namespace weft {
namespace {

size_t Index(NodeId n) { return static_cast<size_t>(n); }

int64_t BytesOf(const TensorType& type) { return SizeInBytes(type.dtype, type.num_elements().value()); }

bool IsTiled(const TensorType* type) {
  return type == nullptr || type->dtype == DataType::kF32 || type->dtype == DataType::kBF16 ||
         type->dtype == DataType::kBool;
}

class RegionMaker {
 public:
  RegionMaker(const Graph& graph, const NodeOrder& order, const std::vector<RegionNode>& infos,
              std::vector<NodeId> nodes)
      : graph_(graph), order_(order), infos_(infos) {
    region_.nodes = std::move(nodes);
    std::sort(region_.nodes.begin(), region_.nodes.end(),
              [&](NodeId a, NodeId b) { return Position(a) < Position(b); });
    first_ = Position(region_.nodes.front());
    last_ = Position(region_.nodes.back());
  }

  StatusOr<Region> Make() {
    WEFT_RETURN_IF_ERROR(CheckAlike());
    FindValues();
    if (region_.nodes.size() > kMaxRegionNodes)
      return FailedPrecondition("more than {} operators", kMaxRegionNodes);
    if (region_.inputs.empty()) return FailedPrecondition("they read nothing but numbers");
    if (region_.inputs.size() > kMaxRegionInputs)
      return FailedPrecondition("more than {} operands", kMaxRegionInputs);
    if (region_.outputs.size() > kMaxRegionOutputs)
      return FailedPrecondition("more than {} results", kMaxRegionOutputs);
    WEFT_RETURN_IF_ERROR(FindPlace());
    WEFT_RETURN_IF_ERROR(CheckMemory());
    for (ValueId v : region_.inputs) region_.bytes += static_cast<double>(BytesOf(graph_.value(v).type));
    for (ValueId v : region_.outputs) region_.bytes += static_cast<double>(BytesOf(graph_.value(v).type));
    return std::move(region_);
  }

 private:
  int32_t Position(NodeId id) const { return order_.position[Index(id)]; }
  bool Inside(NodeId id) const {
    return id != NodeId::kNone &&
           std::find(region_.nodes.begin(), region_.nodes.end(), id) != region_.nodes.end();
  }
  const Dims& ShapeOf(NodeId id) const {
    return ops::BodyShapeOf(graph_.TypesOf(id), infos_[Index(id)].step);
  }

  Status CheckAlike() const {
    const Node& one = graph_.node(region_.nodes[0]);
    const std::vector<bool>* reduced = nullptr;  // axes, of a reduction
    for (NodeId id : region_.nodes) {
      const Node& node = graph_.node(id);
      if (node.phase != one.phase)
        return FailedPrecondition("{} belongs to another phase", graph_.Describe(id));
      if (node.clone != one.clone)
        return FailedPrecondition("one is computed again in the backward pass, one is not");
      if (ShapeOf(id) != ShapeOf(region_.nodes[0])) {
        return FailedPrecondition("{} computes over {}, {} over {}", graph_.Describe(id),
                                  ToString(ShapeOf(id)), graph_.Describe(region_.nodes[0]),
                                  ToString(ShapeOf(region_.nodes[0])));
      }
      const ops::BodyStep& step = infos_[Index(id)].step;
      if (!step.form.reduction()) continue;
      if (reduced != nullptr && *reduced != step.form.reduced)
        return FailedPrecondition("two reductions take different axes");
      reduced = &step.form.reduced;
      for (const Use& use : graph_.value(node.outputs[0]).uses) {
        if (Inside(use.node))
          return FailedPrecondition("{} reads the result of a reduction", graph_.Describe(use.node));
      }
    }
    return OkStatus();
  }

  void FindValues() {
    std::set<ValueId> seen;
    for (NodeId id : region_.nodes) {
      for (ValueId v : graph_.node(id).inputs) {
        if (v == ValueId::kNone || Inside(graph_.value(v).producer) || IsInnerConstant(graph_, v)) continue;
        if (seen.insert(v).second) region_.inputs.push_back(v);
      }
      const ValueId result = graph_.node(id).outputs[0];
      const std::vector<Use>& uses = graph_.value(result).uses;
      const bool outside =
          std::any_of(uses.begin(), uses.end(), [&](const Use& u) { return !Inside(u.node); });
      if (outside || graph_.IsOutput(result)) region_.outputs.push_back(result);
    }
  }

  // Behind all that it reads, before all that reads it.
  Status FindPlace() {
    int32_t ready = -1;  // the last producer
    for (ValueId v : region_.inputs) {
      const NodeId producer = graph_.value(v).producer;
      if (producer != NodeId::kNone) ready = std::max(ready, Position(producer));
    }
    int32_t needed = last_;
    for (ValueId v : region_.outputs) {
      for (const Use& use : graph_.value(v).uses) {
        if (Inside(use.node)) continue;
        if (Position(use.node) <= ready) {
          return FailedPrecondition("{} reads '{}' before all operands are there", graph_.Describe(use.node),
                                    graph_.value(v).name);
        }
        needed = std::min(needed, Position(use.node));
      }
    }
    place_ = needed;
    region_.before = order_.nodes[static_cast<size_t>(needed)];
    return OkStatus();
  }

  // ---- memory: no node beside the region may have less of it than before, nor the region itself need more

  struct Life {
    int32_t first, last;
    int64_t bytes;
    int64_t At(int32_t t) const { return first <= t && t <= last ? bytes : 0; }
  };

  int32_t LastUse(ValueId v, bool outside_only) const {
    if (graph_.IsOutput(v)) return std::numeric_limits<int32_t>::max();
    int32_t last = -1;
    for (const Use& use : graph_.value(v).uses) {
      if (!outside_only || !Inside(use.node)) last = std::max(last, Position(use.node));
    }
    return last;
  }

  void FindLives(std::vector<Life>* apart, std::vector<Life>* fused) const {
    for (ValueId v : region_.inputs) {
      const NodeId producer = graph_.value(v).producer;
      if (producer == NodeId::kNone) continue;  // lives outside of the arena, or all the time
      const int64_t bytes = BytesOf(graph_.value(v).type);
      apart->push_back({Position(producer), LastUse(v, false), bytes});
      fused->push_back({Position(producer), std::max(LastUse(v, true), place_), bytes});
    }
    for (NodeId id : region_.nodes) {
      const ValueId v = graph_.node(id).outputs[0];
      const int64_t bytes = BytesOf(graph_.value(v).type);
      apart->push_back({Position(id), std::max(LastUse(v, false), Position(id)), bytes});
      const bool given =
          std::find(region_.outputs.begin(), region_.outputs.end(), v) != region_.outputs.end();
      if (given) fused->push_back({place_, LastUse(v, true), bytes});
    }
  }

  static int64_t Sum(const std::vector<Life>& lives, int32_t t) {
    int64_t sum = 0;
    for (const Life& life : lives) sum += life.At(t);
    return sum;
  }
  // What a node at t writes where an operand of the same size ends.
  static int64_t InPlace(const std::vector<Life>& lives, int32_t t) {
    int64_t saved = 0;
    std::vector<int64_t> ending;
    for (const Life& life : lives) {
      if (life.last == t && life.first < t) ending.push_back(life.bytes);
    }
    for (const Life& life : lives) {
      if (life.first != t) continue;
      const auto end = std::find(ending.begin(), ending.end(), life.bytes);
      if (end == ending.end()) continue;
      saved += life.bytes;
      ending.erase(end);
    }
    return saved;
  }

  Status CheckMemory() const {
    std::vector<Life> apart, fused;
    FindLives(&apart, &fused);
    // What reductions give is small beside what they take, and may be there earlier.
    int64_t largest = 0;
    for (const Life& life : apart) largest = std::max(largest, life.bytes);
    const int64_t slack = largest / 16;
    int64_t most = 0;
    for (int32_t t = first_; t <= last_; ++t) {
      const NodeId id = order_.nodes[static_cast<size_t>(t)];
      if (Inside(id)) {
        most = std::max(most, Sum(apart, t) - InPlace(apart, t));
      } else if (Sum(fused, t) > Sum(apart, t) + slack) {
        return FailedPrecondition("more memory would be in use at {}", graph_.Describe(id));
      }
    }
    if (Sum(fused, place_) - InPlace(fused, place_) > most + slack)
      return FailedPrecondition("it would need more memory than they do one by one");
    return OkStatus();
  }

  const Graph& graph_;
  const NodeOrder& order_;
  const std::vector<RegionNode>& infos_;
  Region region_;
  int32_t first_ = 0, last_ = 0, place_ = 0;  // positions
};

}  // namespace

NodeOrder::NodeOrder(const Graph& graph) : nodes(graph.NodeIds()), position(graph.num_node_slots(), -1) {
  for (size_t i = 0; i < nodes.size(); ++i) position[Index(nodes[i])] = static_cast<int32_t>(i);
}

bool IsInnerConstant(const Graph& graph, ValueId v) {
  return graph.value(v).constant != nullptr && graph.value(v).constant->num_elements() == 1;
}

RegionNode RegionNodeOf(const Graph& graph, NodeId id) {
  const NodeTypes types = graph.TypesOf(id);
  RegionNode info;
  info.step = ops::BodyStepOf(types);
  if (!info.step.why_not.empty()) {
    info.why_not = info.step.form || !info.step.form.why_not.empty() ? info.step.why_not : "-";
    return info;
  }
  for (const std::vector<const TensorType*>* operands : {&types.inputs, &types.outputs}) {
    for (const TensorType* t : *operands) {
      if (t != nullptr && !IsConstant(t->shape)) info.why_not = "its shape has symbols";
    }
  }
  if (!info.fits()) return info;
  const bool draws = info.step.form.function == ElementFunction::kDropout;
  for (size_t i = 0; i < types.inputs.size() && (!draws || i == 0); ++i) {
    if (!IsTiled(types.inputs[i])) info.why_not = fmt::format("takes {}", Name(types.input(i).dtype));
  }
  if (!IsTiled(types.outputs[0])) info.why_not = fmt::format("gives {}", Name(types.output(0).dtype));
  View view;
  if (types.op->view != nullptr && types.op->view(types, 0, &view)) info.why_not = "-";  // it costs nothing
  // Measured: tiles of eight rows, each by all steps, take twice the time of the reduction's own kernel.
  if (info.step.reduced == ops::ReducedAxesKind::kFirst) info.why_not = "reduces the first axes";
  if (ops::BodyShapeOf(types, info.step).empty()) info.why_not = "-";  // a number
  info.bytes = NodeBytes(types);
  return info;
}

StatusOr<Region> MakeRegion(const Graph& graph, const NodeOrder& order, const std::vector<RegionNode>& infos,
                            std::vector<NodeId> nodes) {
  return RegionMaker(graph, order, infos, std::move(nodes)).Make();
}

}  // namespace weft
