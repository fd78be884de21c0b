#include "ops/common/attention_body.h"

#include <limits>

#include "ops/attention/op.h"
#include "ops/common/attention_sizes.h"
#include "ops/concat/op.h"
#include "ops/cum_sum/op.h"
#include "ops/equal/op.h"
#include "ops/exp/op.h"
#include "ops/expand/op.h"
#include "ops/less/op.h"
#include "ops/log/op.h"
#include "ops/operators.h"
#include "ops/product/op.h"
#include "ops/reduce_max/op.h"
#include "ops/reduce_sum/op.h"
#include "ops/reshape/op.h"
#include "ops/squeeze/op.h"
#include "ops/tanh/op.h"
#include "ops/transpose/op.h"
#include "ops/where/op.h"

namespace weft::ops {
namespace {

class Body {
 public:
  Body(Builder& b, const NodeTypes& node, std::span<const Var> in)
      : b_(b),
        attrs_(node.attrs<AttentionOp>()),
        in_(in),
        rank3_(in[0].rank() == 3),
        s_(*ResolveAttention(node, attrs_.q_num_heads, attrs_.kv_num_heads)) {
    if (has(4)) s_.past = in[4].dim(2);
    s_.total = s_.past + s_.keys;
  }

  void Emit(const NodeTypes& node, std::span<Var> out) {
    if (attrs_.scale == 0 && !s_.head_dim.is_constant()) {
      return b_.SetError(node.Error("the default scale needs a number of elements for each head, which is {}",
                                    s_.head_dim.ToString()));
    }
    const Var q = Heads(in_[0], s_.q_heads, s_.head_dim);
    Var k = Heads(in_[1], s_.kv_heads, s_.head_dim), v = Heads(in_[2], s_.kv_heads, s_.v_head_dim);
    if (has(4)) k = Concat(std::vector<Var>{in_[4], k}, 2), v = Concat(std::vector<Var>{in_[5], v}, 2);
    if (node.has_output(1)) out[1] = Present(k, in_[1]);
    if (node.has_output(2)) out[2] = Present(v, in_[2]);
    k = Repeat(k), v = Repeat(v);
    Var stages[4];
    stages[0] = Product(q, k, {.trans_b = true}) * ResolvedScale(attrs_.scale, s_.head_dim);
    const auto cap = static_cast<double>(attrs_.softcap);
    stages[1] = cap > 0 ? Tanh(stages[0] / cap) * cap : stages[0];
    stages[2] = WithBias(stages[1]);
    // A query that no key is open to has -infinity throughout: its maximum is taken as 0, its sum as 1.
    const Var top = ReduceMax(stages[2], {3});
    const Var none = Equal(top, Infinity(-1));
    const Var shift = Where(none, Number(0), top);
    const Var exps = Exp(stages[2] - shift);
    const Var sum = ReduceSum(exps, {3});
    stages[3] = exps / Where(none, Number(1), sum);
    if (node.has_output(3)) out[3] = stages[attrs_.qk_matmul_output_mode];
    if (node.has_output(4)) out[4] = Squeeze(Log(sum) + shift, {3});
    const Var y = Product(stages[3], v);
    out[0] = rank3_ ? Reshape(Transpose(y, {0, 2, 1, 3}), {s_.batch, s_.seq, s_.q_heads * s_.v_head_dim}) : y;
  }

 private:
  bool has(size_t i) const { return i < in_.size() && in_[i].valid(); }
  Var Number(double x) { return b_.Scalar(x, in_[0].dtype()); }
  Var Infinity(double sign) { return Number(sign * std::numeric_limits<double>::infinity()); }
  // A size as a number; of a symbol, by counting.
  Var Whole(const Dim& value) {
    if (value.is_constant()) return b_.Constant(Tensor::Scalar<int64_t>(value.value()));
    return ReduceSum(Expand(b_.Scalar(1, DataType::kI64), {value}), {0}, /*keepdims=*/false);
  }

  // [batch, heads, tokens, head_dim]
  Var Heads(Var x, const Dim& heads, const Dim& head_dim) {
    if (!rank3_) return x;
    return Transpose(Reshape(x, {s_.batch, x.dim(1), heads, head_dim}), {0, 2, 1, 3});
  }
  // An output may not be an input itself.
  Var Present(Var x, Var input) { return x.id == input.id ? Reshape(x, x.shape()) : x; }

  // Each key/value head for every query head of its group.
  Var Repeat(Var x) {
    if (s_.q_heads == s_.kv_heads) return x;
    const Dim group = *s_.q_heads.DividedBy(s_.kv_heads);
    const Dims shape = x.shape();
    const Var five = Expand(Reshape(x, {shape[0], shape[1], 1, shape[2], shape[3]}),
                            {shape[0], shape[1], group, shape[2], shape[3]});
    return Reshape(five, {shape[0], s_.q_heads, shape[2], shape[3]});
  }

  // 0, 1, ... as i64 [n, 1] or [1, n]
  Var Indices(const Dim& n, bool column) {
    const Var counted = CumSum(Expand(Whole(1), {n}), 0, /*exclusive=*/true);
    return Reshape(counted, column ? Dims{n, 1} : Dims{1, n});
  }

  Var WithBias(Var scores) {
    if (has(3)) {
      Var mask = in_[3];
      const bool boolean = mask.dtype() == DataType::kBool;
      if (boolean) mask = Where(mask, Number(0), Infinity(-1));
      if (mask.shape().back() != s_.total) mask = Pad(mask);
      scores = scores + mask;
    }
    const Var keys = Indices(s_.total, false);
    if (has(6)) {
      const Var open = Less(keys, Reshape(in_[6], {s_.batch, 1, 1, 1}));
      scores = Where(open, scores, Infinity(-1));
    }
    if (!attrs_.is_causal) return scores;
    Var last = Indices(s_.seq, true) + Whole(s_.past);  // the last key open to query i
    if (has(6)) last = last + Reshape(in_[6], {s_.batch, 1, 1, 1}) - Whole(s_.seq);
    return Where(Less(last, keys), Infinity(-1), scores);
  }

  // What a mask does not say is closed.
  Var Pad(Var mask) {
    Dims rest = mask.shape();
    rest.back() = s_.total - rest.back();
    return Concat(std::vector<Var>{mask, Expand(Infinity(-1), rest)}, mask.rank() - 1);
  }

  Builder& b_;
  const AttentionOp& attrs_;
  std::span<const Var> in_;
  bool rank3_;
  AttentionSizes s_;
};

}  // namespace

void AttentionBody(Builder& b, const NodeTypes& node, std::span<const Var> in, std::span<Var> out) {
  Body(b, node, in).Emit(node, out);
}

}  // namespace weft::ops
