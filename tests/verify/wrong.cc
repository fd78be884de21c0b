#include "tests/verify/wrong.h"

namespace weft::test {

StatusOr<PreparedKernel> FlippingTarget::Prepare(const KernelNode& node) const {
  WEFT_ASSIGN_OR_RETURN(PreparedKernel right, cpu_.Prepare(node));
  const Operand& y = node.outputs[0];
  if (node.op->name != op_ || y.dtype != DataType::kF32 || y.num_elements() == 0) return right;
  const int64_t last = (y.num_rows() - 1) * y.pitch + y.row() - 1;
  const int64_t workspace = right.kernel->workspace_bytes();
  auto wrong = [kernel = std::shared_ptr<Kernel>(std::move(right.kernel)), last](const KernelArgs& args) {
    WEFT_RETURN_IF_ERROR(kernel->Run(args));
    args.out<float>(0)[last] *= -1;
    return OkStatus();
  };
  return PreparedKernel{right.name, MakeKernel(std::move(wrong), workspace)};
}

}  // namespace weft::test
