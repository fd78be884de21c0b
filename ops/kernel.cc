#include "ops/kernel.h"

namespace weft {

int64_t Operand::num_rows() const {
  if (shape.empty()) return 1;
  int64_t rows = shape.back() == 0 ? 0 : 1;
  for (size_t i = 0; i + 1 < shape.size(); ++i) rows *= shape[i];
  return rows;
}

Operand DenseOperand(DataType dtype, Shape shape) {
  Operand o{dtype, std::move(shape), 1, true};
  o.pitch = o.row();
  return o;
}

KernelNode ToKernelNode(const NodeTypes& node) {
  KernelNode k;
  k.op = node.op;
  k.attributes = node.attributes;
  k.scope = node.scope;
  auto convert = [](const TensorType* t) {
    return t ? DenseOperand(t->dtype, ToShape(t->shape)) : Operand{};
  };
  for (const TensorType* t : node.inputs) k.inputs.push_back(convert(t));
  for (const TensorType* t : node.outputs) k.outputs.push_back(convert(t));
  return k;
}

std::string AcceptsAll(const KernelNode&) { return ""; }

std::string AcceptsF32(const KernelNode& node) {
  return node.inputs[0].dtype == DataType::kF32 ? "" : "takes f32 only";
}

StatusOr<const KernelDef*> SelectKernel(std::span<const KernelDef> kernels, const KernelNode& node,
                                        const KernelContext& context) {
  bool dense = true;
  for (const Operand& o : node.inputs) dense &= !o.present || o.dense();
  for (const Operand& o : node.outputs) dense &= !o.present || o.dense();
  std::string reasons;
  for (const KernelDef& k : kernels) {
    if (context.plain_only && &k != &kernels.back()) continue;
    std::string reason = !dense && !k.pitched ? "takes dense operands only" : k.accepts(node);
    if (reason.empty()) return &k;
    reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", k.name, reason);
  }
  return InvalidArgument("{} '{}': no kernel runs it ({})", node.op->name, node.scope,
                         reasons.empty() ? "there is none for this device" : reasons);
}

}  // namespace weft
