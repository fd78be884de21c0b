#include "ops/common/cpu/attention_forward.h"

#include <algorithm>

#include "base/threads.h"
#include "ops/common/cpu/skinny_product.h"

namespace weft::ops {
namespace {

using Arguments = AttentionForward::Arguments;
using Span = MaskedAttention::Span;

constexpr float kClosed = -std::numeric_limits<float>::infinity();
constexpr int64_t kFewQueries = 16;       // of one key/value head: beyond, packing pays
constexpr int64_t kChunk = 4 * kKeyTile;  // keys of one piece of decoding

int64_t CeilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }
bool Decodes(const AttentionForward& f) { return f.Group() * f.layout.seq <= kFewQueries; }
int64_t PaddedValues(const AttentionLayout& l) { return RoundUpTo(l.v_head_dim, kBlockColumns); }

// Of a query that no key was open to (sum 0): -infinity. A NaN stays.
float LogSumExp(float top, float sum) { return sum == 0 ? kClosed : top + std::log(sum); }

// For rows that will be written, so that their lines are there by then.
void PrefetchRows(const float* x, int64_t stride, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; j += 16) __builtin_prefetch(x + i * stride + j, 1);
  }
}

// For keys that are turned before they are used: a tile of them.
int64_t TurnedFloats(const AttentionForward& f) {
  return f.rotary.pairs > 0 ? RoundUpTo(kKeyTile * f.layout.head_dim, 16) : 0;
}

using Piece = KeyValueSource::Piece;

// `count` keys of a piece, a tile at most: where they lie, or turned in `turned`.
PackSource Keys(const AttentionForward& f, const Arguments& args, const Piece& piece, int64_t b,
                int64_t count, float* turned) {
  const int64_t dim = f.layout.head_dim;
  const PackSource keys{piece.k, piece.k_stride, count, dim};
  if (f.rotary.pairs == 0 || piece.token < 0) return keys;
  PackRows(keys, 1.0f, turned, dim);
  Rotate(args.rotation, {b, piece.token, count, dim}, turned);
  return {turned, dim, count, dim};
}

// ---- many queries

struct Flash {
  const AttentionForward& f;
  const AttentionLayout& l = f.layout;

  // floats of one thread's workspace
  int64_t KeyFloats() const { return CeilDiv(l.total(), kKeyTile) * kKeyTile * l.head_dim; }
  int64_t ValueFloats() const { return l.total() * PaddedValues(l); }
  int64_t QueryFloats() const { return RoundUpTo(kQueryTile * l.head_dim, 16); }
  int64_t ThreadFloats() const {
    return RoundUpTo(KeyFloats(), 16) + RoundUpTo(ValueFloats(), 16) + QueryFloats() +
           kQueryTile * (kKeyTile + PaddedValues(l) + 2) + TurnedFloats(f);
  }

  // A head's queries are cut into parts where there are few heads; part p takes every parts-th tile, so that
  // causal work is shared evenly.
  int64_t Parts() const {
    const int64_t heads = l.batch * l.kv_heads, tiles = f.Group() * CeilDiv(l.seq, kQueryTile);
    if (heads >= 4 * f.threads || heads % f.threads == 0) return 1;
    return std::min(tiles, CeilDiv(4 * f.threads, heads));
  }

  void Run(const Arguments& args) const {
    const int64_t parts = Parts();
    ParallelFor(l.batch * l.kv_heads * parts, f.threads, 1, [&](int64_t begin, int64_t end, int thread) {
      float* workspace = static_cast<float*>(args.workspace) + thread * ThreadFloats();
      for (int64_t item = begin; item < end; ++item) {
        const int64_t head = item / parts;
        Part(args, workspace, head / l.kv_heads, head % l.kv_heads, item % parts, parts);
      }
    });
  }

