// Blocked backward. One thread has a key/value head to itself, so that sums have one order and need no
// atomics: its keys and values are packed once; for each query head of its group every tile of queries meets
// the tiles of keys that are open to it, where the softmax is computed again from lse, and dq, dk, dv are
// summed in the workspace. A rotary embedding turns the packed rows, and dq and dk back before they leave.
#include "base/threads.h"
#include "ops/attention_grad/cpu_kernels.h"
#include "ops/common/cpu/indices.h"
#include "ops/common/cpu/masked_attention.h"
#include "ops/common/cpu/rotary.h"
#include "ops/common/cpu/rows.h"

namespace weft::ops::attention_grad {
namespace {

constexpr size_t kMask = 3, kLengths = 4, kY = 5, kLse = 6, kDy = 7;  // inputs

// One thread's workspace, in floats. Rows are padded to whole vectors: head_dim to `dim`, v_head_dim to
// `v_dim`.
struct Scratch {
  int64_t dim, v_dim;
  int64_t keys_t, keys, values_t, dk, dv;  // tiles [head_dim, 64], rows, tiles [v_head_dim, 64], rows, rows
  int64_t q, dy, dq, delta;                // rows of one head
  int64_t p, dp, tanh;                     // tiles
  int64_t size;

  explicit Scratch(const AttentionLayout& l)
      : dim(RoundUpTo(l.head_dim, kBlockColumns)), v_dim(RoundUpTo(l.v_head_dim, kBlockColumns)) {
    const int64_t padded_keys = RoundUpTo(l.keys, kKeyTile), tile = kQueryTile * kKeyTile;
    int64_t at = 0;
    auto take = [&](int64_t floats) { return std::exchange(at, at + RoundUpTo(floats, 16)); };
    keys_t = take(padded_keys * l.head_dim);
    keys = take(l.keys * dim);
    values_t = take(padded_keys * l.v_head_dim);
    dk = take(l.keys * dim);
    dv = take(l.keys * v_dim);
    q = take(l.seq * dim);
    dy = take(l.seq * v_dim);
    dq = take(l.seq * dim);
    delta = take(l.seq);
    p = take(tile);
    dp = take(tile);
    tanh = take(l.softcap > 0 ? tile : 0);
    size = at;
  }
};

// Of dq, dk and dv.
struct GradientStrides {
  HeadStrides q, k, v;
};

class HeadGradient {
 public:
  HeadGradient(const MaskedAttention& attention, const GradientStrides& out, const Scratch& at,
               const KernelArgs& args, const Rotation<float>& rotation, float* base, int64_t b, int64_t kv)
      : f_(attention),
        l_(attention.layout),
        out_(out),
        at_(at),
        args_(args),
        rotation_(rotation),
        base_(base),
        b_(b),
        kv_(kv) {}

  void Run() {
    PackKeysAndValues();
    const auto* lengths = f_.lengths ? args_.in<int64_t>(kLengths) : nullptr;
    const MaskedAttention::Span span = f_.SpanOf(lengths, b_);
    for (int64_t h = kv_ * f_.Group(); h < (kv_ + 1) * f_.Group(); ++h) {
      PackQueries(h);
      for (int64_t key = 0; key < span.keys; key += kKeyTile) {
        for (int64_t first = 0; first < l_.seq; first += kQueryTile) {
          const int64_t rows = std::min(kQueryTile, l_.seq - first);
          const ScoreTile tile = f_.TileOf(f_.mask.present ? args_.inputs[kMask] : nullptr, span, b_, h,
                                           first, rows, key, base_ + at_.p);
          if (tile.Open(rows - 1) > 0) TilePair(tile, h, first, key);
        }
      }
      RotateBack(rotation_, {b_, 0, l_.seq, at_.dim}, base_ + at_.dq);
      UnpackRows({base_ + at_.dq, at_.dim, l_.seq, l_.head_dim}, args_.out<float>(0) + out_.q.At(b_, h, 0),
                 out_.q.t);
    }
    RotateBack(rotation_, {b_, 0, l_.keys, at_.dim}, base_ + at_.dk);
    UnpackRows({base_ + at_.dk, at_.dim, l_.keys, l_.head_dim}, args_.out<float>(1) + out_.k.At(b_, kv_, 0),
               out_.k.t);
    UnpackRows({base_ + at_.dv, at_.v_dim, l_.keys, l_.v_head_dim},
               args_.out<float>(2) + out_.v.At(b_, kv_, 0), out_.v.t);
  }

