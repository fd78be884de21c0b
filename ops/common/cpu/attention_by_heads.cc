#include "ops/common/cpu/attention_by_heads.h"

#include <algorithm>

#include "base/threads.h"
#include "ops/common/cpu/bf16.h"

namespace weft::ops {
namespace {

// One operand, and its f32 twin of one key/value head.
struct Twin {
  size_t index = 0;
  HeadOperand kind = HeadOperand::kNone;
  HeadStrides strides = {};
  int64_t heads = 0, tokens = 0, dim = 0;  // of one key/value head
  int64_t offset = 0;                      // bytes in the thread's part
};

class ByHeads final : public Kernel {
 public:
  ByHeads(const AttentionLayout& layout, int threads) : l_(layout), threads_(threads) {}

  Status Prepare(const KernelNode& node, const AttentionByHeads& attention) {
    KernelNode inner;
    inner.op = node.op;
    inner.attributes = node.attributes;
    inner.scope = node.scope;
    Collect(node.inputs, attention.inputs, &inner.inputs, &inputs_);
    Collect(node.outputs, attention.outputs, &inner.outputs, &outputs_);
    inner_offset_ = thread_bytes_;
    for (int t = 0; t < threads_; ++t) {
      WEFT_ASSIGN_OR_RETURN(std::unique_ptr<Kernel> kernel, attention.prepare(inner, {.threads = 1}));
      kernels_.push_back({std::move(kernel), std::vector<const void*>(inner.inputs.size()),
                          std::vector<void*>(inner.outputs.size()), OkStatus()});
    }
    thread_bytes_ += (kernels_[0].kernel->workspace_bytes() + 63) / 64 * 64;
    workspace_bytes_ = threads_ * thread_bytes_;
    return OkStatus();
  }

  Status Run(const KernelArgs& args) override {
    ParallelFor(l_.batch * l_.kv_heads, threads_, 1, [&](int64_t begin, int64_t end, int thread) {
      PerThread& mine = kernels_[static_cast<size_t>(thread)];
      mine.status = OkStatus();
      for (int64_t item = begin; item < end && mine.status.ok(); ++item)
        mine.status = Head(args, mine, thread, item / l_.kv_heads, item % l_.kv_heads);
    });
    for (const PerThread& mine : kernels_) WEFT_RETURN_IF_ERROR(mine.status);
    return OkStatus();
  }

 private:
  struct PerThread {
    std::unique_ptr<Kernel> kernel;
    std::vector<const void*> inputs;
    std::vector<void*> outputs;
    Status status;
  };

  void Collect(const std::vector<Operand>& operands, std::span<const HeadOperand> kinds,
               std::vector<Operand>* inner, std::vector<Twin>* twins) {
    const int64_t group = l_.q_heads / l_.kv_heads;
    for (size_t i = 0; i < operands.size(); ++i) {
      inner->emplace_back();
      if (!operands[i].present) continue;
      Twin t{.index = i, .kind = kinds[i]};
      switch (kinds[i]) {
        case HeadOperand::kQuery:
          t.heads = group, t.tokens = l_.seq, t.dim = l_.head_dim;
          break;
        case HeadOperand::kKey:
          t.heads = 1, t.tokens = l_.keys, t.dim = l_.head_dim;
          break;
        case HeadOperand::kValue:
          t.heads = 1, t.tokens = l_.keys, t.dim = l_.v_head_dim;
          break;
        case HeadOperand::kResult:
          t.heads = group, t.tokens = l_.seq, t.dim = l_.v_head_dim;
          break;
        case HeadOperand::kLse:
        case HeadOperand::kNone:
          t.heads = group, t.tokens = l_.seq;
          break;
      }
      const bool lse = t.kind == HeadOperand::kLse;
      if (!lse) t.strides = StridesOfHeads(operands[i], t.dim);
      inner->back() = DenseOperand(DataType::kF32,
                                   lse ? Shape{1, t.heads, t.tokens} : Shape{1, t.heads, t.tokens, t.dim});
      if (!lse) {
        t.offset = thread_bytes_;
        const int64_t floats = (t.heads * t.tokens * t.dim + 15) / 16 * 16;
        thread_bytes_ += floats * static_cast<int64_t>(sizeof(float));
      }
      twins->push_back(t);
    }
  }

