#include "ops/common/cpu/indices.h"

namespace weft::ops {

std::string Describe(const KernelNode& node) { return fmt::format("{} '{}'", node.op->name, node.scope); }

Status IndexError(const IndexedBy& by, int64_t position, int64_t value, int64_t size) {
  Shape at(by.indices_shape.size());
  for (size_t i = at.size(); i-- > 0; position /= by.indices_shape[i]) at[i] = position % by.indices_shape[i];
  const std::string where = at.empty() ? std::string() : ToString(at);
  if (size == 0)
    return OutOfRange("{}: {}{} is {}, but {} is empty", by.node, by.indices, where, value, by.limit);
  return OutOfRange("{}: {}{} is {}, expected {} to {} ({})", by.node, by.indices, where, value, -size,
                    size - 1, by.limit);
}

}  // namespace weft::ops