 private:
  void PackKeysAndValues() {
    const float* k = args_.in<float>(1) + l_.k.At(b_, kv_, 0);
    const float* v = args_.in<float>(2) + l_.v.At(b_, kv_, 0);
    float* keys = base_ + at_.keys;
    PackRows({k, l_.k.t, l_.keys, l_.head_dim}, 1.0f, keys, at_.dim);
    Rotate(rotation_, {b_, 0, l_.keys, at_.dim}, keys);
    for (int64_t key = 0; key < l_.keys; key += kKeyTile) {
      const int64_t count = std::min(kKeyTile, l_.keys - key);
      PackTransposed({keys + key * at_.dim, at_.dim, count, l_.head_dim},
                     base_ + at_.keys_t + key * l_.head_dim, kKeyTile);
      PackTransposed({v + key * l_.v.t, l_.v.t, count, l_.v_head_dim},
                     base_ + at_.values_t + key * l_.v_head_dim, kKeyTile);
    }
    std::fill_n(base_ + at_.dk, l_.keys * at_.dim, 0.0f);
    std::fill_n(base_ + at_.dv, l_.keys * at_.v_dim, 0.0f);
  }

  void PackQueries(int64_t h) {
    const float* y = args_.in<float>(kY) + l_.y.At(b_, h, 0);
    const float* dy = args_.in<float>(kDy) + l_.y.At(b_, h, 0);
    PackRows({args_.in<float>(0) + l_.q.At(b_, h, 0), l_.q.t, l_.seq, l_.head_dim}, 1.0f, base_ + at_.q,
             at_.dim);
    Rotate(rotation_, {b_, 0, l_.seq, at_.dim}, base_ + at_.q);
    PackRows({dy, l_.y.t, l_.seq, l_.v_head_dim}, 1.0f, base_ + at_.dy, at_.v_dim);
    std::fill_n(base_ + at_.dq, l_.seq * at_.dim, 0.0f);
    for (int64_t i = 0; i < l_.seq; ++i) {
      base_[at_.delta + i] = Dot(y + i * l_.y.t, dy + i * l_.y.t, l_.v_head_dim);
    }
  }

  // c rows = a rows times the tile `b` [k, 64], as far as keys are open.
  void TimesKeys(const ScoreTile& tile, const float* a, int64_t a_row, int64_t k, const float* b, float* c) {
    ForOpenRows(tile, [&](int64_t i, int64_t rows, int64_t open) {
      MultiplyBlock({.a = a + i * a_row,
                     .a_row = a_row,
                     .b = b,
                     .b_row = kKeyTile,
                     .c = c + i * kKeyTile,
                     .c_row = kKeyTile,
                     .m = rows,
                     .n = RoundUpTo(open, kBlockColumns),
                     .k = k});
    });
  }

  // c [keys, dim] += tile^T b [queries, dim]
  void AddTransposed(const ScoreTile& tile, const float* scores, const float* b, int64_t dim, float* c) {
    ForOpenColumns(tile, [&](int64_t j, int64_t columns, int64_t first_row) {
      MultiplyBlock({.a = scores + first_row * kKeyTile + j,
                     .a_row = 1,
                     .a_k = kKeyTile,
                     .b = b + first_row * dim,
                     .b_row = dim,
                     .c = c + j * dim,
                     .c_row = dim,
                     .m = columns,
                     .n = dim,
                     .k = tile.rows - first_row,
                     .accumulate = true});
    });
  }

