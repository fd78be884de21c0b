// The rotary embedding that an attention may hold: optional operands cos_cache, sin_cache and position_ids,
// side by side, as RotaryEmbedding's, and the attribute rotary_interleaved. The heads of q and of k turn by
// them before anything else sees them (a past and a cache hold what has been turned). As many elements of a
// head turn as the tables have columns for, two each; later ones stay.
#pragma once
#include "ir/builder.h"
#include "ops/common/attention_sizes.h"

namespace weft::ops {

struct RotaryVars {
  Var cos = {}, sin = {}, positions = {};
  bool valid() const { return cos.valid(); }
};

// Checks inputs `cos`, `cos` + 1 and `cos` + 2, where they are there.
Status CheckRotary(const NodeTypes& node, const AttentionSizes& s, size_t cos);
// Those inputs.
RotaryVars RotaryInputs(std::span<const Var> inputs, size_t cos);

// q or k of `heads` heads as RotaryEmbedding gives it.
Var Rotated(Var x, const Dim& heads, const Dim& head_dim, const RotaryVars& rotary, bool interleaved);
// The same backwards, for gradients: a rotation's transpose.
Var RotatedBack(Var x, const Dim& heads, const Dim& head_dim, const RotaryVars& rotary, bool interleaved);

}  // namespace weft::ops
