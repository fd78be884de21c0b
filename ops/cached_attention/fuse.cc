#include "ops/cached_attention/op.h"
#include "ops/common/rotary_rule.h"

namespace weft::ops::cached_attention {

// The new keys are turned as they are written into the cache.
void Rules(RuleSet& rules) {
  Rule& r = rules.Add("rotary_cached_attention");
  const RotaryPatterns p = AddRotaryPatterns(r);
  const Pattern v = r.Any("v"), key_cache = r.Any("key_cache"), value_cache = r.Any("value_cache");
  const Pattern table = r.Any("table"), start = r.Any("start");
  const Pattern attention =
      Op<CachedAttentionOp>(p.turned_q, p.turned_k, v, key_cache, value_cache, table, start)
          .Named("attention");
  r.Matches(attention).Becomes<CachedAttentionOp>(
      {p.q, p.k, v, key_cache, value_cache, table, start, p.cos, p.sin, p.positions},
      RotaryAttributes<CachedAttentionOp>);
  for (int i = 1; i < 3; ++i) r.Exports(attention.Output(i));
  AddRotaryConditions(r, SameRotaryHeads<CachedAttentionOp>);
}

}  // namespace weft::ops::cached_attention
