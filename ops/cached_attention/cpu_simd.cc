// The common forward of attention, which reads keys and values through the page table.
#include <algorithm>

#include "base/threads.h"
#include "ops/cached_attention/cpu_cache.h"
#include "ops/common/cpu/attention_forward.h"

namespace weft::ops::cached_attention {
namespace {

class Pages final : public KeyValueSource {
 public:
  Pages(const CacheLayout& cache, const KernelArgs& args)
      : c_(cache), table_(args.in<int64_t>(5)), k_(args.out<float>(1)), v_(args.out<float>(2)) {}

  Piece At(int64_t batch, int64_t kv_head, int64_t key) const override {
    const int64_t row = c_.RowOf(table_, batch, key);
    return {k_ + row * c_.key_width + kv_head * c_.l.head_dim,
            v_ + row * c_.value_width + kv_head * c_.l.v_head_dim, c_.key_width, c_.value_width,
            c_.page - key % c_.page};
  }

 private:
  const CacheLayout& c_;
  const int64_t* table_;
  const float *k_, *v_;
};

// The new keys, where they have been put. The tokens of one sequence have rows of their own.
void TurnNewKeys(const CacheLayout& c, const Rotation<float>& rotation, const KernelArgs& args, int threads) {
  if (c.rotary.pairs == 0) return;
  const auto *table = args.in<int64_t>(5), *start = args.in<int64_t>(6);
  const int64_t grain = std::max<int64_t>(1, 16384 / c.key_width);
  for (int64_t b = 0; b < c.l.batch; ++b) {
    ParallelFor(c.l.seq, threads, grain, [&](int64_t begin, int64_t end, int) {
      for (int64_t t = begin; t < end; ++t) {
        float* row = args.out<float>(1) + c.RowOf(table, b, start[b] + t) * c.key_width;
        for (int64_t h = 0; h < c.l.kv_heads; ++h) Rotate(rotation, {b, t}, row + h * c.l.head_dim);
      }
    });
  }
}

}  // namespace

std::string SimdAccepts(const KernelNode& node) {
  if (node.inputs[0].dtype != DataType::kF32) return "takes f32 only";
  if (!OthersAreDense(node, 0)) return "takes rows apart in q, k and v only";
  const CacheLayout c(node);
  return c.l.batch * c.l.q_heads * c.l.seq * c.l.head_dim == 0 ? "takes no empty operands" : "";
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  const CacheLayout c(node);
  AttentionForward forward;
  forward.layout = c.l;
  forward.layout.keys = c.max_pages * c.page;
  forward.lengths = true;
  forward.rotary = c.rotary;
  forward.threads = context.threads;
  // Lengths [batch] behind the workspace of the forward.
  const int64_t lengths_at = RoundUpTo(forward.WorkspaceBytes(), 64);
  return MakeKernel(
      [c, forward, lengths_at](const KernelArgs& args) {
        const auto *table = args.in<int64_t>(5), *start = args.in<int64_t>(6);
        WEFT_RETURN_IF_ERROR(c.CheckTable(table, start));
        WEFT_RETURN_IF_ERROR(c.rotary.CheckPositions(args, c.scope));
        const Rotation<float> rotation(c.rotary, args);
        c.Update(args);
        TurnNewKeys(c, rotation, args, forward.threads);
        auto* lengths = reinterpret_cast<int64_t*>(static_cast<std::byte*>(args.workspace) + lengths_at);
        for (int64_t b = 0; b < c.l.batch; ++b) lengths[b] = start[b] + c.l.seq;
        const Pages pages(c, args);
        forward.Run({.q = args.in<float>(0),
                     .source = &pages,
                     .mask = nullptr,
                     .lengths = lengths,
                     .rotation = rotation,
                     .y = args.out<float>(0),
                     .lse = nullptr,
                     .workspace = args.workspace});
        return OkStatus();
      },
      lengths_at + c.l.batch * static_cast<int64_t>(sizeof(int64_t)));
}

}  // namespace weft::ops::cached_attention