  void TilePair(const ScoreTile& tile, int64_t h, int64_t first, int64_t key) {
    const float* q = base_ + at_.q + first * at_.dim;
    const float* dy = base_ + at_.dy + first * at_.v_dim;
    float* dp = base_ + at_.dp;
    float* tanh = l_.softcap > 0 ? base_ + at_.tanh : nullptr;
    auto scale = static_cast<float>(l_.scale);
    TimesKeys(tile, q, at_.dim, l_.head_dim, base_ + at_.keys_t + key * l_.head_dim, tile.scores);
    if (!tile.Plain()) CapAndMask(tile, scale, tanh);
    SoftmaxFromLse(tile, tile.Plain() ? scale : 1.0f,
                   args_.in<float>(kLse) + (b_ * l_.q_heads + h) * l_.seq + first);
    AddTransposed(tile, tile.scores, dy, at_.v_dim, base_ + at_.dv + key * at_.v_dim);
    TimesKeys(tile, dy, at_.v_dim, l_.v_head_dim, base_ + at_.values_t + key * l_.v_head_dim, dp);
    ScoreGradient(tile, dp, base_ + at_.delta + first, scale, tanh);
    AddTransposed(tile, dp, q, at_.dim, base_ + at_.dk + key * at_.dim);
    ForOpenRows(tile, [&](int64_t i, int64_t rows, int64_t open) {
      MultiplyBlock({.a = dp + i * kKeyTile,
                     .a_row = kKeyTile,
                     .b = base_ + at_.keys + key * at_.dim,
                     .b_row = at_.dim,
                     .c = base_ + at_.dq + (first + i) * at_.dim,
                     .c_row = at_.dim,
                     .m = rows,
                     .n = at_.dim,
                     .k = open,
                     .accumulate = true});
    });
  }

  const MaskedAttention& f_;
  const AttentionLayout& l_;
  const GradientStrides& out_;
  const Scratch& at_;
  const KernelArgs& args_;
  const Rotation<float>& rotation_;
  float* base_;
  int64_t b_, kv_;
};

}  // namespace

std::string SimdAccepts(const KernelNode& node) {
  if (node.inputs[0].dtype != DataType::kF32) return "takes f32 only";
  if (!OthersAreDense(node, 3)) return "takes rows apart in q, k, v and their gradients only";
  const AttentionLayout l = LayoutOf(node, node.attrs<AttentionGradOp>());
  return l.q_heads * l.kv_heads == 0 ? "takes no empty heads" : "";
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  MaskedAttention f;
  f.layout = LayoutOf(node, node.attrs<AttentionGradOp>());
  if (node.has_input(kMask)) f.mask = MaskLayout::Of(node.inputs[kMask]);
  f.lengths = node.has_input(kLengths);
  const Scratch scratch(f.layout);
  const auto rotary = RotaryLayout::Of(node, kRotary, node.attrs<AttentionGradOp>().rotary_interleaved);
  const GradientStrides out = {StridesOfHeads(node.outputs[0], f.layout.head_dim),
                               StridesOfHeads(node.outputs[1], f.layout.head_dim),
                               StridesOfHeads(node.outputs[2], f.layout.v_head_dim)};
  return MakeKernel(
      [f, out, scratch, rotary, threads = context.threads, who = Describe(node)](const KernelArgs& args) {
        const AttentionLayout& l = f.layout;
        if (f.lengths) WEFT_RETURN_IF_ERROR(CheckLengths(who, args.in<int64_t>(kLengths), l.batch, l.keys));
        WEFT_RETURN_IF_ERROR(rotary.CheckPositions(args, who));
        const Rotation<float> rotation(rotary, args);
        ParallelFor(l.batch * l.kv_heads, threads, 1, [&](int64_t begin, int64_t end, int thread) {
          float* base = static_cast<float*>(args.workspace) + thread * scratch.size;
          for (int64_t head = begin; head < end; ++head) {
            HeadGradient(f, out, scratch, args, rotation, base, head / l.kv_heads, head % l.kv_heads).Run();
          }
        });
        return OkStatus();
      },
      context.threads * scratch.size * static_cast<int64_t>(sizeof(float)));
}

}  // namespace weft::ops::attention_grad