  void Part(const Arguments& args, float* workspace, int64_t b, int64_t kv, int64_t part,
            int64_t parts) const {
    const Span span = f.SpanOf(args.lengths, b);
    float* keys = workspace;
    float* values = keys + RoundUpTo(KeyFloats(), 16);
    float* turned = workspace + ThreadFloats() - TurnedFloats(f);
    Pack(args, b, kv, l.causal ? std::min(span.keys, l.seq + span.offset) : span.keys, keys, values, turned);
    const int64_t tiles = CeilDiv(l.seq, kQueryTile);
    for (int64_t t = part; t < f.Group() * tiles; t += parts) {
      const int64_t h = kv * f.Group() + t / tiles;
      QueryTile(args, span, keys, values, values + RoundUpTo(ValueFloats(), 16), b, h,
                t % tiles * kQueryTile);
    }
  }

  // Keys as tiles [head_dim, 64], values as rows.
  void Pack(const Arguments& args, int64_t b, int64_t kv, int64_t n, float* keys, float* values,
            float* turned) const {
    for (int64_t key = 0; key < n;) {
      const Piece piece = args.source->At(b, kv, key);
      const int64_t count = std::min({piece.count, n - key, kKeyTile - key % kKeyTile});
      PackTransposed(Keys(f, args, piece, b, count, turned),
                     keys + key / kKeyTile * kKeyTile * l.head_dim + key % kKeyTile, kKeyTile);
      PackRows({piece.v, piece.v_stride, count, l.v_head_dim}, 1.0f, values + key * PaddedValues(l),
               PaddedValues(l));
      key += count;
    }
  }

  void QueryTile(const Arguments& args, const Span& span, const float* keys, const float* values,
                 float* scratch, int64_t b, int64_t h, int64_t first) const {
    const int64_t rows = std::min(kQueryTile, l.seq - first), dim = PaddedValues(l);
    float* q = scratch;
    float* scores = q + QueryFloats();
    float* y = scores + kQueryTile * kKeyTile;
    float* top = y + kQueryTile * dim;
    float* sum = top + kQueryTile;
    PackRows({args.q + l.q.At(b, h, first), l.q.t, rows, l.head_dim}, static_cast<float>(l.scale), q,
             l.head_dim);
    Rotate(args.rotation, {b, first, rows, l.head_dim}, q);
    PrefetchRows(args.y + l.y.At(b, h, first), l.y.t, rows, l.v_head_dim);
    std::fill_n(y, rows * dim, 0.0f);
    std::fill_n(top, rows, kClosed);
    std::fill_n(sum, rows, 0.0f);
    for (int64_t key = 0; key < span.keys; key += kKeyTile) {
      const ScoreTile tile = f.TileOf(args.mask, span, b, h, first, rows, key, scores);
      if (tile.Open(rows - 1) == 0) break;
      Scores(tile, q, keys + key * l.head_dim);
      if (!tile.Plain()) CapAndMask(tile, 1.0f, nullptr);
      OnlineSoftmax(tile, top, sum, y, dim, dim);
      Values(tile, values + key * dim, y);
    }
    for (int64_t i = 0; i < rows; ++i) {
      PackRows({y + i * dim, dim, 1, l.v_head_dim}, sum[i] == 0 ? 0.0f : 1 / sum[i],
               args.y + l.y.At(b, h, first + i), l.v_head_dim);
      if (args.lse != nullptr) args.lse[(b * l.q_heads + h) * l.seq + first + i] = LogSumExp(top[i], sum[i]);
    }
  }

  void Scores(const ScoreTile& tile, const float* q, const float* keys) const {
    ForOpenRows(tile, [&](int64_t i, int64_t rows, int64_t open) {
      MultiplyBlock({.a = q + i * l.head_dim,
                     .a_row = l.head_dim,
                     .b = keys,
                     .b_row = kKeyTile,
                     .c = tile.scores + i * kKeyTile,
                     .c_row = kKeyTile,
                     .m = rows,
                     .n = RoundUpTo(open, kBlockColumns),
                     .k = l.head_dim});
    });
  }

  void Values(const ScoreTile& tile, const float* values, float* y) const {
    const int64_t dim = PaddedValues(l);
    ForOpenRows(tile, [&](int64_t i, int64_t rows, int64_t open) {
      MultiplyBlock({.a = tile.scores + i * kKeyTile,
                     .a_row = kKeyTile,
                     .b = values,
                     .b_row = dim,
                     .c = y + i * dim,
                     .c_row = dim,
                     .m = rows,
                     .n = dim,
                     .k = open,
                     .accumulate = true});
    });
  }
};

