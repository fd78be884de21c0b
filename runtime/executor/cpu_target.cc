#include "runtime/executor/cpu_target.h"

namespace weft {

StatusOr<std::string_view> CpuTarget::KernelFor(const KernelNode& node) const {
  WEFT_ASSIGN_OR_RETURN(const KernelDef* kernel, SelectKernel(CpuKernels(*node.op), node, context_));
  return kernel->name;
}

StatusOr<PreparedKernel> CpuTarget::Prepare(const KernelNode& node) const {
  WEFT_ASSIGN_OR_RETURN(const KernelDef* def, SelectKernel(CpuKernels(*node.op), node, context_));
  WEFT_ASSIGN_OR_RETURN(std::unique_ptr<Kernel> kernel, def->prepare(node, context_));
  return PreparedKernel{def->name, std::move(kernel)};
}

int64_t CpuTarget::LibraryBytes(int64_t num_kernels) const {
  // oneDNN keeps generated code for each distinct primitive, and packing buffers for each thread.
  constexpr int64_t kPerThread = 4 << 20;
  constexpr int64_t kPerKernel = 32 << 10;
  return context_.threads * kPerThread + num_kernels * kPerKernel;
}

}  // namespace weft
