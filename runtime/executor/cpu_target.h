// The CPU as the compiler sees it: the kernels of ops/kernel.h.
#pragma once
#include "compiler/target.h"

namespace weft {

class CpuTarget final : public Target {
 public:
  explicit CpuTarget(KernelContext context = {}) : context_(context) {}
  std::string_view name() const override { return "cpu"; }
  StatusOr<std::string_view> KernelFor(const KernelNode& node) const override;
  StatusOr<PreparedKernel> Prepare(const KernelNode& node) const override;
  int64_t LibraryBytes(int64_t num_kernels) const override;
  bool packs_weights() const override;
  const KernelContext& context() const { return context_; }

 private:
  KernelContext context_;
};

}  // namespace weft
