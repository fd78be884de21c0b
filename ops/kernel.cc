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

std::string AcceptsF32OrBf16(const KernelNode& node) {
  const DataType dtype = node.inputs[0].dtype;
  return dtype == DataType::kF32 || dtype == DataType::kBF16 ? "" : "takes f32 and bf16 only";
}

StatusOr<const KernelDef*> SelectKernel(std::span<const KernelDef> kernels, const KernelNode& node,
                                        const KernelContext& context) {
  bool dense = true;
  bool narrow = false;
  for (const std::vector<Operand>* operands : {&node.inputs, &node.outputs}) {
    for (const Operand& o : *operands) {
      dense &= !o.present || o.dense();
      narrow |= o.present && o.dtype == DataType::kBF16 && node.op->precision.mixes();
    }
  }
  std::string reasons;
  for (const KernelDef& k : kernels) {
    if (context.plain_only && &k != &kernels.back()) continue;
    std::string reason = !dense && !k.pitched  ? "takes dense operands only"
                         : narrow && !k.narrow ? "takes no bf16"
                                               : k.accepts(node);
    if (reason.empty()) return &k;
    reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", k.name, reason);
  }
  return InvalidArgument("{} '{}': no kernel runs it ({})", node.op->name, node.scope,
                         reasons.empty() ? "there is none for this device" : reasons);
}

}  // namespace weft
