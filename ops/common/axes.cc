#include "ops/common/axes.h"

namespace weft::ops {

StatusOr<std::vector<int>> ResolveAxes(const NodeTypes& node, const std::vector<int64_t>& axes, int rank,
                                       std::string_view name) {
  std::vector<int> resolved;
  std::vector<bool> seen(static_cast<size_t>(rank), false);
  for (int64_t axis : axes) {
    if (axis < -rank || axis >= rank) {
      if (rank == 0) return node.Error("axes holds {}, but {} is a scalar", axis, name);
      return node.Error("axes holds {}, expected {} to {} ({} has rank {})", axis, -rank, rank - 1, name,
                        rank);
    }
    const int a = ResolvedAxis(axis, rank);
    if (seen[static_cast<size_t>(a)]) return node.Error("axes holds axis {} twice", a);
    seen[static_cast<size_t>(a)] = true;
    resolved.push_back(a);
  }
  return resolved;
}

std::vector<bool> AxisFlags(const std::vector<int64_t>& axes, int rank) {
  std::vector<bool> flags(static_cast<size_t>(rank), false);
  for (int64_t axis : axes) flags[static_cast<size_t>(ResolvedAxis(axis, rank))] = true;
  return flags;
}

}  // namespace weft::ops
