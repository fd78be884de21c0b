// The fast kernel cuts every gradient into blocks of kBlock elements, fixed at prepare; threads take ranges
// of blocks, each block's sum goes to its own place in the workspace, and these are added in order.
#include <cmath>

#include "base/threads.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/rows.h"
#include "ops/global_norm/op.h"
#include "ops/kernel.h"

namespace weft::ops::global_norm {
namespace {

constexpr int64_t kBlock = 1 << 15;

struct Block {
  size_t input;
  int64_t offset, count;
};

StatusOr<std::unique_ptr<Kernel>> PrepareFast(const KernelNode& node, const KernelContext& context) {
  std::vector<Block> blocks;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const int64_t n = node.inputs[i].num_elements();
    for (int64_t at = 0; at < n; at += kBlock) blocks.push_back({i, at, std::min(kBlock, n - at)});
  }
  const auto workspace = static_cast<int64_t>(blocks.size() * sizeof(double));
  auto run = [blocks = std::move(blocks), threads = context.threads](const KernelArgs& args) {
    auto* sums = static_cast<double*>(args.workspace);
    ParallelFor(static_cast<int64_t>(blocks.size()), threads, 1, [&](int64_t begin, int64_t end, int) {
      for (int64_t i = begin; i < end; ++i) {
        const Block& b = blocks[static_cast<size_t>(i)];
        sums[i] = SumOfSquares(args.in<float>(b.input) + b.offset, b.count);
      }
    });
    double sum = 0;
    for (size_t i = 0; i < blocks.size(); ++i) sum += sums[i];
    *args.out<float>(0) = static_cast<float>(std::sqrt(sum));
    return OkStatus();
  };
  return MakeKernel(std::move(run), workspace);
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  std::vector<int64_t> counts;
  for (const Operand& gradient : node.inputs) counts.push_back(gradient.num_elements());
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) {
    return MakeKernel([counts = std::move(counts)](const KernelArgs& args) {
      double sum = 0;
      for (size_t g = 0; g < counts.size(); ++g) {
        const T* x = args.in<T>(g);
        for (int64_t i = 0; i < counts[g]; ++i) sum += static_cast<double>(x[i]) * x[i];
      }
      *args.out<T>(0) = static_cast<T>(std::sqrt(sum));
      return OkStatus();
    });
  });
}

constexpr KernelDef kKernels[] = {{"simd", AcceptsF32, PrepareFast}, {"plain", AcceptsAll, PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::global_norm
