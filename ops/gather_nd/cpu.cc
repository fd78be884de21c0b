#include <cstring>

#include "base/threads.h"
#include "ops/common/cpu/nd_indices.h"
#include "ops/gather_nd/op.h"

namespace weft::ops::gather_nd {
namespace {

template <bool kParallel>
StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  NdIndices nd(node, node.attrs<GatherNDOp>().batch_dims);
  const int64_t workspace = nd.count() * static_cast<int64_t>(sizeof(int64_t));
  const int64_t bytes = SizeInBytes(node.inputs[0].dtype, nd.inner());
  auto run = [nd = std::move(nd), bytes, threads = kParallel ? context.threads : 1](const KernelArgs& args) {
    auto* slices = static_cast<int64_t*>(args.workspace);
    WEFT_RETURN_IF_ERROR(nd.Resolve(args.in<int64_t>(1), slices));
    if (bytes == 0) return OkStatus();
    const char* data = args.in<char>(0);
    char* out = args.out<char>(0);
    ParallelFor(nd.count(), threads, std::max<int64_t>(1, (64 << 10) / bytes),
                [&](int64_t begin, int64_t end, int) {
                  for (int64_t i = begin; i < end; ++i)
                    std::memcpy(out + i * bytes, data + slices[i] * bytes, static_cast<size_t>(bytes));
                });
    return OkStatus();
  };
  return MakeKernel(std::move(run), workspace);
}

constexpr KernelDef kKernels[] = {{"threads", AcceptsAll, Prepare<true>},
                                  {"plain", AcceptsAll, Prepare<false>}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::gather_nd
