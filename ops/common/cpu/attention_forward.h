// Attention forward in f32, without ever holding a [seq, keys] matrix; what Attention and CachedAttention
// run.
//
// Many queries: the keys and values of a head are packed once, then each tile of 64 queries walks over the
// tiles of 64 keys that are open to it with an online softmax. A few queries (decoding): keys and values are
// read where they lie, in chunks of 256 keys shared out over the threads, and the chunks' results are merged
// in order. Either way the bits of a row depend on no other row, nor on the batch or the number of threads.
#pragma once
#include "ops/common/cpu/masked_attention.h"
#include "ops/common/cpu/rotary.h"

namespace weft::ops {

// Where keys and values lie: adjacent in pieces.
class KeyValueSource {
 public:
  virtual ~KeyValueSource() = default;
  struct Piece {
    const float* k;
    const float* v;
    int64_t k_stride, v_stride;  // between keys
    int64_t count;               // keys from the one asked for on
    int64_t token = -1;          // of the first, where they are yet to be turned; -1: they are as they are
  };
  virtual Piece At(int64_t batch, int64_t kv_head, int64_t key) const = 0;
};

// The layout's strides of k and v are not used: they are the source's.
struct AttentionForward : MaskedAttention {
  RotaryLayout rotary;  // turns queries, and the keys that say so
  int threads = 1;

  struct Arguments {
    const float* q;
    const KeyValueSource* source;
    const void* mask;        // as mask.present
    const int64_t* lengths;  // [batch], in [0, total]; as `lengths`
    Rotation<float> rotation = {};
    float* y;
    float* lse;  // [batch, q_heads, seq], or null
    void* workspace;
  };
  int64_t WorkspaceBytes() const;
  void Run(const Arguments& args) const;
};

}  // namespace weft::ops
