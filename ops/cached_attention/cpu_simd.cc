// Tiles of queries over tiles of keys, which never cross a page, with an online softmax. One query (decoding)
// takes the keys as they lie; several take them transposed, a tile at a time. Heads are shared out over the
// threads.
#include <algorithm>

#include "base/threads.h"
#include "ops/cached_attention/cpu_cache.h"
#include "ops/common/cpu/attention_tiles.h"
#include "ops/common/cpu/small_product.h"

namespace weft::ops::cached_attention {
namespace {

// floats of one thread's workspace
int64_t Floats(const AttentionLayout& l) {
  return l.head_dim * kKeyTile + kQueryTile * kKeyTile + 2 * kQueryTile;
}

struct Task {
  const CacheLayout& c;
  const KernelArgs& args;
  float *packed, *scores, *top, *sum;

  // The scores of a tile of queries (at q) against `columns` keys at k.
  void Scores(const float* q, int64_t rows, const float* k, int64_t columns) const {
    const AttentionLayout& l = c.l;
    if (rows == 1) {
      for (int64_t j = 0; j < columns; ++j) scores[j] = Dot(q, k + j * c.key_width, l.head_dim);
      return;
    }
    if (columns < kKeyTile) std::fill_n(packed, l.head_dim * kKeyTile, 0.0f);
    TransposeSmall(k, columns, l.head_dim, c.key_width, packed, kKeyTile);
    MultiplySmall({rows, kKeyTile, l.head_dim, q, l.q.t, 1, packed, kKeyTile, scores, kKeyTile, false});
  }

  // Queries first .. first + rows of head h, at most kQueryTile.
  void Queries(int64_t b, int64_t h, int64_t first, int64_t rows) const {
    const AttentionLayout& l = c.l;
    const int64_t kv = l.KvHead(h), start = args.in<int64_t>(6)[b], end = start + first + rows;
    const float* q = args.in<float>(0) + l.q.At(b, h, first);
    float* y = args.out<float>(0) + l.y.At(b, h, first);
    std::fill_n(top, rows, -std::numeric_limits<float>::infinity());
    std::fill_n(sum, rows, 0.0f);
    for (int64_t i = 0; i < rows; ++i) std::fill_n(y + i * l.y.t, l.v_head_dim, 0.0f);
    for (int64_t key = 0, n = 0; key < end; key += n) {
      n = std::min({kKeyTile, end - key, c.page - key % c.page});
      const int64_t row = c.RowOf(args.in<int64_t>(5), b, key);
      const float* v = args.out<float>(2) + row * c.value_width + kv * l.v_head_dim;
      Scores(q, rows, args.out<float>(1) + row * c.key_width + kv * l.head_dim, n);
      OnlineSoftmax({scores, rows, n, start + first, key, true}, static_cast<float>(l.scale), top, sum, y,
                    l.y.t, l.v_head_dim);
      MultiplySmall({rows, l.v_head_dim, n, scores, kKeyTile, 1, v, c.value_width, y, l.y.t, true});
    }
    for (int64_t i = 0; i < rows; ++i) ScaleBy(y + i * l.y.t, 1 / sum[i], l.v_head_dim);
  }
};

}  // namespace

std::string SimdAccepts(const KernelNode& node) {
  if (node.inputs[0].dtype != DataType::kF32) return "takes f32 only";
  const CacheLayout c(node);
  if (c.l.softcap > 0) return "does not take softcap";
  if (c.l.v_head_dim % kSmallProductColumns != 0) {
    return fmt::format("takes value heads of a multiple of {}", kSmallProductColumns);
  }
  if (c.l.batch * c.l.q_heads * c.l.seq * c.l.head_dim == 0) return "takes no empty operands";
  return {};
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  const CacheLayout c(node);
  const int threads = context.threads;
  const int64_t floats = Floats(c.l);
  return MakeKernel(
      [c, threads, floats](const KernelArgs& args) {
        WEFT_RETURN_IF_ERROR(c.CheckTable(args.in<int64_t>(5), args.in<int64_t>(6)));
        c.Update(args);
        const int64_t tiles = (c.l.seq + kQueryTile - 1) / kQueryTile;
        ParallelFor(c.l.batch * c.l.q_heads * tiles, threads, 1, [&](int64_t begin, int64_t end, int thread) {
          float* packed = static_cast<float*>(args.workspace) + thread * floats;
          float* scores = packed + c.l.head_dim * kKeyTile;
          float* top = scores + kQueryTile * kKeyTile;
          const Task task{c, args, packed, scores, top, top + kQueryTile};
          for (int64_t n = begin; n < end; ++n) {
            const int64_t first = n % tiles * kQueryTile, head = n / tiles;
            task.Queries(head / c.l.q_heads, head % c.l.q_heads, first,
                         std::min(kQueryTile, c.l.seq - first));
          }
        });
        return OkStatus();
      },
      threads * floats * static_cast<int64_t>(sizeof(float)));
}

}  // namespace weft::ops::cached_attention
