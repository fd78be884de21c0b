#include "ops/common/rotary_rule.h"

namespace weft::ops {
namespace {

bool SameTables(const Graph&, const Match& m) {
  return m.value("cos") == m.value("k_cos") && m.value("sin") == m.value("k_sin");
}

bool SamePositions(const Graph&, const Match& m) { return m.value("positions") == m.value("k_positions"); }

bool SamePairs(const Graph& graph, const Match& m) {
  return m.node(graph, "turned_q").attrs<RotaryEmbeddingOp>().interleaved ==
         m.node(graph, "turned_k").attrs<RotaryEmbeddingOp>().interleaved;
}

}  // namespace

RotaryPatterns AddRotaryPatterns(Rule& r) {
  RotaryPatterns p;
  p.q = r.Any("q"), p.k = r.Any("k");
  p.cos = r.Any("cos"), p.sin = r.Any("sin"), p.positions = r.Optional("positions");
  p.turned_q = Op<RotaryEmbeddingOp>(p.q, p.cos, p.sin, p.positions).Named("turned_q");
  p.turned_k =
      Op<RotaryEmbeddingOp>(p.k, r.Any("k_cos"), r.Any("k_sin"), r.Optional("k_positions")).Named("turned_k");
  return p;
}

void AddRotaryConditions(Rule& r, FusionCondition same_heads) {
  r.When(SameTables, "q and k turn by different tables")
      .When(SamePositions, "q and k have different positions")
      .When(SamePairs, "q and k pair their elements differently")
      .When(same_heads, "the heads that turn are not the attention's");
}

}  // namespace weft::ops
