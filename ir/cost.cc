#include "ir/cost.h"

#include "ir/widened_node.h"

namespace weft {

double NodeFlops(const NodeTypes& node) {
  if (node.op->flops != nullptr) {
    return node.op->precision.mixes() ? node.op->flops(WidenedNode(node).node()) : node.op->flops(node);
  }
  return node.has_output(0) ? static_cast<double>(node.output(0).num_elements().value()) : 0;
}

double NodeBytes(const NodeTypes& node) {
  if (node.op->bytes != nullptr) return node.op->bytes(node);
  double sum = 0;
  for (const auto* list : {&node.inputs, &node.outputs}) {
    for (const TensorType* t : *list) {
      if (t != nullptr) sum += static_cast<double>(SizeInBytes(t->dtype, t->num_elements().value()));
    }
  }
  return sum;
}

}  // namespace weft
