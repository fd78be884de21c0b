#include "ops/common/operand_checks.h"

namespace weft::ops {

Status CheckLike(const NodeTypes& node, size_t i, size_t like) {
  if (!node.has_input(i) || node.input(i) == node.input(like)) return OkStatus();
  return node.Error("{} is {}, expected {} (that of {})", node.op->inputs[i].name, node.input(i).ToString(),
                    node.input(like).ToString(), node.op->inputs[like].name);
}

Status CheckType(const NodeTypes& node, size_t i, const TensorType& type) {
  if (!node.has_input(i) || node.input(i) == type) return OkStatus();
  return node.Error("{} is {}, expected {}", node.op->inputs[i].name, node.input(i).ToString(),
                    type.ToString());
}

}  // namespace weft::ops
