// RotaryEmbedding of q and of k before an attention: what the rules of Attention and CachedAttention share.
#pragma once
#include "ir/rule.h"
#include "ops/rotary_embedding/op.h"

namespace weft::ops {

// In a rule's pattern: q and k, turned and before that, and what they turn by.
struct RotaryPatterns {
  Pattern q, k, turned_q, turned_k;
  Pattern cos, sin, positions;
};
RotaryPatterns AddRotaryPatterns(Rule& rule);
// Under which an attention of so many heads may turn q and k itself; each with its reason.
void AddRotaryConditions(Rule& rule, FusionCondition same_heads);

// The attention is the rule's pattern "attention".
template <class A>
bool SameRotaryHeads(const Graph& graph, const Match& m) {
  const auto heads = [&](std::string_view rotary) {
    return m.node(graph, rotary).attrs<RotaryEmbeddingOp>().num_heads;
  };
  const auto& attention = m.node(graph, "attention").attrs<A>();
  return graph.value(m.value("q")).type.rank() == 4 ||
         (heads("turned_q") == attention.q_num_heads && heads("turned_k") == attention.kv_num_heads);
}

template <class A>
std::shared_ptr<const void> RotaryAttributes(const Graph& graph, const Match& m) {
  A attributes = m.node(graph, "attention").attrs<A>();
  attributes.rotary_interleaved = m.node(graph, "turned_q").attrs<RotaryEmbeddingOp>().interleaved;
  return std::make_shared<A>(attributes);
}

}  // namespace weft::ops
