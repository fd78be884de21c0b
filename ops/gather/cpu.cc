// Seen as data [outer, n, inner] and output [outer, count, inner], where inner is in bytes: copies of inner
// bytes, after all indices have been checked.
#include <cstring>

#include "base/threads.h"
#include "ops/common/axis.h"
#include "ops/common/cpu/indices.h"
#include "ops/gather/op.h"

namespace weft::ops::gather {
namespace {

struct Geometry {
  int64_t outer, n, inner, count;
  IndexedBy by;
};

Geometry GeometryOf(const KernelNode& node) {
  const Operand& data = node.inputs[0];
  const int axis = ResolvedAxis(node.attrs<GatherOp>().axis, data.rank());
  return {ProductOf(data.shape, 0, axis),
          data.dim(axis),
          SizeInBytes(data.dtype, ProductOf(data.shape, axis + 1, data.rank())),
          node.inputs[1].num_elements(),
          {Describe(node), "indices", node.inputs[1].shape,
           fmt::format("dimension {} of data {}", axis, ToString(data.shape))}};
}

template <class I>
void CopySlices(const Geometry& g, const KernelArgs& args, int64_t begin, int64_t end) {
  const char* data = args.in<char>(0);
  const I* indices = args.in<I>(1);
  char* out = args.out<char>(0);
  for (int64_t i = begin; i < end; ++i) {
    const int64_t slice = i / g.count * g.n + WrapIndex(indices[i % g.count], g.n);
    std::memcpy(out + i * g.inner, data + slice * g.inner, static_cast<size_t>(g.inner));
  }
}

template <bool kParallel>
StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  auto make = [&]<class I>(I) {
    return MakeKernel(
        [g = GeometryOf(node), threads = kParallel ? context.threads : 1](const KernelArgs& args) {
          WEFT_RETURN_IF_ERROR(CheckIndices(args.in<I>(1), g.count, g.n, g.by));
          if (g.inner == 0) return OkStatus();
          const int64_t grain = std::max<int64_t>(1, (64 << 10) / g.inner);
          ParallelFor(g.outer * g.count, threads, grain,
                      [&](int64_t begin, int64_t end, int) { CopySlices<I>(g, args, begin, end); });
          return OkStatus();
        });
  };
  return node.inputs[1].dtype == DataType::kI32 ? make(int32_t{}) : make(int64_t{});
}

constexpr KernelDef kKernels[] = {{"threads", AcceptsAll, Prepare<true>},
                                  {"plain", AcceptsAll, Prepare<false>}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::gather
