// RotaryEmbedding (Su et al. 2021), ONNX's since opset 23: pairs of each head's elements turn by an angle
// that depends on the position: (a, b) -> (a cos - b sin, a sin + b cos).
//   x             f32 f64 [batch, heads, seq, head_dim], or [batch, seq, heads * head_dim] with num_heads
//   cos, sin      x's type: [max, r/2] with position_ids, else [batch, seq, r/2]
//   position_ids  i64 [batch, seq], optional; 0 <= id < max, else an error at run time
//   y             x's type and shape
// r = rotary_embedding_dim, or head_dim if that is 0; later elements of a head stay. Pairs are (i, i + r/2),
// or with `interleaved` (2i, 2i + 1).
#pragma once
#include "ir/builder.h"

namespace weft::ops {

struct RotaryEmbeddingOp {
  static const OpDef def;
  bool interleaved = false;
  int64_t num_heads = 0;
  int64_t rotary_embedding_dim = 0;
};

Var RotaryEmbedding(Var x, Var cos, Var sin, Var position_ids, RotaryEmbeddingOp attributes);

// x as [batch, seq, heads, head_dim], whatever its rank. Of a node that inference accepts.
struct RotarySizes {
  Dim batch, seq, heads, head_dim;
  Dim rotary;  // r
};
RotarySizes SizesOf(const RotaryEmbeddingOp& attributes, const Dims& x);

}  // namespace weft::ops
