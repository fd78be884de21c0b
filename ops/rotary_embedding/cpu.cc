#include "base/threads.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/kernel.h"
#include "ops/rotary_embedding/op.h"

namespace weft::ops::rotary_embedding {
namespace {

struct Layout {
  int64_t batch, seq, heads, head_dim, half, max;
  struct {
    int64_t seq, head, batch;
    int64_t At(int64_t b, int64_t token, int64_t h) const { return b * batch + token * seq + h * head; }
  } x, y;  // elements apart
  bool interleaved, ids;
};

Layout LayoutOf(const KernelNode& node) {
  const auto& attrs = node.attrs<RotaryEmbeddingOp>();
  const RotarySizes s = SizesOf(attrs, ToDims(node.inputs[0].shape));
  Layout l{s.batch.value(),
           s.seq.value(),
           s.heads.value(),
           s.head_dim.value(),
           s.rotary.value() / 2,
           node.inputs[1].shape[0],
           {},
           {},
           attrs.interleaved,
           node.has_input(3)};
  const bool heads_first = node.inputs[0].rank() == 4;
  const auto stride = [&](int64_t pitch, auto* to) {  // of a row: a head's, or a token's
    if (heads_first) {
      *to = {pitch, l.seq * pitch, l.heads * l.seq * pitch};
    } else {
      *to = {pitch, l.head_dim, l.seq * pitch};
    }
  };
  stride(node.inputs[0].pitch, &l.x);
  stride(node.outputs[0].pitch, &l.y);
  return l;
}

// One head: `half` pairs, then what stays. In place is fine: a pair is read before it is written.
template <class T>
void TurnHead(const Layout& l, const T* x, const T* cos, const T* sin, T* y) {
  const int64_t first = l.interleaved ? 2 : 1, second = l.interleaved ? 1 : l.half;
  for (int64_t i = 0; i < l.half; ++i) {
    const T a = x[i * first], b = x[i * first + second];
    y[i * first] = a * cos[i] - b * sin[i];
    y[i * first + second] = a * sin[i] + b * cos[i];
  }
  for (int64_t i = 2 * l.half; i < l.head_dim; ++i) y[i] = x[i];
}

Status CheckIds(const Layout& l, const KernelArgs& args, const std::string& scope) {
  if (!l.ids) return OkStatus();
  for (int64_t i = 0; i < l.batch * l.seq; ++i) {
    const int64_t id = args.in<int64_t>(3)[i];
    if (id >= 0 && id < l.max) continue;
    return OutOfRange(
        "RotaryEmbedding '{}': position {} (batch {}, token {}) is out of range: the tables have {}", scope,
        id, i / l.seq, i % l.seq, l.max);
  }
  return OkStatus();
}

template <class T>
std::unique_ptr<Kernel> Prepare(const KernelNode& node, int threads) {
  return MakeKernel([l = LayoutOf(node), threads, scope = node.scope](const KernelArgs& args) {
    WEFT_RETURN_IF_ERROR(CheckIds(l, args, scope));
    const int64_t grain = std::max<int64_t>(1, 16384 / std::max<int64_t>(1, l.heads * l.head_dim));
    ParallelFor(l.batch * l.seq, threads, grain, [&](int64_t begin, int64_t end, int) {
      for (int64_t t = begin; t < end; ++t) {
        const int64_t row = l.ids ? args.in<int64_t>(3)[t] : t;
        for (int64_t h = 0; h < l.heads; ++h) {
          TurnHead<T>(l, args.in<T>(0) + l.x.At(t / l.seq, t % l.seq, h), args.in<T>(1) + row * l.half,
                      args.in<T>(2) + row * l.half, args.out<T>(0) + l.y.At(t / l.seq, t % l.seq, h));
        }
      }
    });
    return OkStatus();
  });
}

// Rows apart in x and y only.
std::string AcceptsTables(const KernelNode& node) {
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    if (node.inputs[i].present && !node.inputs[i].dense()) return "takes tables and positions dense";
  }
  return "";
}
std::string AcceptsThreads(const KernelNode& node) {
  const std::string reason = AcceptsF32(node);
  return reason.empty() ? AcceptsTables(node) : reason;
}

// bf16, a head at a time through a buffer.
constexpr int64_t kMostHeadDim = 512;

std::string NarrowAccepts(const KernelNode& node) {
  if (node.inputs[0].dtype != DataType::kBF16) return "takes bf16 only";
  if (const std::string reason = AcceptsTables(node); !reason.empty()) return reason;
  if (node.inputs[1].dtype != DataType::kF32 || node.inputs[2].dtype != DataType::kF32)
    return "takes tables of f32 only";
  const int64_t head_dim = LayoutOf(node).head_dim;
  return head_dim <= kMostHeadDim ? "" : fmt::format("takes heads of {} at most", kMostHeadDim);
}

StatusOr<std::unique_ptr<Kernel>> PrepareNarrow(const KernelNode& node, const KernelContext& context) {
  return MakeKernel(
      [l = LayoutOf(node), threads = context.threads, scope = node.scope](const KernelArgs& args) {
        WEFT_RETURN_IF_ERROR(CheckIds(l, args, scope));
        const int64_t grain = std::max<int64_t>(1, 16384 / std::max<int64_t>(1, l.heads * l.head_dim));
        ParallelFor(l.batch * l.seq, threads, grain, [&](int64_t begin, int64_t end, int) {
          alignas(64) float x[kMostHeadDim], y[kMostHeadDim];
          for (int64_t t = begin; t < end; ++t) {
            const int64_t row = l.ids ? args.in<int64_t>(3)[t] : t;
            for (int64_t h = 0; h < l.heads; ++h) {
              WidenBf16(args.in<uint16_t>(0) + l.x.At(t / l.seq, t % l.seq, h), l.head_dim, x);
              TurnHead<float>(l, x, args.in<float>(1) + row * l.half, args.in<float>(2) + row * l.half, y);
              NarrowToBf16(y, l.head_dim, args.out<uint16_t>(0) + l.y.At(t / l.seq, t % l.seq, h));
            }
          }
        });
        return OkStatus();
      });
}

constexpr KernelDef kKernels[] = {
    {.name = "bf16", .accepts = NarrowAccepts, .prepare = PrepareNarrow, .pitched = true, .narrow = true},
    {.name = "threads",
     .accepts = AcceptsThreads,
     .prepare = [](const KernelNode& node, const KernelContext& context)
         -> StatusOr<std::unique_ptr<Kernel>> { return Prepare<float>(node, context.threads); },
     .pitched = true},
    {.name = "plain",
     .accepts = AcceptsTables,
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return Prepare<T>(node, 1); });
     },
     .pitched = true}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::rotary_embedding
