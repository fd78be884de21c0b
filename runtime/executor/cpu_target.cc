#include "runtime/executor/cpu_target.h"

#include "ops/instruction_sets.h"
#include "ops/widened_kernel.h"

namespace weft {

StatusOr<std::string_view> CpuTarget::KernelFor(const KernelNode& node) const {
  WEFT_ASSIGN_OR_RETURN(const KernelDef* kernel, SelectCpuKernel(node, context_));
  return kernel->name;
}

bool CpuTarget::packs_weights() const { return HasBf16Products() && !context_.plain_only; }

StatusOr<PreparedKernel> CpuTarget::Prepare(const KernelNode& node) const {
  WEFT_ASSIGN_OR_RETURN(const KernelDef* def, SelectCpuKernel(node, context_));
  WEFT_ASSIGN_OR_RETURN(std::unique_ptr<Kernel> kernel, def->prepare(node, context_));
  return PreparedKernel{def->name, std::move(kernel)};
}

int64_t CpuTarget::LibraryBytes(int64_t num_kernels) const {
  return CpuLibraryBytes(context_.threads, num_kernels);
}

}  // namespace weft
