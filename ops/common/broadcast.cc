#include "ops/common/broadcast.h"

#include <algorithm>

namespace weft::ops {
namespace {

// The dimensions at which they part, for the message; nullopt if they broadcast.
std::optional<std::pair<Dim, Dim>> Join(const Dims& a, const Dims& b, Dims* joined) {
  const size_t rank = std::max(a.size(), b.size());
  joined->assign(rank, Dim(1));
  for (size_t i = 0; i < rank; ++i) {  // from the last dimension
    const Dim x = i < a.size() ? a[a.size() - 1 - i] : Dim(1);
    const Dim y = i < b.size() ? b[b.size() - 1 - i] : Dim(1);
    if (x != y && x != Dim(1) && y != Dim(1)) return std::pair(x, y);
    (*joined)[rank - 1 - i] = x == Dim(1) ? y : x;
  }
  return std::nullopt;
}

std::string InputName(const NodeTypes& node, size_t i) {
  const std::span<const OperandDef> defs = node.op->inputs;
  if (i < defs.size() && defs[i].arity != OperandDef::kVariadic) return std::string(defs[i].name);
  return fmt::format("input {}", i);
}

}  // namespace

std::optional<Dims> Broadcast(const Dims& a, const Dims& b) {
  Dims joined;
  if (Join(a, b, &joined)) return std::nullopt;
  return joined;
}

StatusOr<Dims> BroadcastInputs(const NodeTypes& node, size_t first) {
  Dims shape = node.input(first).shape;
  for (size_t i = first + 1; i < node.inputs.size(); ++i) {
    Dims joined;
    const auto parted = Join(shape, node.input(i).shape, &joined);
    if (parted) {
      const std::string before =
          i == first + 1 ? InputName(node, first) : fmt::format("inputs {} to {} together", first, i - 1);
      return node.Error("{} {} and {} {} do not broadcast ({} against {})", before, ToString(shape),
                        InputName(node, i), ToString(node.input(i).shape), parted->first.ToString(),
                        parted->second.ToString());
    }
    shape = std::move(joined);
  }
  return shape;
}

}  // namespace weft::ops
