#include "ops/attention/cpu_kernels.h"
#include "ops/common/cpu/attention_forward.h"
#include "ops/common/cpu/indices.h"

namespace weft::ops::attention {
namespace {

constexpr size_t kMask = 3, kPastKey = 4, kPastValue = 5, kLengths = 6;  // inputs
constexpr size_t kPresentKey = 1, kPresentValue = 2, kScores = 3, kLse = 4;

// Past keys and values [batch, kv_heads, past, dim], then those of the node.
class Source final : public KeyValueSource {
 public:
  Source(const AttentionLayout& layout, const KernelArgs& args)
      : l_(layout), k_(args.in<float>(1)), v_(args.in<float>(2)) {
    if (l_.past == 0) return;
    past_k_ = args.in<float>(kPastKey);
    past_v_ = args.in<float>(kPastValue);
  }

  Piece At(int64_t batch, int64_t kv_head, int64_t key) const override {
    if (key < l_.past) {
      const int64_t row = (batch * l_.kv_heads + kv_head) * l_.past + key;
      return {past_k_ + row * l_.head_dim, past_v_ + row * l_.v_head_dim, l_.head_dim, l_.v_head_dim,
              l_.past - key};
    }
    const int64_t j = key - l_.past;
    return {k_ + l_.k.At(batch, kv_head, j), v_ + l_.v.At(batch, kv_head, j), l_.k.t, l_.v.t, l_.keys - j, j};
  }

 private:
  const AttentionLayout& l_;
  const float *k_, *v_;
  const float *past_k_ = nullptr, *past_v_ = nullptr;
};

// present_key and present_value: [batch, kv_heads, total, dim].
void Present(const AttentionLayout& l, const KeyValueSource& source, const Rotation<float>& rotation,
             bool values, float* out) {
  const int64_t dim = values ? l.v_head_dim : l.head_dim;
  for (int64_t b = 0; b < l.batch; ++b) {
    for (int64_t h = 0; h < l.kv_heads; ++h) {
      for (int64_t key = 0; key < l.total();) {
        const KeyValueSource::Piece piece = source.At(b, h, key);
        for (int64_t i = 0; i < piece.count; ++i, out += dim) {
          std::copy_n(values ? piece.v + i * piece.v_stride : piece.k + i * piece.k_stride, dim, out);
          if (!values && piece.token >= 0) Rotate(rotation, {b, piece.token + i}, out);
        }
        key += piece.count;
      }
    }
  }
}

}  // namespace

std::string SimdAccepts(const KernelNode& node) {
  if (node.inputs[0].dtype != DataType::kF32) return "takes f32 only";
  if (!OthersAreDense(node, 0)) return "takes rows apart in q, k and v only";
  if (node.has_output(kScores)) return "does not give qk_matmul_output";
  const AttentionLayout l = LayoutOf(node, node.attrs<AttentionOp>());
  return l.q_heads * l.kv_heads * l.head_dim == 0 ? "takes no empty heads" : "";
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  AttentionForward forward;
  forward.layout = LayoutOf(node, node.attrs<AttentionOp>());
  if (node.has_input(kPastKey)) forward.layout.past = node.inputs[kPastKey].dim(2);
  if (node.has_input(kMask)) forward.mask = MaskLayout::Of(node.inputs[kMask]);
  forward.lengths = node.has_input(kLengths);
  forward.rotary = RotaryLayout::Of(node, kRotary, node.attrs<AttentionOp>().rotary_interleaved);
  forward.threads = context.threads;
  const bool present_k = node.has_output(kPresentKey), present_v = node.has_output(kPresentValue);
  return MakeKernel(
      [forward, present_k, present_v, lse = node.has_output(kLse),
       who = Describe(node)](const KernelArgs& args) {
        const AttentionLayout& l = forward.layout;
        const auto* lengths = forward.lengths ? args.in<int64_t>(kLengths) : nullptr;
        if (lengths != nullptr) WEFT_RETURN_IF_ERROR(CheckLengths(who, lengths, l.batch, l.total()));
        WEFT_RETURN_IF_ERROR(forward.rotary.CheckPositions(args, who));
        const Rotation<float> rotation(forward.rotary, args);
        const Source source(l, args);
        forward.Run({.q = args.in<float>(0),
                     .source = &source,
                     .mask = forward.mask.present ? args.inputs[kMask] : nullptr,
                     .lengths = lengths,
                     .rotation = rotation,
                     .y = args.out<float>(0),
                     .lse = lse ? args.out<float>(kLse) : nullptr,
                     .workspace = args.workspace});
        if (present_k) Present(l, source, rotation, false, args.out<float>(kPresentKey));
        if (present_v) Present(l, source, rotation, true, args.out<float>(kPresentValue));
        return OkStatus();
      },
      forward.WorkspaceBytes());
}

}  // namespace weft::ops::attention
