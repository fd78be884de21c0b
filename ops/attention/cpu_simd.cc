// Blocked attention: for one key/value head the keys are transposed tile by tile once, then every tile of
// queries of its group walks over the tiles of keys that are open to it with an online softmax. Heads are
// shared out over the threads.
#include <algorithm>

#include "base/threads.h"
#include "ops/attention/cpu_kernels.h"
#include "ops/common/cpu/attention_layout.h"
#include "ops/common/cpu/attention_tiles.h"
#include "ops/common/cpu/small_product.h"

namespace weft::ops::attention {
namespace {

struct Tiles {
  AttentionLayout l;
  int64_t key_tiles;
  // floats of one thread's workspace: transposed keys, scores, top, sum
  int64_t TransposedKeys() const { return key_tiles * l.head_dim * kKeyTile; }
  int64_t Floats() const { return TransposedKeys() + kQueryTile * kKeyTile + 2 * kQueryTile; }
};

void PackKeys(const Tiles& t, const float* k, float* packed) {
  for (int64_t j = 0; j < t.key_tiles; ++j, packed += t.l.head_dim * kKeyTile) {
    const int64_t first = j * kKeyTile, n = std::min(kKeyTile, t.l.keys - first);
    if (n < kKeyTile) std::fill_n(packed, t.l.head_dim * kKeyTile, 0.0f);
    TransposeSmall(k + first * t.l.k.t, n, t.l.head_dim, t.l.k.t, packed, kKeyTile);
  }
}

// One tile of queries of one head: y and, if wanted, lse.
void QueryTile(const Tiles& t, int64_t first, const float* q, const float* packed, const float* v,
               float* scratch, float* y, float* lse) {
  const AttentionLayout& l = t.l;
  const int64_t rows = std::min(kQueryTile, l.seq - first);
  float* scores = scratch;
  float* top = scores + kQueryTile * kKeyTile;
  float* sum = top + kQueryTile;
  std::fill_n(top, rows, -std::numeric_limits<float>::infinity());
  std::fill_n(sum, rows, 0.0f);
  for (int64_t i = 0; i < rows; ++i) std::fill_n(y + i * l.y.t, l.v_head_dim, 0.0f);
  for (int64_t j = 0; j < t.key_tiles; ++j) {
    const int64_t key = j * kKeyTile;
    if (l.causal && key > first + rows - 1) break;
    const ScoreTile tile{scores, rows, std::min(kKeyTile, l.keys - key), first, key, l.causal};
    MultiplySmall({rows, kKeyTile, l.head_dim, q, l.q.t, 1, packed + j * l.head_dim * kKeyTile, kKeyTile,
                   scores, kKeyTile, false});
    OnlineSoftmax(tile, static_cast<float>(l.scale), top, sum, y, l.y.t, l.v_head_dim);
    MultiplySmall(
        {rows, l.v_head_dim, tile.columns, scores, kKeyTile, 1, v + key * l.v.t, l.v.t, y, l.y.t, true});
  }
  for (int64_t i = 0; i < rows; ++i) {
    if (sum[i] > 0) ScaleBy(y + i * l.y.t, 1 / sum[i], l.v_head_dim);
    if (lse != nullptr)
      lse[i] = sum[i] > 0 ? top[i] + std::log(sum[i]) : -std::numeric_limits<float>::infinity();
  }
}

}  // namespace

std::string SimdAccepts(const KernelNode& node) {
  if (node.inputs[0].dtype != DataType::kF32) return "takes f32 only";
  for (size_t i : {3u, 4u, 5u, 6u}) {
    if (node.has_input(i)) return fmt::format("does not take {}", node.op->inputs[i].name);
  }
  for (size_t i : {1u, 2u, 3u}) {
    if (node.has_output(i)) return fmt::format("does not give {}", node.op->outputs[i].name);
  }
  const AttentionLayout l = LayoutOf(node, node.attrs<AttentionOp>());
  if (l.softcap > 0) return "does not take softcap";
  if (l.v_head_dim % kSmallProductColumns != 0)
    return fmt::format("takes value heads of a multiple of {}", kSmallProductColumns);
  if (l.batch * l.q_heads * l.seq * l.keys == 0) return "takes no empty operands";
  return {};
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  Tiles t{LayoutOf(node, node.attrs<AttentionOp>()), 0};
  t.key_tiles = (t.l.keys + kKeyTile - 1) / kKeyTile;
  const bool keep = node.has_output(4);
  const int64_t heads = t.l.batch * t.l.kv_heads;
  const int threads = context.threads;
  return MakeKernel(
      [t, keep, heads, threads](const KernelArgs& args) {
        ParallelFor(heads, threads, 1, [&](int64_t begin, int64_t end, int thread) {
          const AttentionLayout& l = t.l;
          float* packed = static_cast<float*>(args.workspace) + thread * t.Floats();
          float* scratch = packed + t.TransposedKeys();
          const int64_t group = l.q_heads / l.kv_heads;
          for (int64_t head = begin; head < end; ++head) {
            const int64_t b = head / l.kv_heads, kv = head % l.kv_heads;
            PackKeys(t, args.in<float>(1) + l.k.At(b, kv, 0), packed);
            for (int64_t h = kv * group; h < (kv + 1) * group; ++h) {
              for (int64_t first = 0; first < l.seq; first += kQueryTile) {
                QueryTile(t, first, args.in<float>(0) + l.q.At(b, h, first), packed,
                          args.in<float>(2) + l.v.At(b, kv, 0), scratch,
                          args.out<float>(0) + l.y.At(b, h, first),
                          keep ? args.out<float>(4) + (b * l.q_heads + h) * l.seq + first : nullptr);
              }
            }
          }
        });
        return OkStatus();
      },
      threads * t.Floats() * static_cast<int64_t>(sizeof(float)));
}

}  // namespace weft::ops::attention
