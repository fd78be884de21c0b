// The reference: one query at a time in f64; gradients of keys and values are summed in f64 in the workspace.
#include "ops/attention_grad/cpu_kernels.h"
#include "ops/common/cpu/attention_layout.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/indices.h"
#include "ops/common/cpu/rotary_plain.h"

namespace weft::ops::attention_grad {
namespace {

template <class T>
class PlainGradient {
 public:
  explicit PlainGradient(const KernelNode& node)
      : l_(LayoutOf(node, node.attrs<AttentionGradOp>())),
        bias_(l_, node.has_input(3) ? &node.inputs[3] : nullptr, node.has_input(4)) {}

  // dk and dv of all heads, [batch, kv_heads, keys, dim] each.
  int64_t NumKeys() const { return l_.batch * l_.kv_heads * l_.keys; }
  int64_t WorkspaceBytes() const {
    return NumKeys() * (l_.head_dim + l_.v_head_dim) * static_cast<int64_t>(sizeof(double));
  }

  void Run(const KernelArgs& args) const {
    auto* dk = static_cast<double*>(args.workspace);
    double* dv = dk + NumKeys() * l_.head_dim;
    std::fill(dk, dv + NumKeys() * l_.v_head_dim, 0.0);
    for (int64_t b = 0; b < l_.batch; ++b) {
      for (int64_t h = 0; h < l_.q_heads; ++h) {
        for (int64_t i = 0; i < l_.seq; ++i) Query(args, b, h, i, dk, dv);
      }
    }
    Store(args.out<T>(1), l_.k, l_.head_dim, dk);
    Store(args.out<T>(2), l_.v, l_.v_head_dim, dv);
  }

 private:
  static double Dot(const T* a, const T* b, int64_t n) {
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
  }

  void Query(const KernelArgs& args, int64_t b, int64_t h, int64_t i, double* dk, double* dv) const {
    const int64_t kv = l_.KvHead(h);
    const T* q = args.in<T>(0) + l_.q.At(b, h, i);
    const T* y = args.in<T>(5) + l_.y.At(b, h, i);
    const T* dy = args.in<T>(7) + l_.y.At(b, h, i);
    const double lse = static_cast<double>(args.in<T>(6)[(b * l_.q_heads + h) * l_.seq + i]);
    const double delta = Dot(y, dy, l_.v_head_dim);
    T* dq = args.out<T>(0) + l_.q.At(b, h, i);
    for (int64_t d = 0; d < l_.head_dim; ++d) dq[d] = 0;
    for (int64_t j = 0; j < l_.keys; ++j) {
      const double bias =
          bias_.template At<T>(args.inputs[3], static_cast<const int64_t*>(args.inputs[4]), b, h, i, j);
      if (bias == -INFINITY) continue;
      const T* k = args.in<T>(1) + l_.k.At(b, kv, j);
      const T* v = args.in<T>(2) + l_.v.At(b, kv, j);
      const double capped = SoftCap(Dot(q, k, l_.head_dim) * l_.scale, l_.softcap);
      const double p = std::exp(capped + bias - lse);
      double ds = p * (Dot(dy, v, l_.v_head_dim) - delta) * l_.scale;
      if (l_.softcap > 0) ds *= 1 - (capped / l_.softcap) * (capped / l_.softcap);
      const int64_t key = (b * l_.kv_heads + kv) * l_.keys + j;
      for (int64_t d = 0; d < l_.head_dim; ++d) {
        dq[d] = static_cast<T>(static_cast<double>(dq[d]) + ds * static_cast<double>(k[d]));
        dk[key * l_.head_dim + d] += ds * static_cast<double>(q[d]);
      }
      for (int64_t d = 0; d < l_.v_head_dim; ++d)
        dv[key * l_.v_head_dim + d] += p * static_cast<double>(dy[d]);
    }
  }

  void Store(T* out, const HeadStrides& strides, int64_t dim, const double* from) const {
    for (int64_t b = 0; b < l_.batch; ++b) {
      for (int64_t h = 0; h < l_.kv_heads; ++h) {
        for (int64_t j = 0; j < l_.keys; ++j, from += dim) {
          for (int64_t d = 0; d < dim; ++d) out[strides.At(b, h, j) + d] = static_cast<T>(from[d]);
        }
      }
    }
  }

  AttentionLayout l_;
  AttentionBias bias_;
};

}  // namespace

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext& context) {
  const auto& attrs = node.attrs<AttentionGradOp>();
  if (const RotaryLayout rotary = RotaryLayout::Of(node, kRotary, attrs.rotary_interleaved); rotary.pairs > 0)
    return PreparePlainRotary(node, context, {rotary, LayoutOf(node, attrs).head_dim, true, PreparePlain});
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) -> std::unique_ptr<Kernel> {
    PlainGradient<T> gradient(node);
    const int64_t workspace = gradient.WorkspaceBytes();
    return MakeKernel(
        [gradient, lengths = node.has_input(4), who = Describe(node), batch = node.inputs[0].dim(0),
         keys = node.inputs[1].dim(-2)](const KernelArgs& args) {
          if (lengths) WEFT_RETURN_IF_ERROR(CheckLengths(who, args.in<int64_t>(4), batch, keys));
          gradient.Run(args);
          return OkStatus();
        },
        workspace);
  });
}

}  // namespace weft::ops::attention_grad
