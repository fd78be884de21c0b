// An axis attribute against a shape.
#pragma once
#include <string_view>

#include "ir/op_def.h"

namespace weft::ops {

// `axis` counted from the front; negative ones count from the end of `of`, which the message calls `name`.
StatusOr<int> ResolveAxis(const NodeTypes& node, int64_t axis, const TensorType& of, std::string_view name);
// The same where inference has accepted it.
inline int ResolvedAxis(int64_t axis, int rank) { return static_cast<int>(axis < 0 ? axis + rank : axis); }

// Product of the dimensions [begin, end) of a bound shape.
int64_t ProductOf(const std::vector<int64_t>& shape, int begin, int end);

}  // namespace weft::ops
