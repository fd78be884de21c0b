#include "ops/common/attention_scores.h"

#include <algorithm>
#include <limits>

#include "ops/concat/op.h"
#include "ops/cum_sum/op.h"
#include "ops/expand/op.h"
#include "ops/less/op.h"
#include "ops/operators.h"
#include "ops/reduce_sum/op.h"
#include "ops/reshape/op.h"
#include "ops/tanh/op.h"
#include "ops/transpose/op.h"
#include "ops/unsqueeze/op.h"
#include "ops/where/op.h"

namespace weft::ops {
namespace {

// Of no elements too: Reshape takes a 0 for another dimension.
Var InShape(Var x, Dims shape) {
  const bool empty = std::find(shape.begin(), shape.end(), Dim(0)) != shape.end();
  return empty ? ReshapeTo(x, std::move(shape)) : Reshape(x, std::move(shape));
}

}  // namespace

Var AttentionScores::MinusInfinity() { return Number(-std::numeric_limits<double>::infinity()); }

Var AttentionScores::Heads(Var x, const Dim& heads, const Dim& head_dim) {
  if (!rank3) return x;
  return Transpose(InShape(x, {sizes.batch, x.dim(1), heads, head_dim}), {0, 2, 1, 3});
}

Var AttentionScores::Joined(Var x) {
  if (!rank3) return x;
  return InShape(Transpose(x, {0, 2, 1, 3}), {x.dim(0), x.dim(2), x.dim(1) * x.dim(3)});
}

Var AttentionScores::Repeat(Var x) {
  if (sizes.q_heads == sizes.kv_heads) return x;
  const Dim group = *sizes.q_heads.DividedBy(sizes.kv_heads);
  const Dims shape = x.shape();
  const Var five = Expand(InShape(x, {shape[0], shape[1], 1, shape[2], shape[3]}),
                          {shape[0], shape[1], group, shape[2], shape[3]});
  return InShape(five, {shape[0], sizes.q_heads, shape[2], shape[3]});
}

Var AttentionScores::SumOfGroups(Var x) {
  if (sizes.q_heads == sizes.kv_heads) return x;
  const Dim group = *sizes.q_heads.DividedBy(sizes.kv_heads);
  const Dims shape = x.shape();
  const Var five = InShape(x, {shape[0], sizes.kv_heads, group, shape[2], shape[3]});
  return ReduceSum(five, {2}, /*keepdims=*/false);
}

Var AttentionScores::Capped(Var scores) { return softcap > 0 ? Tanh(scores / softcap) * softcap : scores; }

Var AttentionScores::Biased(Var scores) {
  if (mask.valid()) {
    const bool boolean = mask.dtype() == DataType::kBool;
    const Var added = boolean ? Where(mask, Number(0), MinusInfinity()) : mask;
    scores = scores + (mask.shape().back() == sizes.total ? added : Padded(added));
  }
  const Var keys = Indices(sizes.total, false);
  const Dims each_batch = {sizes.batch, 1, 1, 1};
  if (lengths.valid()) scores = Where(Less(keys, InShape(lengths, each_batch)), scores, MinusInfinity());
  if (!is_causal) return scores;
  Var last = Indices(sizes.seq, true) + Whole(sizes.past);  // the last key open to query i
  if (lengths.valid()) last = last + InShape(lengths, each_batch) - Whole(sizes.seq);
  return Where(Less(last, keys), MinusInfinity(), scores);
}

// A size as a number; of a symbol, by counting.
Var AttentionScores::Whole(const Dim& value) {
  if (value.is_constant()) return b.Constant(Tensor::Scalar<int64_t>(value.value()));
  return ReduceSum(Expand(b.Scalar(1, DataType::kI64), {value}), {0}, /*keepdims=*/false);
}

// 0, 1, ... as i64 [n, 1] or [1, n]
Var AttentionScores::Indices(const Dim& n, bool column) {
  const Var counted = CumSum(Expand(Whole(1), {n}), 0, /*exclusive=*/true);
  return Unsqueeze(counted, {column ? 1 : 0});
}

// What a mask does not say is closed.
Var AttentionScores::Padded(Var values) {
  Dims rest = values.shape();
  rest.back() = sizes.total - rest.back();
  return Concat(std::vector<Var>{values, Expand(MinusInfinity(), rest)}, values.rank() - 1);
}

}  // namespace weft::ops
