// Where a program will run, as the compiler sees it: which kernel takes a node, prepared how.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "ops/kernel.h"

namespace weft {

struct PreparedKernel {
  std::string_view name;  // "onednn"
  std::unique_ptr<Kernel> kernel;
};

class Target {
 public:
  virtual ~Target() = default;
  virtual std::string_view name() const = 0;  // "cpu"

  // The kernel that would run the node, with the pitches its operands have; the error names every kernel
  // with the reason why it does not. Placement asks this to learn whether a view costs a slower kernel.
  virtual StatusOr<std::string_view> KernelFor(const KernelNode& node) const = 0;
  // Fixes its algorithm and workspace.
  virtual StatusOr<PreparedKernel> Prepare(const KernelNode& node) const = 0;

  // What libraries may allocate on their own while programs with this many kernels run: a bound, printed as
  // a line of its own.
  virtual int64_t LibraryBytes(int64_t num_kernels) const = 0;

  // Whether it multiplies by bf16 weights as ops/pack_weight/op.h has them, faster than by others.
  virtual bool packs_weights() const { return false; }
};

// Runs nothing and needs no workspace: for planning tests. Takes rows that are not adjacent if `pitched`.
class NullTarget final : public Target {
 public:
  explicit NullTarget(bool pitched = true) : pitched_(pitched) {}
  std::string_view name() const override { return "null"; }
  StatusOr<std::string_view> KernelFor(const KernelNode& node) const override;
  StatusOr<PreparedKernel> Prepare(const KernelNode& node) const override;
  int64_t LibraryBytes(int64_t) const override { return 0; }

 private:
  bool pitched_;
};

}  // namespace weft
