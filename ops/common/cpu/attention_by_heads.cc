#include "ops/common/cpu/attention_by_heads.h"

#include <algorithm>

#include "base/threads.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/indices.h"

namespace weft::ops {
namespace {

// One operand, and its f32 twin of one key/value head; what is no bf16 is given where it lies.
struct Twin {
  size_t index = 0;
  bool wide = false;
  HeadStrides strides = {};                // elements; bytes of a wide one
  int64_t heads = 0, tokens = 0, dim = 0;  // of one key/value head
  int64_t offset = 0;                      // bytes in the thread's part
};

bool IsWide(HeadOperand kind) { return kind == HeadOperand::kLse || kind == HeadOperand::kTable; }

class ByHeads final : public Kernel {
 public:
  ByHeads(const AttentionLayout& layout, const RotaryLayout& rotary, int threads)
      : l_(layout), rotary_(rotary), threads_(threads) {}

  Status Prepare(const KernelNode& node, const AttentionByHeads& attention) {
    KernelNode inner;
    inner.op = node.op;
    inner.attributes = node.attributes;
    inner.scope = node.scope;
    who_ = Describe(node);
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
    WEFT_RETURN_IF_ERROR(rotary_.CheckPositions(args, who_));
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
      Twin t{.index = i, .wide = IsWide(kinds[i])};
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
          t.heads = group;
          t.strides = {l_.q_heads * l_.seq * 4, l_.seq * 4, 0};
          inner->back() = DenseOperand(DataType::kF32, {1, group, l_.seq});
          break;
        case HeadOperand::kTable:
          inner->back() = OfOneSequence(operands[i], i, &t.strides.b);
          break;
        case HeadOperand::kNone:
          break;
      }
      if (!t.wide) {
        t.strides = StridesOfHeads(operands[i], t.dim);
        inner->back() = DenseOperand(DataType::kF32, {1, t.heads, t.tokens, t.dim});
        t.offset = thread_bytes_;
        const int64_t floats = (t.heads * t.tokens * t.dim + 15) / 16 * 16;
        thread_bytes_ += floats * static_cast<int64_t>(sizeof(float));
      }
      twins->push_back(t);
    }
  }

  // Tables without positions, and positions, are of a sequence each; their bytes come one after another.
  Operand OfOneSequence(const Operand& operand, size_t index, int64_t* bytes) const {
    if (rotary_.positions && index < rotary_.operand + 2) return operand;
    Shape shape = operand.shape;
    *bytes = SizeInBytes(operand.dtype, operand.num_elements() / std::max<int64_t>(shape[0], 1));
    shape[0] = 1;
    return DenseOperand(operand.dtype, std::move(shape));
  }

  int64_t FirstHead(const Twin& t, int64_t kv) const { return kv * t.heads; }

  Status Head(const KernelArgs& args, PerThread& mine, int thread, int64_t b, int64_t kv) {
    auto* part = static_cast<std::byte*>(args.workspace) + thread * thread_bytes_;
    for (const Twin& t : inputs_) {
      if (t.wide) {
        mine.inputs[t.index] = args.in<std::byte>(t.index) + t.strides.At(b, FirstHead(t, kv), 0);
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
      if (t.wide) mine.outputs[t.index] = args.out<std::byte>(t.index) + t.strides.At(b, FirstHead(t, kv), 0);
    }
    WEFT_RETURN_IF_ERROR(mine.kernel->Run({mine.inputs.data(), mine.outputs.data(), part + inner_offset_}));
    for (const Twin& t : outputs_) {
      if (t.wide) continue;
      const auto* wide = reinterpret_cast<const float*>(part + t.offset);
      for (int64_t h = 0; h < t.heads; ++h) {
        NarrowToBf16Rows(wide + h * t.tokens * t.dim, t.tokens, t.dim,
                         args.out<uint16_t>(t.index) + t.strides.At(b, FirstHead(t, kv) + h, 0), t.strides.t);
      }
    }
    return OkStatus();
  }

  AttentionLayout l_;
  RotaryLayout rotary_;
  std::string who_;
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
    const bool wide = IsWide(kinds[i]);
    if (wide && o.dtype != DataType::kF32 && o.dtype != DataType::kI64)
      return "takes statistics and tables of f32 only";
    if (!wide && o.dtype != DataType::kBF16) return "takes bf16 only";
    if (wide && !o.dense()) return "takes statistics and tables dense";
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
  auto kernel = std::make_unique<ByHeads>(attention.layout, attention.rotary, threads);
  WEFT_RETURN_IF_ERROR(kernel->Prepare(node, attention));
  return kernel;
}

}  // namespace weft::ops
