#include "ops/common/in_f32.h"

#include "ir/widened_node.h"
#include "ops/cast/op.h"

namespace weft::ops {

void DecomposeInF32(DecomposeFn body, Builder& b, const NodeTypes& node, std::span<const Var> inputs,
                    std::span<Var> outputs) {
  const WidenedNode wide(node);
  if (!wide.changed()) return body(b, node, inputs, outputs);
  std::vector<Var> widened(inputs.begin(), inputs.end());
  for (Var& v : widened) {
    if (v.valid() && v.dtype() == DataType::kBF16) v = Cast(v, DataType::kF32);
  }
  body(b, wide.node(), widened, outputs);
  for (size_t i = 0; i < outputs.size() && i < node.outputs.size(); ++i) {
    if (outputs[i].valid() && node.has_output(i) && node.output(i).dtype == DataType::kBF16)
      outputs[i] = Cast(outputs[i], DataType::kBF16);
  }
}

}  // namespace weft::ops
