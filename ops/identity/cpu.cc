// Copies bytes, row by row where the rows of x are not adjacent.
#include <cstring>

#include "base/threads.h"
#include "ops/identity/op.h"
#include "ops/kernel.h"

namespace weft::ops::identity {
namespace {

constexpr int64_t kGrain = 1 << 16;  // bytes worth a thread

StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  const Operand& x = node.inputs[0];
  const Operand& y = node.outputs[0];
  const int threads = context.threads;
  if (x.dense() && y.dense()) {
    const int64_t bytes = SizeInBytes(x.dtype, x.num_elements());
    return MakeKernel([bytes, threads](const KernelArgs& args) {
      const char* from = args.in<char>(0);
      char* to = args.out<char>(0);
      if (from == to) return OkStatus();
      ParallelFor(bytes, threads, kGrain, [&](int64_t begin, int64_t end, int) {
        std::memcpy(to + begin, from + begin, static_cast<size_t>(end - begin));
      });
      return OkStatus();
    });
  }
  const int64_t row = SizeInBytes(x.dtype, x.row());
  const int64_t x_pitch = SizeInBytes(x.dtype, x.pitch);
  const int64_t y_pitch = SizeInBytes(y.dtype, y.pitch);
  const int64_t rows = x.num_rows();
  return MakeKernel([=](const KernelArgs& args) {
    const char* from = args.in<char>(0);
    char* to = args.out<char>(0);
    ParallelFor(rows, threads, kGrain / std::max<int64_t>(row, 1) + 1, [&](int64_t begin, int64_t end, int) {
      for (int64_t r = begin; r < end; ++r) {
        std::memmove(to + r * y_pitch, from + r * x_pitch, static_cast<size_t>(row));
      }
    });
    return OkStatus();
  });
}

std::string Accepts(const KernelNode& node) {
  const bool dense = node.inputs[0].dense() && node.outputs[0].dense();
  return dense || SizeInBits(node.inputs[0].dtype) >= 8 ? "" : "rows of a packed type must be adjacent";
}

constexpr KernelDef kKernels[] = {{"plain", Accepts, Prepare, /*pitched=*/true}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::identity
