#include "ops/attention/op.h"
#include "ops/common/rotary_rule.h"

namespace weft::ops::attention {

// q and k are turned where they are read: no tensors for what has been turned, forward or backward.
void Rules(RuleSet& rules) {
  Rule& r = rules.Add("rotary_attention");
  const RotaryPatterns p = AddRotaryPatterns(r);
  const Pattern v = r.Any("v"), mask = r.Optional("mask"), lengths = r.Optional("lengths");
  const Pattern past_key = r.Optional("past_key"), past_value = r.Optional("past_value");
  const Pattern attention =
      Op<AttentionOp>(p.turned_q, p.turned_k, v, mask, past_key, past_value, lengths).Named("attention");
  r.Matches(attention).Becomes<AttentionOp>(
      {p.q, p.k, v, mask, past_key, past_value, lengths, p.cos, p.sin, p.positions},
      RotaryAttributes<AttentionOp>);
  for (int i = 1; i < 5; ++i) r.Exports(attention.Output(i));
  AddRotaryConditions(r, SameRotaryHeads<AttentionOp>);
}

}  // namespace weft::ops::attention
