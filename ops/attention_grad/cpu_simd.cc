// Blocked backward: for one key/value head, each tile of keys meets every tile of queries that it is open to;
// the softmax is computed again from lse. One thread has a head to itself, so that sums have one order and
// need no atomics.
#include <algorithm>

#include "base/threads.h"
#include "ops/attention_grad/cpu_kernels.h"
#include "ops/common/cpu/attention_layout.h"
#include "ops/common/cpu/attention_tiles.h"
#include "ops/common/cpu/small_product.h"

namespace weft::ops::attention_grad {
namespace {

struct Scratch {
  float* keys_t;    // [head_dim, kKeyTile]
  float* values_t;  // [v_head_dim, kKeyTile]
  float* p;         // [kQueryTile, kKeyTile]
  float* dp;        // likewise
  float* delta;     // [group, seq] sum of dy y
};

int64_t DeltaFloats(const AttentionLayout& l) { return (l.q_heads / l.kv_heads * l.seq + 15) / 16 * 16; }
int64_t ScratchFloats(const AttentionLayout& l) {
  return (l.head_dim + l.v_head_dim) * kKeyTile + 2 * kQueryTile * kKeyTile + DeltaFloats(l);
}
Scratch ScratchAt(const AttentionLayout& l, float* base) {
  Scratch s{};
  s.keys_t = base;
  s.values_t = s.keys_t + l.head_dim * kKeyTile;
  s.p = s.values_t + l.v_head_dim * kKeyTile;
  s.dp = s.p + kQueryTile * kKeyTile;
  s.delta = s.dp + kQueryTile * kKeyTile;
  return s;
}

class HeadGradient {
 public:
  HeadGradient(const AttentionLayout& l, const KernelArgs& args, const Scratch& scratch, int64_t b,
               int64_t kv)
      : l_(l), args_(args), s_(scratch), b_(b), kv_(kv), group_(l.q_heads / l.kv_heads) {}

  void Run() {
    for (int64_t g = 0; g < group_; ++g) Begin(g);
    for (int64_t key = 0; key < l_.keys; key += kKeyTile) {
      const int64_t n = std::min(kKeyTile, l_.keys - key);
      Pack(args_.in<float>(1) + l_.k.At(b_, kv_, key), n, l_.head_dim, l_.k.t, s_.keys_t);
      Pack(args_.in<float>(2) + l_.v.At(b_, kv_, key), n, l_.v_head_dim, l_.v.t, s_.values_t);
      Zero(args_.out<float>(1) + l_.k.At(b_, kv_, key), n, l_.head_dim, l_.k.t);
      Zero(args_.out<float>(2) + l_.v.At(b_, kv_, key), n, l_.v_head_dim, l_.v.t);
      for (int64_t g = 0; g < group_; ++g) {
        const int64_t start = l_.causal ? key / kQueryTile * kQueryTile : 0;
        for (int64_t first = start; first < l_.seq; first += kQueryTile) TilePair(g, first, key, n);
      }
    }
  }

 private:
  int64_t Head(int64_t g) const { return kv_ * group_ + g; }

  static void Zero(float* x, int64_t rows, int64_t dim, int64_t stride) {
    for (int64_t i = 0; i < rows; ++i) std::fill_n(x + i * stride, dim, 0.0f);
  }
  static void Pack(const float* x, int64_t rows, int64_t dim, int64_t stride, float* packed) {
    if (rows < kKeyTile) std::fill_n(packed, dim * kKeyTile, 0.0f);
    TransposeSmall(x, rows, dim, stride, packed, kKeyTile);
  }

  void Begin(int64_t g) {
    Zero(args_.out<float>(0) + l_.q.At(b_, Head(g), 0), l_.seq, l_.head_dim, l_.q.t);
    for (int64_t i = 0; i < l_.seq; ++i) {
      const int64_t at = l_.y.At(b_, Head(g), i);
      s_.delta[g * l_.seq + i] = Dot(args_.in<float>(5) + at, args_.in<float>(7) + at, l_.v_head_dim);
    }
  }

  void TilePair(int64_t g, int64_t first, int64_t key, int64_t columns) {
    const int64_t h = Head(g), rows = std::min(kQueryTile, l_.seq - first);
    const float* q = args_.in<float>(0) + l_.q.At(b_, h, first);
    const float* dy = args_.in<float>(7) + l_.y.At(b_, h, first);
    const auto scale = static_cast<float>(l_.scale);
    const ScoreTile tile{s_.p, rows, columns, first, key, l_.causal};
    MultiplySmall({rows, kKeyTile, l_.head_dim, q, l_.q.t, 1, s_.keys_t, kKeyTile, s_.p, kKeyTile, false});
    SoftmaxFromLse(tile, scale, args_.in<float>(6) + (b_ * l_.q_heads + h) * l_.seq + first);
    MultiplySmall(
        {rows, kKeyTile, l_.v_head_dim, dy, l_.y.t, 1, s_.values_t, kKeyTile, s_.dp, kKeyTile, false});
    // dv += p^T dy
    MultiplySmall({columns, l_.v_head_dim, rows, s_.p, 1, kKeyTile, dy, l_.y.t,
                   args_.out<float>(2) + l_.v.At(b_, kv_, key), l_.v.t, true});
    ScoreGradient(tile, s_.dp, s_.delta + g * l_.seq + first, scale);
    // dq += ds k, dk += ds^T q
    MultiplySmall({rows, l_.head_dim, columns, s_.dp, kKeyTile, 1, args_.in<float>(1) + l_.k.At(b_, kv_, key),
                   l_.k.t, args_.out<float>(0) + l_.q.At(b_, h, first), l_.q.t, true});
    MultiplySmall({columns, l_.head_dim, rows, s_.dp, 1, kKeyTile, q, l_.q.t,
                   args_.out<float>(1) + l_.k.At(b_, kv_, key), l_.k.t, true});
  }

  const AttentionLayout& l_;
  const KernelArgs& args_;
  Scratch s_;
  int64_t b_, kv_, group_;
};

}  // namespace

std::string SimdAccepts(const KernelNode& node) {
  if (node.inputs[0].dtype != DataType::kF32) return "takes f32 only";
  for (size_t i : {3u, 4u}) {
    if (node.has_input(i)) return fmt::format("does not take {}", node.op->inputs[i].name);
  }
  const AttentionLayout l = LayoutOf(node, node.attrs<AttentionGradOp>());
  if (l.softcap > 0) return "does not take softcap";
  if (l.head_dim % kSmallProductColumns != 0 || l.v_head_dim % kSmallProductColumns != 0) {
    return fmt::format("takes heads of a multiple of {}", kSmallProductColumns);
  }
  if (l.batch * l.q_heads * l.seq * l.keys == 0) return "takes no empty operands";
  return {};
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  const AttentionLayout l = LayoutOf(node, node.attrs<AttentionGradOp>());
  return MakeKernel(
      [l, threads = context.threads](const KernelArgs& args) {
        ParallelFor(l.batch * l.kv_heads, threads, 1, [&](int64_t begin, int64_t end, int thread) {
          const Scratch scratch =
              ScratchAt(l, static_cast<float*>(args.workspace) + thread * ScratchFloats(l));
          for (int64_t head = begin; head < end; ++head) {
            HeadGradient(l, args, scratch, head / l.kv_heads, head % l.kv_heads).Run();
          }
        });
        return OkStatus();
      },
      context.threads * ScratchFloats(l) * static_cast<int64_t>(sizeof(float)));
}

}  // namespace weft::ops::attention_grad
