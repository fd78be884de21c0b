// The reference: one query at a time, scores of one row in f64 in the workspace.
#include "ops/attention/cpu_kernels.h"
#include "ops/common/cpu/attention_layout.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/indices.h"
#include "ops/common/cpu/rotary_plain.h"

namespace weft::ops::attention {
namespace {

template <class T>
class PlainAttention {
 public:
  explicit PlainAttention(const KernelNode& node)
      : l_(WithPast(node)),
        bias_(l_, node.has_input(3) ? &node.inputs[3] : nullptr, node.has_input(6)),
        mode_(node.attrs<AttentionOp>().qk_matmul_output_mode),
        present_(node.has_output(1)),
        present_value_(node.has_output(2)),
        scores_(node.has_output(3)),
        lse_(node.has_output(4)) {}

  int64_t WorkspaceBytes() const { return l_.total() * static_cast<int64_t>(sizeof(double)); }

  void Run(const KernelArgs& args) const {
    for (int64_t b = 0; b < l_.batch; ++b) {
      for (int64_t h = 0; h < l_.q_heads; ++h) {
        for (int64_t i = 0; i < l_.seq; ++i) Query(args, b, h, i);
      }
    }
    if (present_) Present(args, 1, l_.head_dim);
    if (present_value_) Present(args, 2, l_.v_head_dim);
  }

 private:
  static AttentionLayout WithPast(const KernelNode& node) {
    AttentionLayout l = LayoutOf(node, node.attrs<AttentionOp>());
    if (node.has_input(4)) l.past = node.inputs[4].dim(2);
    return l;
  }

  // Row of key (which = 1) or value (which = 2) j, past ones first.
  const T* Row(const KernelArgs& args, size_t which, int64_t b, int64_t kv, int64_t j) const {
    const int64_t dim = which == 1 ? l_.head_dim : l_.v_head_dim;
    if (j < l_.past) return args.in<T>(which + 3) + ((b * l_.kv_heads + kv) * l_.past + j) * dim;
    return args.in<T>(which) + (which == 1 ? l_.k : l_.v).At(b, kv, j - l_.past);
  }

  double Score(const KernelArgs& args, int64_t b, int64_t h, int64_t i, int64_t j) const {
    const T* q = args.in<T>(0) + l_.q.At(b, h, i);
    const T* k = Row(args, 1, b, l_.KvHead(h), j);
    double dot = 0;
    for (int64_t d = 0; d < l_.head_dim; ++d) dot += static_cast<double>(q[d]) * static_cast<double>(k[d]);
    return dot * l_.scale;
  }

  void Query(const KernelArgs& args, int64_t b, int64_t h, int64_t i) const {
    auto* p = static_cast<double*>(args.workspace);
    double top = -INFINITY, sum = 0;
    const int64_t row = (b * l_.q_heads + h) * l_.seq + i, n = l_.total();
    auto keep = [&](int64_t stage, int64_t j, double value) {
      if (scores_ && mode_ == stage) args.out<T>(3)[row * n + j] = static_cast<T>(value);
    };
    for (int64_t j = 0; j < n; ++j) {
      const double raw = Score(args, b, h, i, j), capped = SoftCap(raw, l_.softcap);
      p[j] = capped +
             bias_.template At<T>(args.inputs[3], static_cast<const int64_t*>(args.inputs[6]), b, h, i, j);
      keep(0, j, raw);
      keep(1, j, capped);
      keep(2, j, p[j]);
      top = std::isnan(p[j]) ? p[j] : std::max(top, p[j]);
    }
    if (top == -INFINITY) top = 0;
    for (int64_t j = 0; j < n; ++j) sum += p[j] = std::exp(p[j] - top);
    for (int64_t j = 0; j < n; ++j) keep(3, j, p[j] /= sum == 0 ? 1 : sum);
    if (lse_) args.out<T>(4)[row] = static_cast<T>(top + std::log(sum));
    T* y = args.out<T>(0) + l_.y.At(b, h, i);
    for (int64_t d = 0; d < l_.v_head_dim; ++d) {
      double value = 0;
      for (int64_t j = 0; j < n; ++j)
        value += p[j] * static_cast<double>(Row(args, 2, b, l_.KvHead(h), j)[d]);
      y[d] = static_cast<T>(value);
    }
  }

  void Present(const KernelArgs& args, size_t which, int64_t dim) const {
    T* out = args.out<T>(which);
    for (int64_t b = 0; b < l_.batch; ++b) {
      for (int64_t h = 0; h < l_.kv_heads; ++h) {
        for (int64_t j = 0; j < l_.total(); ++j, out += dim) std::copy_n(Row(args, which, b, h, j), dim, out);
      }
    }
  }

  AttentionLayout l_;
  AttentionBias bias_;
  int64_t mode_;
  bool present_, present_value_, scores_, lse_;
};

}  // namespace

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext& context) {
  const auto& attrs = node.attrs<AttentionOp>();
  if (const RotaryLayout rotary = RotaryLayout::Of(node, kRotary, attrs.rotary_interleaved); rotary.pairs > 0)
    return PreparePlainRotary(node, context, {rotary, LayoutOf(node, attrs).head_dim, false, PreparePlain});
  KernelNode full = node;
  full.inputs.resize(7);
  full.outputs.resize(5);
  const size_t in = std::min<size_t>(node.inputs.size(), 7), out = node.outputs.size();
  const bool lengths = full.has_input(6);
  const AttentionLayout l = LayoutOf(node, node.attrs<AttentionOp>());
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) -> std::unique_ptr<Kernel> {
    PlainAttention<T> attention(full);
    const int64_t workspace = attention.WorkspaceBytes();
    return MakeKernel(
        [attention, in, out, lengths, who = Describe(node), batch = l.batch,
         keys = l.keys](const KernelArgs& args) {
          if (lengths) WEFT_RETURN_IF_ERROR(CheckLengths(who, args.in<int64_t>(6), batch, keys));
          const void* inputs[7] = {};
          void* outputs[5] = {};
          std::copy_n(args.inputs, in, inputs);
          std::copy_n(args.outputs, out, outputs);
          attention.Run({inputs, outputs, args.workspace});
          return OkStatus();
        },
        workspace);
  });
}

}  // namespace weft::ops::attention
