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
  return CpuLibraryBytes(context_.threads, num_kernels);
}

}  // namespace weft
