#include "compiler/passes/parts.h"

#include "ops/concat/op.h"

namespace weft {

std::optional<View> PartOfOutput(const NodeTypes& node, int input) {
  View view;
  if (node.op != &ops::ConcatOp::def || !ops::PartOfConcat(node, input, &view)) return std::nullopt;
  return view;
}

}  // namespace weft
