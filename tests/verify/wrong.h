// Mistakes to be found: kernels that give wrong numbers.
#pragma once
#include <string>

#include "runtime/executor/cpu_target.h"

namespace weft::test {

// The CPU's kernels, with the sign of the last float of output 0 flipped in those of one operator.
class FlippingTarget final : public Target {
 public:
  explicit FlippingTarget(std::string op) : op_(std::move(op)) {}
  std::string_view name() const override { return "flipping"; }
  StatusOr<std::string_view> KernelFor(const KernelNode& node) const override { return cpu_.KernelFor(node); }
  StatusOr<PreparedKernel> Prepare(const KernelNode& node) const override;
  int64_t LibraryBytes(int64_t kernels) const override { return cpu_.LibraryBytes(kernels); }

 private:
  std::string op_;
  CpuTarget cpu_;
};

}  // namespace weft::test
