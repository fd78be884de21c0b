#include "ops/evaluate.h"

#include "ir/builder.h"
#include "ops/widened_kernel.h"

namespace weft {

Status RunOnce(Kernel& kernel, std::span<const Tensor* const> inputs, std::span<Tensor* const> outputs) {
  Tensor workspace = Tensor::Zeros(DataType::kU8, {kernel.workspace_bytes()});
  std::vector<const void*> in;
  std::vector<void*> out;
  for (const Tensor* t : inputs) in.push_back(t ? t->data() : nullptr);
  for (Tensor* t : outputs) out.push_back(t ? t->mutable_data() : nullptr);
  return kernel.Run({in.data(), out.data(), workspace.mutable_data()});
}

StatusOr<std::vector<Tensor>> EvaluateNode(const OpDef& op, const void* attributes,
                                           std::span<const Tensor* const> inputs, uint32_t optional_outputs,
                                           const KernelContext& context) {
  NodeTypes types;
  types.op = &op;
  types.attributes = attributes;
  types.scope = "evaluate";
  std::vector<TensorType> input_types;
  for (const Tensor* t : inputs)
    input_types.push_back(t ? TensorType{t->dtype(), ToDims(t->shape())} : TensorType{});
  for (size_t i = 0; i < inputs.size(); ++i) types.inputs.push_back(inputs[i] ? &input_types[i] : nullptr);
  WEFT_ASSIGN_OR_RETURN(const std::vector<TensorType> output_types, InferTypes(types));
  std::vector<Tensor> outputs(output_types.size());
  std::vector<Tensor*> pointers;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const bool optional = i < op.outputs.size() && op.outputs[i].arity == OperandDef::kOptional;
    const bool present = !optional || (optional_outputs >> i & 1);
    types.outputs.push_back(present ? &output_types[i] : nullptr);
    if (present) outputs[i] = Tensor::Zeros(output_types[i].dtype, ToShape(output_types[i].shape));
    pointers.push_back(present ? &outputs[i] : nullptr);
  }
  const KernelNode node = ToKernelNode(types);
  WEFT_ASSIGN_OR_RETURN(const KernelDef* def, SelectCpuKernel(node, context));
  WEFT_ASSIGN_OR_RETURN(std::unique_ptr<Kernel> kernel, def->prepare(node, context));
  WEFT_RETURN_IF_ERROR(RunOnce(*kernel, inputs, pointers));
  return outputs;
}

}  // namespace weft
