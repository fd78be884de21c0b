// How an operator runs on a device. A kernel *accepts* a node (types, shapes, pitches, attributes) or says
// why not; `prepare` fixes algorithm and workspace; `Run` then only computes: it allocates nothing.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/tensor.h"
#include "ir/op_def.h"

namespace weft {

// An operand as a kernel sees it: rows of the last dimension, `pitch` elements apart (the last dimension
// itself when dense). Scalars are one row of one element.
struct Operand {
  DataType dtype = DataType::kF32;
  Shape shape;
  int64_t pitch = 1;
  bool present = false;

  int64_t num_elements() const { return NumElements(shape); }
  int64_t row() const { return shape.empty() ? 1 : shape.back(); }  // elements of a row
  int64_t num_rows() const;                                         // 0 for an empty tensor
  bool dense() const { return pitch == row() || num_rows() <= 1; }
  int rank() const { return static_cast<int>(shape.size()); }
  int64_t dim(int axis) const { return shape[static_cast<size_t>(axis < 0 ? axis + rank() : axis)]; }
};
Operand DenseOperand(DataType dtype, Shape shape);

struct KernelNode {
  const OpDef* op = nullptr;
  const void* attributes = nullptr;
  std::vector<Operand> inputs, outputs;  // an absent one is not present
  std::string scope;                     // for messages

  template <class A>
  const A& attrs() const {
    return *static_cast<const A*>(attributes);
  }
  bool has_input(size_t i) const { return i < inputs.size() && inputs[i].present; }
  bool has_output(size_t i) const { return i < outputs.size() && outputs[i].present; }
};
// The node with dense operands; all shapes bound.
KernelNode ToKernelNode(const NodeTypes& node);

struct KernelContext {
  int threads = 1;          // of the OpenMP team that will run it
  bool plain_only = false;  // the reference kernel, whatever faster one there is
};

struct KernelArgs {
  const void* const* inputs;  // null: absent
  void* const* outputs;       // null: absent
  void* workspace;            // 64-byte aligned, workspace_bytes() long

  template <class T>
  const T* in(size_t i) const {
    return static_cast<const T*>(inputs[i]);
  }
  template <class T>
  T* out(size_t i) const {
    return static_cast<T*>(outputs[i]);
  }
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  // Fails only for what the data says (an index out of range).
  virtual Status Run(const KernelArgs& args) = 0;
  int64_t workspace_bytes() const { return workspace_bytes_; }

 protected:
  int64_t workspace_bytes_ = 0;
};

struct KernelDef {
  std::string_view name;  // "onednn", "simd", "plain"
  // "" if the kernel can run the node, else why not: "f64 is left to the plain kernel".
  std::string (*accepts)(const KernelNode& node);
  StatusOr<std::unique_ptr<Kernel>> (*prepare)(const KernelNode& node, const KernelContext& context);
  bool pitched = false;  // takes operands whose rows are not adjacent; others are never given them
  // The bits of a row of the result depend on no other row and not on how many there are.
  bool row_invariant = true;
  // Takes bf16 operands, of an operator that mixes them with f32, itself. Others are given f32 ones
  // (ops/widened_kernel.h).
  bool narrow = false;
};

// `accepts` of a kernel that runs whatever inference lets through, as every plain one does.
std::string AcceptsAll(const KernelNode& node);
// `accepts` of a kernel that asks only that input 0 is f32.
std::string AcceptsF32(const KernelNode& node);
// The same, f32 or bf16.
std::string AcceptsF32OrBf16(const KernelNode& node);

// A Kernel from a callable Status(const KernelArgs&).
template <class F>
std::unique_ptr<Kernel> MakeKernel(F run, int64_t workspace_bytes = 0) {
  class FunctionKernel final : public Kernel {
   public:
    FunctionKernel(F run, int64_t workspace) : run_(std::move(run)) { workspace_bytes_ = workspace; }
    Status Run(const KernelArgs& args) override { return run_(args); }

   private:
    F run_;
  };
  return std::make_unique<FunctionKernel>(std::move(run), workspace_bytes);
}

// The CPU kernels of an operator, fastest first, the plain one last (written by CMake from op_list.inc).
std::span<const KernelDef> CpuKernels(const OpDef& op);

// What libraries behind these kernels allocate on their own while programs with that many calls run:
// measured, not promised (the resident memory of training runs, less what was planned).
int64_t CpuLibraryBytes(int threads, int64_t num_calls);

// The first of `kernels` that accepts the node. The error names every kernel with its reason.
StatusOr<const KernelDef*> SelectKernel(std::span<const KernelDef> kernels, const KernelNode& node,
                                        const KernelContext& context);

}  // namespace weft
