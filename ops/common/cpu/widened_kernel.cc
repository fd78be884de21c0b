#include "ops/widened_kernel.h"

#include <algorithm>

#include "base/threads.h"
#include "ops/common/cpu/bf16.h"

namespace weft {
namespace {

constexpr int64_t kAlignment = 64;
constexpr int64_t kGrain = 1 << 15;  // elements that are worth a thread

bool IsNarrow(const Operand& o) { return o.present && o.dtype == DataType::kBF16; }

bool HasNarrow(const KernelNode& node) {
  return std::any_of(node.inputs.begin(), node.inputs.end(), IsNarrow) ||
         std::any_of(node.outputs.begin(), node.outputs.end(), IsNarrow);
}

KernelNode Widened(KernelNode node) {
  for (std::vector<Operand>* operands : {&node.inputs, &node.outputs}) {
    for (Operand& o : *operands) {
      if (IsNarrow(o)) o = DenseOperand(DataType::kF32, o.shape);
    }
  }
  return node;
}

// One bf16 operand and its f32 twin in the workspace.
struct Twin {
  size_t index;  // of the input or output
  int64_t rows, row, pitch;
  int64_t offset;  // bytes
};

class WidenedKernel final : public Kernel {
 public:
  WidenedKernel(const KernelNode& node, std::unique_ptr<Kernel> kernel, int threads)
      : kernel_(std::move(kernel)),
        threads_(threads),
        inputs_(node.inputs.size()),
        outputs_(node.outputs.size()) {
    Collect(node.inputs, &narrow_inputs_);
    Collect(node.outputs, &narrow_outputs_);
    inner_workspace_ = workspace_bytes_;
    workspace_bytes_ += kernel_->workspace_bytes();
  }

  Status Run(const KernelArgs& args) override {
    auto* workspace = static_cast<std::byte*>(args.workspace);
    std::copy_n(args.inputs, inputs_.size(), inputs_.begin());
    std::copy_n(args.outputs, outputs_.size(), outputs_.begin());
    for (const Twin& t : narrow_inputs_) {
      auto* wide = reinterpret_cast<float*>(workspace + t.offset);
      EachPiece(t, [&](int64_t from, int64_t to, int64_t n) {
        ops::WidenBf16(args.in<uint16_t>(t.index) + from, n, wide + to);
      });
      inputs_[t.index] = wide;
    }
    for (const Twin& t : narrow_outputs_) outputs_[t.index] = workspace + t.offset;
    WEFT_RETURN_IF_ERROR(kernel_->Run({inputs_.data(), outputs_.data(), workspace + inner_workspace_}));
    for (const Twin& t : narrow_outputs_) {
      const auto* wide = reinterpret_cast<const float*>(workspace + t.offset);
      EachPiece(t, [&](int64_t to, int64_t from, int64_t n) {
        ops::NarrowToBf16(wide + from, n, args.out<uint16_t>(t.index) + to);
      });
    }
    return OkStatus();
  }

 private:
  void Collect(const std::vector<Operand>& operands, std::vector<Twin>* twins) {
    for (size_t i = 0; i < operands.size(); ++i) {
      const Operand& o = operands[i];
      if (!IsNarrow(o)) continue;
      const int64_t n = o.num_elements();
      if (o.dense()) {
        twins->push_back({i, 1, n, n, workspace_bytes_});
      } else {
        twins->push_back({i, o.num_rows(), o.row(), o.pitch, workspace_bytes_});
      }
      const int64_t bytes = n * static_cast<int64_t>(sizeof(float));
      workspace_bytes_ += (bytes + kAlignment - 1) / kAlignment * kAlignment;
    }
  }

  // fn(offset in the operand, offset in its dense twin, elements), side by side on all threads.
  template <class Fn>
  void EachPiece(const Twin& t, Fn&& fn) const {
    if (t.rows == 1) {
      ParallelFor(t.row, threads_, kGrain,
                  [&](int64_t begin, int64_t end, int) { fn(begin, begin, end - begin); });
      return;
    }
    const int64_t grain = std::max<int64_t>(1, kGrain / std::max<int64_t>(t.row, 1));
    ParallelFor(t.rows, threads_, grain, [&](int64_t begin, int64_t end, int) {
      for (int64_t r = begin; r < end; ++r) fn(r * t.pitch, r * t.row, t.row);
    });
  }

  std::unique_ptr<Kernel> kernel_;
  int threads_;
  std::vector<Twin> narrow_inputs_, narrow_outputs_;
  int64_t inner_workspace_ = 0;
  std::vector<const void*> inputs_;  // of the kernel in f32
  std::vector<void*> outputs_;
};

StatusOr<const KernelDef*> SelectInF32(const KernelNode& node, const KernelContext& context) {
  return SelectKernel(CpuKernels(*node.op), Widened(node), context);
}

StatusOr<std::unique_ptr<Kernel>> PrepareWidened(const KernelNode& node, const KernelContext& context) {
  const KernelNode wide = Widened(node);
  WEFT_ASSIGN_OR_RETURN(const KernelDef* def, SelectInF32(node, context));
  WEFT_ASSIGN_OR_RETURN(std::unique_ptr<Kernel> kernel, def->prepare(wide, context));
  return std::make_unique<WidenedKernel>(node, std::move(kernel), context.threads);
}

// Two, for how their rows depend on each other is that of the kernel inside.
constexpr KernelDef kWidened = {
    .name = "widened", .accepts = AcceptsAll, .prepare = PrepareWidened, .pitched = true, .narrow = true};
constexpr KernelDef kWidenedVariant = {.name = "widened",
                                       .accepts = AcceptsAll,
                                       .prepare = PrepareWidened,
                                       .pitched = true,
                                       .row_invariant = false,
                                       .narrow = true};

}  // namespace

StatusOr<const KernelDef*> SelectCpuKernel(const KernelNode& node, const KernelContext& context) {
  const std::span<const KernelDef> kernels = CpuKernels(*node.op);
  if (!HasNarrow(node) || !node.op->precision.mixes()) return SelectKernel(kernels, node, context);
  if (!context.plain_only) {
    if (const auto own = SelectKernel(kernels, node, context); own.ok()) return own;
  }
  WEFT_ASSIGN_OR_RETURN(const KernelDef* inner, SelectInF32(node, context));
  return inner->row_invariant ? &kWidened : &kWidenedVariant;
}

}  // namespace weft