// ---- a few queries

struct Decode {
  const AttentionForward& f;
  const AttentionLayout& l = f.layout;

  int64_t Chunks() const { return CeilDiv(l.total(), kChunk); }
  int64_t Rows() const { return f.Group() * l.seq; }  // queries of a key/value head
  // The result of one query and chunk: y before the division, its top and its sum.
  int64_t PartialFloats() const { return RoundUpTo(PaddedValues(l) + 2, 16); }
  int64_t SharedFloats() const { return l.batch * l.q_heads * l.seq * Chunks() * PartialFloats(); }
  int64_t QueryFloats() const { return RoundUpTo(Rows() * l.head_dim, 16); }
  int64_t ThreadFloats() const {
    return QueryFloats() + Rows() * (kKeyTile + 2) + kKeyTile * PaddedValues(l) + 32 + TurnedFloats(f);
  }
  // Heads side by side in memory go together, unless there are too few pieces for the threads.
  int64_t Parts() const { return l.batch * Chunks() < 2 * f.threads ? l.kv_heads : 1; }

  float* Partial(const Arguments& args, int64_t b, int64_t h, int64_t i, int64_t chunk) const {
    const int64_t row = (b * l.q_heads + h) * l.seq + i;
    return static_cast<float*>(args.workspace) + (row * Chunks() + chunk) * PartialFloats();
  }

  void Run(const Arguments& args) const {
    const int64_t parts = Parts(), chunks = Chunks(), heads = l.kv_heads / parts;
    ParallelFor(l.batch * chunks * parts, f.threads, 1, [&](int64_t begin, int64_t end, int thread) {
      float* workspace = static_cast<float*>(args.workspace) + SharedFloats() + thread * ThreadFloats();
      for (int64_t item = begin; item < end; ++item) {
        const int64_t part = item % parts, b = item / parts / chunks;
        const Span span = f.SpanOf(args.lengths, b);
        for (int64_t kv = part * heads; kv < (part + 1) * heads; ++kv) {
          Chunk(args, span, workspace, b, kv, item / parts % chunks);
        }
      }
    });
    constexpr int64_t kGrain = 64;
    ParallelFor(l.batch * l.q_heads * l.seq, f.threads, kGrain, [&](int64_t begin, int64_t end, int) {
      for (int64_t row = begin; row < end; ++row) {
        Merge(args, row / l.seq / l.q_heads, row / l.seq % l.q_heads, row % l.seq);
      }
    });
  }

  void Chunk(const Arguments& args, const Span& span, float* workspace, int64_t b, int64_t kv,
             int64_t chunk) const {
    float* q = workspace;
    float* scores = q + QueryFloats();
    float* values = scores + RoundUpTo(Rows() * kKeyTile, 16);
    float* top = values + kKeyTile * PaddedValues(l);
    float* sum = top + Rows();
    float* turned = workspace + ThreadFloats() - TurnedFloats(f);
    // y of all rows lies in their partials: equally far apart.
    float* y = Partial(args, b, kv * f.Group(), 0, chunk);
    const int64_t y_row = Chunks() * PartialFloats();
    for (int64_t r = 0; r < Rows(); ++r) {
      const int64_t h = kv * f.Group() + r / l.seq;
      PackRows({args.q + l.q.At(b, h, r % l.seq), 0, 1, l.head_dim}, static_cast<float>(l.scale),
               q + r * l.head_dim, l.head_dim);
      Rotate(args.rotation, {b, r % l.seq}, q + r * l.head_dim);
      std::fill_n(y + r * y_row, PaddedValues(l), 0.0f);
      top[r] = kClosed;
      sum[r] = 0;
    }
    const int64_t end = std::min(span.keys, (chunk + 1) * kChunk);
    for (int64_t key = chunk * kChunk; key < end; key += kKeyTile) {
      KeyTile(args, span, b, kv, key, {q, scores, values, turned, top, sum, y, y_row});
    }
    for (int64_t r = 0; r < Rows(); ++r) {
      y[r * y_row + PaddedValues(l)] = top[r];
      y[r * y_row + PaddedValues(l) + 1] = sum[r];
    }
  }

