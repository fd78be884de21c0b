#include "ops/common/attention_sizes.h"

#include <cmath>

#include "ops/common/broadcast.h"
#include "ops/common/elementwise_def.h"

namespace weft::ops {
namespace {

struct Heads {
  Dim heads, tokens, head_dim;
};

StatusOr<Heads> Split(const NodeTypes& node, size_t i, int64_t count, std::string_view field) {
  const TensorType& x = node.input(i);
  if (x.rank() == 4) return Heads{x.shape[1], x.shape[2], x.shape[3]};
  if (x.rank() != 3)
    return node.Error("{} is {}, expected 3 or 4 dimensions", node.op->inputs[i].name, x.ToString());
  if (count <= 0) return node.Error("{} is {}, expected > 0 for inputs of 3 dimensions", field, count);
  const std::optional<Dim> head_dim = x.shape[2].DividedBy(count);
  if (!head_dim) {
    return node.Error("{} {} is not divisible by {} {}", node.op->inputs[i].name, x.ToString(), field, count);
  }
  return Heads{count, x.shape[1], *head_dim};
}

}  // namespace

StatusOr<AttentionSizes> ResolveAttention(const NodeTypes& node, int64_t q_num_heads, int64_t kv_num_heads) {
  WEFT_RETURN_IF_ERROR(CheckDataType(node, 0, kFloats));
  for (size_t i : {1u, 2u}) {
    if (node.input(i).dtype != node.input(0).dtype || node.input(i).rank() != node.input(0).rank()) {
      return node.Error("{} is {}, expected type and rank of Q {}", node.op->inputs[i].name,
                        node.input(i).ToString(), node.input(0).ToString());
    }
  }
  WEFT_ASSIGN_OR_RETURN(const Heads q, Split(node, 0, q_num_heads, "q_num_heads"));
  WEFT_ASSIGN_OR_RETURN(const Heads k, Split(node, 1, kv_num_heads, "kv_num_heads"));
  WEFT_ASSIGN_OR_RETURN(const Heads v, Split(node, 2, kv_num_heads, "kv_num_heads"));
  AttentionSizes s{
      node.input(0).shape[0], q.heads, k.heads, q.tokens, k.tokens, 0, k.tokens, q.head_dim, v.head_dim};
  if (k.head_dim != q.head_dim) {
    return node.Error("heads of K have {} elements, expected {} (those of Q)", k.head_dim.ToString(),
                      q.head_dim.ToString());
  }
  if (v.heads != k.heads || v.tokens != k.tokens || node.input(1).shape[0] != s.batch ||
      node.input(2).shape[0] != s.batch) {
    return node.Error("K {} and V {} do not agree with each other and Q {}", ToString(node.input(1).shape),
                      ToString(node.input(2).shape), ToString(node.input(0).shape));
  }
  if (!s.q_heads.DividedBy(s.kv_heads)) {
    return node.Error("{} query heads are not divisible by {} key/value heads", s.q_heads.ToString(),
                      s.kv_heads.ToString());
  }
  return s;
}

Status CheckAttentionMask(const NodeTypes& node, const AttentionSizes& s, size_t mask, size_t lengths) {
  if (node.has_input(lengths) && node.input(lengths) != TensorType{DataType::kI64, {s.batch}}) {
    return node.Error("nonpad_kv_seqlen is {}, expected i64[{}]", node.input(lengths).ToString(),
                      s.batch.ToString());
  }
  if (!node.has_input(mask)) return OkStatus();
  const TensorType& m = node.input(mask);
  if (m.dtype != DataType::kBool && m.dtype != node.input(0).dtype) {
    return node.Error("attn_mask is {}, expected bool or {}", Name(m.dtype), Name(node.input(0).dtype));
  }
  Dims seen = m.shape;
  const bool shorter = !seen.empty() && seen.back().is_constant() && s.total.is_constant() &&
                       seen.back().value() < s.total.value();
  if (shorter) seen.back() = s.total;
  const Dims scores = {s.batch, s.q_heads, s.seq, s.total};
  if (seen.empty() || seen.size() > 4 || Broadcast(scores, seen) != scores) {
    return node.Error("attn_mask {} does not broadcast to {}", ToString(m.shape), ToString(scores));
  }
  return OkStatus();
}

double ResolvedScale(float scale, const Dim& head_dim) {
  return scale != 0 ? static_cast<double>(scale) : 1 / std::sqrt(static_cast<double>(head_dim.value()));
}

}  // namespace weft::ops
