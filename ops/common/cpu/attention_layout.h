// Where the heads of an attention lie, and which key is open to which query: what all its kernels share.
#pragma once
#include <cmath>
#include <limits>

#include "ops/common/attention_sizes.h"
#include "ops/common/cpu/walk.h"
#include "ops/kernel.h"

namespace weft::ops {

// One of q, k, v, y: element (batch, head, token, i) at batch * b + head * h + token * t + i.
struct HeadStrides {
  int64_t b = 0, h = 0, t = 0;
  int64_t At(int64_t batch, int64_t head, int64_t token) const { return batch * b + head * h + token * t; }
};

struct AttentionLayout {
  int64_t batch, q_heads, kv_heads, seq, keys, head_dim, v_head_dim;
  int64_t past = 0;
  bool causal = false;
  double scale = 1, softcap = 0;
  HeadStrides q, k, v, y;
  int64_t total() const { return past + keys; }
  int64_t KvHead(int64_t q_head) const { return q_head / (q_heads / kv_heads); }
};

inline HeadStrides StridesOfHeads(const Operand& x, int64_t head_dim) {
  const int64_t row = x.pitch;  // a head's in four dimensions, a token's in three
  if (x.rank() == 4) return {x.dim(1) * x.dim(2) * row, x.dim(2) * row, row};
  return {x.dim(1) * row, head_dim, row};
}

// From q, k, v (inputs 0, 1, 2) of a node that inference accepts.
template <class Attributes>
AttentionLayout LayoutOf(const KernelNode& node, const Attributes& attrs) {
  const Operand &q = node.inputs[0], &k = node.inputs[1], &v = node.inputs[2];
  AttentionLayout l{};
  const bool four = q.rank() == 4;
  l.batch = q.dim(0);
  l.q_heads = four ? q.dim(1) : attrs.q_num_heads;
  l.kv_heads = four ? k.dim(1) : attrs.kv_num_heads;
  l.seq = four ? q.dim(2) : q.dim(1);
  l.keys = four ? k.dim(2) : k.dim(1);
  l.head_dim = four ? q.dim(3) : q.dim(2) / l.q_heads;
  l.v_head_dim = four ? v.dim(3) : v.dim(2) / l.kv_heads;
  l.causal = attrs.is_causal;
  l.scale = ResolvedScale(attrs.scale, l.head_dim);
  l.softcap = static_cast<double>(attrs.softcap);
  l.q = StridesOfHeads(q, l.head_dim);
  l.k = StridesOfHeads(k, l.head_dim);
  l.v = StridesOfHeads(v, l.v_head_dim);
  Operand y = q;
  y.shape.back() = four ? l.v_head_dim : l.q_heads * l.v_head_dim;
  y.pitch = y.row();
  l.y = StridesOfHeads(y, l.v_head_dim);
  return l;
}

// Whether all operands but q, k, v (inputs 0, 1, 2) and the first `outputs` outputs have adjacent rows.
inline bool OthersAreDense(const KernelNode& node, size_t outputs) {
  for (size_t i = 3; i < node.inputs.size(); ++i) {
    if (node.inputs[i].present && !node.inputs[i].dense()) return false;
  }
  for (size_t i = outputs; i < node.outputs.size(); ++i) {
    if (node.outputs[i].present && !node.outputs[i].dense()) return false;
  }
  return true;
}

// An attn_mask as [batch, q_heads, seq, total], 0 strides where it broadcasts.
struct MaskLayout {
  bool present = false, boolean = false;
  int64_t width = 0;  // of its last dimension: keys from there on are closed
  int64_t b = 0, h = 0, i = 0;

  static MaskLayout Of(const Operand& mask) {
    if (!mask.present) return {};
    const Strides s = StridesOf(mask, 4);
    return {true, mask.dtype == DataType::kBool, mask.shape.back(), s[0], s[1], s[2]};
  }
  // Element (batch, head, query, key) of the mask at `data`.
  const void* At(const void* data, int64_t batch, int64_t head, int64_t query, int64_t key) const {
    const int64_t at = batch * b + head * h + query * i + key;
    return boolean ? static_cast<const void*>(static_cast<const bool*>(data) + at)
                   : static_cast<const void*>(static_cast<const float*>(data) + at);
  }
};

// nonpad_kv_seqlen must lie in [0, total].
inline Status CheckLengths(const std::string& node, const int64_t* lengths, int64_t batch, int64_t total) {
  for (int64_t b = 0; b < batch; ++b) {
    if (lengths[b] >= 0 && lengths[b] <= total) continue;
    return OutOfRange("{}: nonpad_kv_seqlen[{}] is {}, expected 0 to {} (the number of keys)", node, b,
                      lengths[b], total);
  }
  return OkStatus();
}

// The bias of a score: mask, padding and causality; -infinity where the key is closed.
class AttentionBias {
 public:
  // mask and nonpad may be null.
  AttentionBias(const AttentionLayout& layout, const Operand* mask, bool nonpad)
      : l_(layout), nonpad_(nonpad) {
    if (mask == nullptr) return;
    width_ = mask->shape.back();
    boolean_ = mask->dtype == DataType::kBool;
    strides_ = StridesOf(*mask, 4);
  }

  // `lengths` is nonpad_kv_seqlen.
  template <class T>
  double At(const void* mask, const int64_t* lengths, int64_t b, int64_t h, int64_t i, int64_t j) const {
    constexpr double kClosed = -std::numeric_limits<double>::infinity();
    int64_t offset = l_.past;
    if (nonpad_) {
      if (j >= lengths[b]) return kClosed;
      offset = lengths[b] - l_.seq;
    }
    if (l_.causal && j > i + offset) return kClosed;
    if (width_ < 0) return 0;
    if (j >= width_) return kClosed;
    const int64_t at = b * strides_[0] + h * strides_[1] + i * strides_[2] + j * strides_[3];
    if (boolean_) return static_cast<const bool*>(mask)[at] ? 0 : kClosed;
    return static_cast<double>(static_cast<const T*>(mask)[at]);
  }

 private:
  AttentionLayout l_;
  bool nonpad_;
  bool boolean_ = false;
  int64_t width_ = -1;  // of the mask's last dimension; -1: no mask
  Strides strides_;
};

inline double SoftCap(double x, double cap) { return cap > 0 ? cap * std::tanh(x / cap) : x; }

}  // namespace weft::ops
