#include "ops/common/attention_rotary.h"

#include "ops/neg/op.h"
#include "ops/rotary_embedding/op.h"

namespace weft::ops {
namespace {

std::string Expected(const AttentionSizes& s, bool positions) {
  return positions ? "[max, pairs]" : fmt::format("[{}, {}, pairs]", s.batch.ToString(), s.seq.ToString());
}

Status CheckTables(const NodeTypes& node, const AttentionSizes& s, size_t cos, bool positions) {
  for (size_t i : {cos, cos + 1}) {
    const std::string_view name = node.op->inputs[i].name;
    if (!node.has_input(i)) return node.Error("cos_cache and sin_cache come together");
    const TensorType& table = node.input(i);
    if (table.dtype != node.input(0).dtype)
      return node.Error("{} is {}, expected {}", name, Name(table.dtype), Name(node.input(0).dtype));
    const bool fits = positions ? table.rank() == 2
                                : table.rank() == 3 && table.shape[0] == s.batch && table.shape[1] == s.seq;
    if (!fits || table.shape != node.input(cos).shape) {
      return node.Error("{} has shape {}, expected {}", name, ToString(table.shape),
                        fits ? ToString(node.input(cos).shape) : Expected(s, positions));
    }
  }
  return OkStatus();
}

// The whole head, or a number of pairs that it has.
Status CheckPairs(const NodeTypes& node, const AttentionSizes& s, const Dim& pairs) {
  if (pairs * 2 == s.head_dim) return OkStatus();
  const bool numbers = pairs.is_constant() && s.head_dim.is_constant();
  if (numbers && pairs.value() > 0 && pairs.value() * 2 <= s.head_dim.value()) return OkStatus();
  return node.Error("cos_cache turns {} pairs of a head, expected at most half of its {} elements",
                    pairs.ToString(), s.head_dim.ToString());
}

RotaryEmbeddingOp AttributesFor(Var x, const Dim& heads, const Dim& head_dim, const RotaryVars& rotary,
                                bool interleaved) {
  RotaryEmbeddingOp op{.interleaved = interleaved};
  if (x.rank() == 3) op.num_heads = heads.value();
  const Dim pairs = rotary.cos.shape().back();
  if (pairs * 2 != head_dim) op.rotary_embedding_dim = pairs.value() * 2;
  return op;
}

}  // namespace

Status CheckRotary(const NodeTypes& node, const AttentionSizes& s, size_t cos) {
  const bool positions = node.has_input(cos + 2);
  if (!node.has_input(cos) && !node.has_input(cos + 1)) {
    if (positions) return node.Error("position_ids comes with cos_cache and sin_cache");
    return OkStatus();
  }
  if (!node.has_input(cos)) return node.Error("cos_cache and sin_cache come together");
  if (s.keys != s.seq) {
    return node.Error("K {} has other tokens than Q {}, whose positions it shares", node.input(1).ToString(),
                      node.input(0).ToString());
  }
  WEFT_RETURN_IF_ERROR(CheckTables(node, s, cos, positions));
  WEFT_RETURN_IF_ERROR(CheckPairs(node, s, node.input(cos).shape.back()));
  const TensorType ids{DataType::kI64, {s.batch, s.seq}};
  if (positions && node.input(cos + 2) != ids) {
    return node.Error("position_ids is {}, expected {}", node.input(cos + 2).ToString(), ids.ToString());
  }
  return OkStatus();
}

RotaryVars RotaryInputs(std::span<const Var> inputs, size_t cos) {
  const auto at = [&](size_t i) { return i < inputs.size() ? inputs[i] : Var{}; };
  return {at(cos), at(cos + 1), at(cos + 2)};
}

Var Rotated(Var x, const Dim& heads, const Dim& head_dim, const RotaryVars& rotary, bool interleaved) {
  if (!x.valid()) return {};
  return RotaryEmbedding(x, rotary.cos, rotary.sin, rotary.positions,
                         AttributesFor(x, heads, head_dim, rotary, interleaved));
}

Var RotatedBack(Var x, const Dim& heads, const Dim& head_dim, const RotaryVars& rotary, bool interleaved) {
  return Rotated(x, heads, head_dim, {rotary.cos, Neg(rotary.sin), rotary.positions}, interleaved);
}

}  // namespace weft::ops
