#include "ops/roofs.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "base/threads.h"
#include "ops/evaluate.h"
#include "ops/registry.h"
#include "ops/widened_kernel.h"

namespace weft {
namespace {

using Clock = std::chrono::steady_clock;

// The shortest of `runs` calls, in seconds.
template <class Fn>
double Best(int runs, Fn&& fn) {
  double best = 1e30;
  for (int i = 0; i < runs; ++i) {
    const Clock::time_point begin = Clock::now();
    fn();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - begin).count());
  }
  return best;
}

}  // namespace

StatusOr<double> MeasureMatmulFlops(int threads, DataType dtype) {
  constexpr int64_t kSize = 1024;
  const OpEntry* op = FindOp("weft", "Product");
  WEFT_CHECK(op != nullptr);
  const std::shared_ptr<void> attributes = op->def->attributes.make();
  KernelNode node;
  node.op = op->def;
  node.attributes = attributes.get();
  node.scope = "roof";
  for (int i = 0; i < 2; ++i) node.inputs.push_back(DenseOperand(dtype, {kSize, kSize}));
  node.outputs.push_back(node.inputs[0]);
  const KernelContext context{threads, false};
  WEFT_ASSIGN_OR_RETURN(const KernelDef* def, SelectCpuKernel(node, context));
  WEFT_ASSIGN_OR_RETURN(const std::unique_ptr<Kernel> kernel, def->prepare(node, context));
  const Tensor a = Tensor::Zeros(dtype, {kSize, kSize});
  Tensor y = Tensor::Zeros(dtype, {kSize, kSize});
  const Tensor* inputs[] = {&a, &a};
  Tensor* outputs[] = {&y};
  Status status;
  const double seconds = Best(8, [&] {
    const Status run = RunOnce(*kernel, inputs, outputs);
    if (!run.ok()) status = run;
  });
  WEFT_RETURN_IF_ERROR(status);
  return 2.0 * kSize * kSize * kSize / seconds;
}

StatusOr<double> MeasureReadBandwidth(int threads) {
  constexpr int64_t kBytes = int64_t{256} << 20;
  const std::vector<uint64_t> words(kBytes / 8, 1);
  std::vector<uint64_t> sums(static_cast<size_t>(threads) * 8, 0);  // a cache line each
  const double seconds = Best(4, [&] {
    ParallelFor(kBytes / 8, threads, 1 << 16, [&](int64_t begin, int64_t end, int thread) {
      // Four sums at once, so that additions do not wait for each other.
      uint64_t s[4] = {};
      for (int64_t i = begin; i + 4 <= end; i += 4) {
        for (int k = 0; k < 4; ++k) s[k] += words[i + k];
      }
      sums[static_cast<size_t>(thread) * 8] += s[0] + s[1] + s[2] + s[3];
    });
  });
  // The sums are looked at, so that the reads cannot be left out.
  if (std::accumulate(sums.begin(), sums.end(), uint64_t{0}) == 0) return Internal("nothing was read");
  return kBytes / seconds;
}

}  // namespace weft