  int64_t FirstHead(const Twin& t, int64_t kv) const { return kv * t.heads; }

  Status Head(const KernelArgs& args, PerThread& mine, int thread, int64_t b, int64_t kv) {
    auto* part = static_cast<std::byte*>(args.workspace) + thread * thread_bytes_;
    for (const Twin& t : inputs_) {
      if (t.kind == HeadOperand::kLse) {
        mine.inputs[t.index] = args.in<float>(t.index) + (b * l_.q_heads + FirstHead(t, kv)) * l_.seq;
        continue;
      }
      auto* wide = reinterpret_cast<float*>(part + t.offset);
      for (int64_t h = 0; h < t.heads; ++h) {
        WidenBf16Rows(args.in<uint16_t>(t.index) + t.strides.At(b, FirstHead(t, kv) + h, 0), t.strides.t,
                      t.tokens, t.dim, wide + h * t.tokens * t.dim);
      }
      mine.inputs[t.index] = wide;
    }
    for (const Twin& t : outputs_) {
      mine.outputs[t.index] = part + t.offset;
      if (t.kind == HeadOperand::kLse)
        mine.outputs[t.index] = args.out<float>(t.index) + (b * l_.q_heads + FirstHead(t, kv)) * l_.seq;
    }
    WEFT_RETURN_IF_ERROR(mine.kernel->Run({mine.inputs.data(), mine.outputs.data(), part + inner_offset_}));
    for (const Twin& t : outputs_) {
      if (t.kind == HeadOperand::kLse) continue;
      const auto* wide = reinterpret_cast<const float*>(part + t.offset);
      for (int64_t h = 0; h < t.heads; ++h) {
        NarrowToBf16Rows(wide + h * t.tokens * t.dim, t.tokens, t.dim,
                         args.out<uint16_t>(t.index) + t.strides.At(b, FirstHead(t, kv) + h, 0), t.strides.t);
      }
    }
    return OkStatus();
  }

  AttentionLayout l_;
  int threads_;
  std::vector<Twin> inputs_, outputs_;
  int64_t inner_offset_ = 0, thread_bytes_ = 0;
  std::vector<PerThread> kernels_;
};

std::string AcceptsOperands(const std::vector<Operand>& operands, std::span<const HeadOperand> kinds) {
  for (size_t i = 0; i < operands.size(); ++i) {
    const Operand& o = operands[i];
    if (!o.present) continue;
    if (i >= kinds.size() || kinds[i] == HeadOperand::kNone) return "takes no mask, lengths or past";
    if (o.dtype != (kinds[i] == HeadOperand::kLse ? DataType::kF32 : DataType::kBF16))
      return "takes bf16 only";
    if (kinds[i] == HeadOperand::kLse && !o.dense()) return "takes log-sum-exps dense";
  }
  return {};
}

}  // namespace

std::string AcceptsByHeads(const KernelNode& node, std::span<const HeadOperand> inputs,
                           std::span<const HeadOperand> outputs) {
  std::string reason = AcceptsOperands(node.inputs, inputs);
  return reason.empty() ? AcceptsOperands(node.outputs, outputs) : reason;
}

StatusOr<std::unique_ptr<Kernel>> PrepareByHeads(const KernelNode& node, const AttentionByHeads& attention,
                                                 int threads) {
  auto kernel = std::make_unique<ByHeads>(attention.layout, threads);
  WEFT_RETURN_IF_ERROR(kernel->Prepare(node, attention));
  return kernel;
}

}  // namespace weft::ops
