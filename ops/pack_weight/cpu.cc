#include <algorithm>
#include <cstring>

#include "base/threads.h"
#include "ops/kernel.h"
#include "ops/pack_weight/op.h"

namespace weft::ops::pack_weight {
namespace {

// Blocks of 64 rows, each on one thread.
template <class T>
std::unique_ptr<Kernel> Prepare(const KernelNode& node, int threads) {
  const Operand &weight = node.inputs[0], &packed = node.outputs[0];
  return MakeKernel([n = weight.shape[0], k = weight.shape[1], pitch = weight.pitch, blocks = packed.shape[0],
                     input_blocks = packed.shape[1], threads](const KernelArgs& args) {
    ParallelFor(blocks, threads, 1, [&](int64_t begin, int64_t end, int) {
      const int64_t block = input_blocks * kPackedInputs * kPackedOutputs;
      T* to = args.out<T>(0);
      std::memset(static_cast<void*>(to + begin * block), 0,
                  static_cast<size_t>((end - begin) * block) * sizeof(T));
      for (int64_t row = begin * kPackedOutputs; row < std::min(n, end * kPackedOutputs); ++row) {
        const T* from = args.in<T>(0) + row * pitch;
        for (int64_t i = 0; i < k; ++i) to[PackedOffset(row, i, input_blocks)] = from[i];
      }
    });
    return OkStatus();
  });
}

StatusOr<std::unique_ptr<Kernel>> PrepareBySize(const KernelNode& node, const KernelContext& context) {
  switch (SizeInBits(node.inputs[0].dtype)) {
    case 16:
      return Prepare<uint16_t>(node, context.threads);
    case 32:
      return Prepare<uint32_t>(node, context.threads);
    default:
      return Prepare<uint64_t>(node, context.threads);
  }
}

std::string AcceptsSizes(const KernelNode& node) {
  return SizeInBits(node.inputs[0].dtype) < 16 ? "takes 2, 4 or 8 bytes an element" : "";
}

constexpr KernelDef kKernels[] = {{.name = "plain", .accepts = AcceptsSizes, .prepare = PrepareBySize}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::pack_weight
