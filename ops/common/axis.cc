#include "ops/common/axis.h"

namespace weft::ops {

StatusOr<int> ResolveAxis(const NodeTypes& node, int64_t axis, const TensorType& of, std::string_view name) {
  const int rank = of.rank();
  if (rank == 0) return node.Error("axis is {}, but {} is a scalar", axis, name);
  if (axis < -rank || axis >= rank) {
    return node.Error("axis is {}, expected {} to {} ({} is {})", axis, -rank, rank - 1, name, of.ToString());
  }
  return ResolvedAxis(axis, rank);
}

int64_t ProductOf(const std::vector<int64_t>& shape, int begin, int end) {
  int64_t product = 1;
  for (int i = begin; i < end; ++i) product *= shape[static_cast<size_t>(i)];
  return product;
}

}  // namespace weft::ops
