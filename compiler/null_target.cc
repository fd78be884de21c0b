#include "compiler/target.h"

namespace weft {

StatusOr<std::string_view> NullTarget::KernelFor(const KernelNode& node) const {
  bool dense = true;
  for (const Operand& o : node.inputs) dense = dense && (!o.present || o.dense());
  for (const Operand& o : node.outputs) dense = dense && (!o.present || o.dense());
  if (!dense && !pitched_) {
    return InvalidArgument("{} '{}': no kernel runs it (null: takes dense operands only)", node.op->name,
                           node.scope);
  }
  return std::string_view("null");
}

StatusOr<PreparedKernel> NullTarget::Prepare(const KernelNode& node) const {
  WEFT_ASSIGN_OR_RETURN(const std::string_view name, KernelFor(node));
  return PreparedKernel{name, MakeKernel([](const KernelArgs&) { return OkStatus(); })};
}

}  // namespace weft
