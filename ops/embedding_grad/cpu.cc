// Seen as dy [outer, count, inner] and dw [outer, rows, inner].
#include <algorithm>
#include <cstring>

#include "base/threads.h"
#include "ops/common/axis.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/indices.h"
#include "ops/common/cpu/rows.h"
#include "ops/common/cpu/scatter_rows.h"
#include "ops/embedding_grad/op.h"

namespace weft::ops::embedding_grad {
namespace {

struct Geometry {
  int64_t outer, rows, inner, count;
  bool adds;  // there is an accumulator
  IndexedBy by;
};

Geometry GeometryOf(const KernelNode& node) {
  const auto axis = static_cast<int>(node.attrs<EmbeddingGradOp>().axis);
  const Operand& dw = node.outputs[0];
  return {ProductOf(dw.shape, 0, axis),
          dw.dim(axis),
          ProductOf(dw.shape, axis + 1, dw.rank()),
          node.inputs[0].num_elements(),
          node.has_input(2),
          {Describe(node), "indices", node.inputs[0].shape,
           fmt::format("dimension {} of dw {}", axis, ToString(dw.shape))}};
}

// dw as the accumulator has it, which may lie there already; else zero.
template <class T>
void Begin(const T* accumulator, T* dw, int64_t elements, int threads) {
  if (accumulator == dw) return;
  constexpr int64_t kGrain = 1 << 16;
  ParallelFor(elements, threads, kGrain, [&](int64_t begin, int64_t end, int) {
    const size_t bytes = static_cast<size_t>(end - begin) * sizeof(T);
    if (accumulator != nullptr) {
      std::memcpy(dw + begin, accumulator + begin, bytes);
    } else {
      std::memset(dw + begin, 0, bytes);
    }
  });
}

template <class T, class I>
void Sum(const Geometry& g, int threads, const I* indices, const T* dy, const T* accumulator, T* dw) {
  Begin(accumulator, dw, g.outer * g.rows * g.inner, threads);
  ScatterRows(
      g.outer * g.count, g.outer * g.rows, g.inner, threads,
      [&](int64_t i) { return i / g.count * g.rows + WrapIndex(indices[i % g.count], g.rows); },
      [&](int64_t i, int64_t row, int64_t begin, int64_t end) {
        Accumulate(dy + i * g.inner + begin, end - begin, dw + row * g.inner + begin);
      });
}

template <class T, class I>
void SumPlain(const Geometry& g, const I* indices, const T* dy, const T* accumulator, T* dw) {
  for (int64_t i = 0; i < g.outer * g.rows * g.inner; ++i)
    dw[i] = accumulator == nullptr ? T(0) : accumulator[i];
  for (int64_t o = 0; o < g.outer; ++o) {
    for (int64_t i = 0; i < g.count; ++i) {
      T* row = dw + (o * g.rows + WrapIndex(indices[i], g.rows)) * g.inner;
      for (int64_t j = 0; j < g.inner; ++j) row[j] += dy[(o * g.count + i) * g.inner + j];
    }
  }
}

template <bool kFast>
StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  auto make = [&]<class T, class I>(T, I) {
    return MakeKernel([g = GeometryOf(node), threads = context.threads](const KernelArgs& args) {
      WEFT_RETURN_IF_ERROR(CheckIndices(args.in<I>(0), g.count, g.rows, g.by));
      const T* accumulator = g.adds ? args.in<T>(2) : nullptr;
      if constexpr (kFast) {
        Sum(g, threads, args.in<I>(0), args.in<T>(1), accumulator, args.out<T>(0));
      } else {
        SumPlain(g, args.in<I>(0), args.in<T>(1), accumulator, args.out<T>(0));
      }
      return OkStatus();
    });
  };
  return DispatchFloat(node.inputs[1].dtype, [&](auto t) {
    return node.inputs[0].dtype == DataType::kI32 ? make(t, int32_t{}) : make(t, int64_t{});
  });
}

std::string AcceptsF32(const KernelNode& node) {
  return node.inputs[1].dtype == DataType::kF32 ? "" : "takes f32 only";
}

constexpr KernelDef kKernels[] = {{"simd", AcceptsF32, Prepare<true>}, {"plain", AcceptsAll, Prepare<false>}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::embedding_grad
