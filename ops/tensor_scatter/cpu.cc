// Seen as past_cache [batch, middle, n, inner] and update [batch, middle, s, inner], where inner is in bytes.
#include <algorithm>
#include <cstring>

#include "base/threads.h"
#include "ops/common/axis.h"
#include "ops/common/cpu/indices.h"
#include "ops/tensor_scatter/op.h"

namespace weft::ops::tensor_scatter {
namespace {

struct Geometry {
  int64_t batch, middle, n, s, inner;
  bool circular, indexed;
  std::string who, limit;  // for messages
};

Geometry GeometryOf(const KernelNode& node) {
  const TensorScatterOp& a = node.attrs<TensorScatterOp>();
  const Operand& past = node.inputs[0];
  const int axis = ResolvedAxis(a.axis, past.rank());
  return {past.dim(0),
          ProductOf(past.shape, 1, axis),
          past.dim(axis),
          node.inputs[1].dim(axis),
          SizeInBytes(past.dtype, ProductOf(past.shape, axis + 1, past.rank())),
          a.mode == "circular",
          node.has_input(2),
          Describe(node),
          fmt::format("dimension {} of past_cache {}", axis, ToString(past.shape))};
}

Status CheckIndices(const Geometry& g, const int64_t* write_indices) {
  for (int64_t b = 0; b < g.batch; ++b) {
    const int64_t w = write_indices[b];
    if (w < 0) return OutOfRange("{}: write_indices[{}] is {}, expected 0 or more", g.who, b, w);
    if (!g.circular && w > g.n - g.s) {
      return OutOfRange("{}: write_indices[{}] is {}, expected at most {} ({} entries in {})", g.who, b, w,
                        g.n - g.s, g.s, g.limit);
    }
  }
  return OkStatus();
}

// The entries of one (batch item, middle) as one or two runs.
void WriteEntries(const Geometry& g, const char* update, int64_t first, char* present) {
  const int64_t run = std::min(g.s, g.n - first);
  std::memcpy(present + first * g.inner, update, static_cast<size_t>(run * g.inner));
  std::memcpy(present, update + run * g.inner, static_cast<size_t>((g.s - run) * g.inner));
}

template <bool kParallel>
StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  return MakeKernel(
      [g = GeometryOf(node), threads = kParallel ? context.threads : 1](const KernelArgs& args) {
        const int64_t* write_indices = g.indexed ? args.in<int64_t>(2) : nullptr;
        if (g.indexed) WEFT_RETURN_IF_ERROR(CheckIndices(g, write_indices));
        const int64_t past_bytes = g.n * g.inner, update_bytes = g.s * g.inner;
        if (past_bytes == 0) return OkStatus();
        const bool in_place = args.inputs[0] == args.outputs[0];
        const int64_t grain =
            std::max<int64_t>(1, (256 << 10) / (in_place ? std::max<int64_t>(update_bytes, 1) : past_bytes));
        ParallelFor(g.batch * g.middle, threads, grain, [&](int64_t begin, int64_t end, int) {
          for (int64_t i = begin; i < end; ++i) {
            char* present = args.out<char>(0) + i * past_bytes;
            if (!in_place)
              std::memcpy(present, args.in<char>(0) + i * past_bytes, static_cast<size_t>(past_bytes));
            if (update_bytes == 0) continue;
            const int64_t first = g.indexed ? write_indices[i / g.middle] % g.n : 0;
            WriteEntries(g, args.in<char>(1) + i * update_bytes, first, present);
          }
        });
        return OkStatus();
      });
}

constexpr KernelDef kKernels[] = {{"threads", AcceptsAll, Prepare<true>},
                                  {"plain", AcceptsAll, Prepare<false>}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::tensor_scatter