  // What a chunk works on, in its thread's workspace.
  struct Buffers {
    float *q, *scores, *packed, *turned, *top, *sum, *y;
    int64_t y_row;
  };

  void KeyTile(const Arguments& args, const Span& span, int64_t b, int64_t kv, int64_t key,
               const Buffers& at) const {
    float *scores = at.scores, *packed = at.packed, *y = at.y;
    const int64_t y_row = at.y_row;
    const int64_t n = std::min(kKeyTile, span.keys - key);
    for (int64_t j = 0; j < n;) {
      const Piece piece = args.source->At(b, kv, key + j);
      const int64_t count = std::min(piece.count, n - j);
      const PackSource keys = Keys(f, args, piece, b, count, at.turned);
      MultiplyRows({.a = at.q,
                    .a_stride = l.head_dim,
                    .b = keys.x,
                    .b_stride = keys.stride,
                    .y = scores + j,
                    .y_stride = kKeyTile,
                    .m = Rows(),
                    .k = l.head_dim},
                   0, count);
      j += count;
    }
    for (int64_t g = 0; g < f.Group(); ++g) {
      const int64_t row = g * l.seq;
      const ScoreTile tile =
          f.TileOf(args.mask, span, b, kv * f.Group() + g, 0, l.seq, key, scores + row * kKeyTile);
      if (!tile.Plain()) CapAndMask(tile, 1.0f, nullptr);
      OnlineSoftmax(tile, at.top + row, at.sum + row, y + row * y_row, y_row, PaddedValues(l));
    }
    for (int64_t j = 0; j < n;) {
      const Piece piece = args.source->At(b, kv, key + j);
      const int64_t count = std::min(piece.count, n - j), dim = PaddedValues(l);
      const bool direct = dim == l.v_head_dim;
      if (!direct) PackRows({piece.v, piece.v_stride, count, l.v_head_dim}, 1.0f, packed, dim);
      MultiplyBlock({.a = scores + j,
                     .a_row = kKeyTile,
                     .b = direct ? piece.v : packed,
                     .b_row = direct ? piece.v_stride : dim,
                     .c = y,
                     .c_row = y_row,
                     .m = Rows(),
                     .n = dim,
                     .k = count,
                     .accumulate = true});
      j += count;
    }
  }

  void Merge(const Arguments& args, int64_t b, int64_t h, int64_t i) const {
    const int64_t dim = PaddedValues(l);
    const float* partials = Partial(args, b, h, i, 0);
    float top = kClosed, sum = 0;
    for (int64_t c = 0; c < Chunks(); ++c) top = std::max(top, partials[c * PartialFloats() + dim]);
    float* y = args.y + l.y.At(b, h, i);
    std::fill_n(y, l.v_head_dim, 0.0f);
    for (int64_t c = 0; c < Chunks() && top != kClosed; ++c) {
      const float* partial = partials + c * PartialFloats();
      const float weight = std::exp(partial[dim] - top);  // 0 where nothing was open
      if (weight == 0) continue;
      sum += weight * partial[dim + 1];
      for (int64_t d = 0; d < l.v_head_dim; ++d) y[d] += weight * partial[d];
    }
    for (int64_t d = 0; d < l.v_head_dim && sum != 0; ++d) y[d] /= sum;
    if (args.lse != nullptr) args.lse[(b * l.q_heads + h) * l.seq + i] = LogSumExp(top, sum);
  }
};

}  // namespace

int64_t AttentionForward::WorkspaceBytes() const {
  const Decode decode{*this};
  const Flash flash{*this};
  const int64_t floats = Decodes(*this) ? decode.SharedFloats() + threads * decode.ThreadFloats()
                                        : threads * flash.ThreadFloats();
  return floats * static_cast<int64_t>(sizeof(float));
}

void AttentionForward::Run(const Arguments& args) const {
  if (Decodes(*this)) return Decode{*this}.Run(args);
  Flash{*this}.Run(args);
}

}  // namespace weft::ops
