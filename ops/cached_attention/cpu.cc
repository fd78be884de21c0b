// The cache's bookkeeping, and the plain kernel: one query at a time, scores in f64.
#include <algorithm>
#include <cstring>

#include "ops/cached_attention/cpu_cache.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/rotary_plain.h"

namespace weft::ops::cached_attention {

CacheLayout::CacheLayout(const KernelNode& node)
    : pages(node.inputs[3].dim(0)),
      page(node.inputs[3].dim(1)),
      max_pages(node.inputs[5].dim(1)),
      key_width(node.inputs[3].dim(2)),
      value_width(node.inputs[4].dim(2)),
      element(SizeInBytes(node.inputs[0].dtype, 1)),
      rotary(RotaryLayout::Of(node, kRotary, node.attrs<CachedAttentionOp>().rotary_interleaved)),
      scope(fmt::format("CachedAttention '{}'", node.scope)) {
  const auto& attrs = node.attrs<CachedAttentionOp>();
  struct {
    bool is_causal = true;
    float scale, softcap;
    int64_t q_num_heads, kv_num_heads;
  } causal{true, attrs.scale, attrs.softcap, attrs.q_num_heads, attrs.kv_num_heads};
  l = LayoutOf(node, causal);
  for (size_t i : {0, 1}) cache_bytes[i] = node.inputs[3 + i].num_elements() * element;
}

Status CacheLayout::CheckTable(const int64_t* table, const int64_t* start) const {
  for (int64_t b = 0; b < l.batch && l.seq > 0; ++b) {
    const int64_t capacity = max_pages * page;
    if (start[b] < 0 || start[b] > capacity - l.seq) {
      return OutOfRange(
          "{}: start[{}] is {} with {} new tokens, expected 0 to {}: the table has {} pages of {}", scope, b,
          start[b], l.seq, capacity - l.seq, max_pages, page);
    }
    for (int64_t m = 0; m <= (start[b] + l.seq - 1) / page; ++m) {
      const int64_t number = table[b * max_pages + m];
      if (number >= 0 && number < pages) continue;
      return OutOfRange("{}: table[{}, {}] is {}, expected 0 to {}", scope, b, m, number, pages - 1);
    }
  }
  return OkStatus();
}

void CacheLayout::Update(const KernelArgs& args) const {
  const int64_t widths[2] = {key_width * element, value_width * element};
  const auto *table = args.in<int64_t>(5), *start = args.in<int64_t>(6);
  for (size_t i : {0, 1}) {
    auto* cache = args.out<std::byte>(1 + i);
    if (cache != args.in<std::byte>(3 + i)) {
      std::memcpy(cache, args.inputs[3 + i], static_cast<size_t>(cache_bytes[i]));
    }
    const auto* rows = args.in<std::byte>(1 + i);
    const HeadStrides& from = i == 0 ? l.k : l.v;
    for (int64_t b = 0; b < l.batch; ++b) {
      for (int64_t t = 0; t < l.seq; ++t) {
        std::memcpy(cache + RowOf(table, b, start[b] + t) * widths[i], rows + from.At(b, 0, t) * element,
                    static_cast<size_t>(widths[i]));
      }
    }
  }
}

namespace {

template <class T>
void PlainQuery(const CacheLayout& c, const KernelArgs& args, int64_t b, int64_t h, int64_t i) {
  const AttentionLayout& l = c.l;
  const auto* table = args.in<int64_t>(5);
  const int64_t open = args.in<int64_t>(6)[b] + i + 1, kv = l.KvHead(h);
  auto* p = static_cast<double*>(args.workspace);
  const T* q = args.in<T>(0) + l.q.At(b, h, i);
  double top = -INFINITY, sum = 0;
  for (int64_t j = 0; j < open; ++j) {
    const T* k = args.out<T>(1) + c.RowOf(table, b, j) * c.key_width + kv * l.head_dim;
    double dot = 0;
    for (int64_t d = 0; d < l.head_dim; ++d) dot += static_cast<double>(q[d]) * static_cast<double>(k[d]);
    p[j] = SoftCap(dot * l.scale, l.softcap);
    top = std::isnan(p[j]) ? p[j] : std::max(top, p[j]);
  }
  for (int64_t j = 0; j < open; ++j) sum += p[j] = std::exp(p[j] - top);
  T* y = args.out<T>(0) + l.y.At(b, h, i);
  for (int64_t d = 0; d < l.v_head_dim; ++d) {
    double value = 0;
    for (int64_t j = 0; j < open; ++j) {
      const T* v = args.out<T>(2) + c.RowOf(table, b, j) * c.value_width + kv * l.v_head_dim;
      value += p[j] / sum * static_cast<double>(v[d]);
    }
    y[d] = static_cast<T>(value);
  }
}

constexpr KernelDef kKernels[] = {
    {.name = "simd", .accepts = SimdAccepts, .prepare = PrepareSimd, .pitched = true},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext& context) {
  const CacheLayout c(node);
  if (c.rotary.pairs > 0)
    return PreparePlainRotary(node, context, {c.rotary, c.l.head_dim, false, PreparePlain});
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) -> std::unique_ptr<Kernel> {
    return MakeKernel(
        [c](const KernelArgs& args) {
          WEFT_RETURN_IF_ERROR(c.CheckTable(args.in<int64_t>(5), args.in<int64_t>(6)));
          c.Update(args);
          for (int64_t b = 0; b < c.l.batch; ++b) {
            for (int64_t h = 0; h < c.l.q_heads; ++h) {
              for (int64_t i = 0; i < c.l.seq; ++i) PlainQuery<T>(c, args, b, h, i);
            }
          }
          return OkStatus();
        },
        c.max_pages * c.page * static_cast<int64_t>(sizeof(double)));
  });
}

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::cached_attention
