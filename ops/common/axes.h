// Lists of axes (reductions, Squeeze, Unsqueeze, Slice) against a rank.
#pragma once
#include <string_view>
#include <vector>

#include "ops/common/axis.h"

namespace weft::ops {

// `axes` counted from the front, in the order given; each must lie in [-rank, rank) and stand once. `name` is
// what the rank belongs to, for the message: "axes holds 5, expected -2 to 1 (data is f32[2, 3])".
StatusOr<std::vector<int>> ResolveAxes(const NodeTypes& node, const std::vector<int64_t>& axes, int rank,
                                       std::string_view name);

// flags[i]: axis i is among `axes` (valid ones, negative allowed).
std::vector<bool> AxisFlags(const std::vector<int64_t>& axes, int rank);

}  // namespace weft::ops
