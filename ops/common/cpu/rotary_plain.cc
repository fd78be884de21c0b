#include "ops/common/cpu/rotary_plain.h"

#include <algorithm>

#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/indices.h"

namespace weft::ops {
namespace {

template <class T>
class RotatedKernel final : public Kernel {
 public:
  RotatedKernel(const KernelNode& node, const PlainRotary& plain, std::unique_ptr<Kernel> inner)
      : plain_(plain),
        inner_(std::move(inner)),
        who_(Describe(node)),
        four_(node.inputs[0].rank() == 4),
        inputs_(node.inputs.size()) {
    for (size_t i : {0, 1}) {
      elements_[i] = node.inputs[i].num_elements();
      workspace_bytes_ += (elements_[i] * static_cast<int64_t>(sizeof(T)) + 63) / 64 * 64;
    }
    inner_at_ = workspace_bytes_;
    workspace_bytes_ += inner_->workspace_bytes();
  }

  Status Run(const KernelArgs& args) override {
    WEFT_RETURN_IF_ERROR(plain_.rotary.CheckPositions(args, who_));
    const Rotation<T> rotation(plain_.rotary, args);
    std::copy_n(args.inputs, inputs_.size(), inputs_.begin());
    std::fill_n(inputs_.begin() + static_cast<std::ptrdiff_t>(plain_.rotary.operand),
                inputs_.size() - plain_.rotary.operand, nullptr);
    auto* workspace = static_cast<std::byte*>(args.workspace);
    auto* to = workspace;
    for (size_t i : {0, 1}) {
      auto* turned = reinterpret_cast<T*>(to);
      std::copy_n(args.in<T>(i), elements_[i], turned);
      Turn(rotation, T{1}, elements_[i], turned);
      inputs_[i] = turned;
      to += (elements_[i] * static_cast<int64_t>(sizeof(T)) + 63) / 64 * 64;
    }
    WEFT_RETURN_IF_ERROR(inner_->Run({inputs_.data(), args.outputs, workspace + inner_at_}));
    for (size_t i : {0, 1}) {
      if (plain_.gradients) Turn(rotation, T{-1}, elements_[i], args.out<T>(i));
    }
    return OkStatus();
  }

 private:
  // Rows of heads follow each other: [batch, heads, seq] or [batch, seq, heads] of them.
  void Turn(const Rotation<T>& rotation, T way, int64_t elements, T* x) const {
    const RotaryLayout& l = plain_.rotary;
    if (elements == 0) return;
    const int64_t rows = elements / plain_.head_dim, heads = rows / (l.batch * l.seq);
    for (int64_t r = 0; r < rows; ++r) {
      const int64_t b = r / (heads * l.seq), token = four_ ? r % l.seq : r / heads % l.seq;
      RotatePlain(rotation, b, token, way, x + r * plain_.head_dim);
    }
  }

  PlainRotary plain_;
  std::unique_ptr<Kernel> inner_;
  std::string who_;
  bool four_;
  int64_t elements_[2], inner_at_ = 0;
  std::vector<const void*> inputs_;
};

}  // namespace

StatusOr<std::unique_ptr<Kernel>> PreparePlainRotary(const KernelNode& node, const KernelContext& context,
                                                     const PlainRotary& plain) {
  KernelNode inner = node;
  inner.inputs.resize(plain.rotary.operand);
  WEFT_ASSIGN_OR_RETURN(std::unique_ptr<Kernel> kernel, plain.prepare(inner, context));
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) -> std::unique_ptr<Kernel> {
    return std::make_unique<RotatedKernel<T>>(node, plain, std::move(kernel));
  });
}

}  // namespace weft::ops
