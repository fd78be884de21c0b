// Seen as dy [outer, count, inner] and dw [outer, rows, inner].
//
// The fast kernel clears dw, cuts `inner` into column parts of at least 64 elements and `outer` x `rows` into
// row parts, and each part adds what belongs there, walking all indices in order: no two threads write the
// same element, and its sum does not depend on the cut. Columns come first, because frequent tokens have
// neighbouring ids, so that rows would share the work badly.
#include <algorithm>
#include <cstring>

#include "base/threads.h"
#include "ops/common/axis.h"
#include "ops/common/cpu/accumulate.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/indices.h"
#include "ops/embedding_grad/op.h"

namespace weft::ops::embedding_grad {
namespace {

struct Geometry {
  int64_t outer, rows, inner, count;
  IndexedBy by;
};

Geometry GeometryOf(const KernelNode& node) {
  const auto axis = static_cast<int>(node.attrs<EmbeddingGradOp>().axis);
  const Operand& dw = node.outputs[0];
  return {ProductOf(dw.shape, 0, axis),
          dw.dim(axis),
          ProductOf(dw.shape, axis + 1, dw.rank()),
          node.inputs[0].num_elements(),
          {Describe(node), "indices", node.inputs[0].shape,
           fmt::format("dimension {} of dw {}", axis, ToString(dw.shape))}};
}

template <class I>
Status CheckIndices(const Geometry& g, const I* indices) {
  const int64_t bad = FirstOutOfRange(indices, g.count, g.rows);
  return bad == g.count ? OkStatus() : IndexError(g.by, bad, static_cast<int64_t>(indices[bad]), g.rows);
}

template <class T>
void Clear(T* dw, int64_t elements, int threads) {
  constexpr int64_t kGrain = 1 << 16;
  ParallelFor(elements, threads, kGrain, [&](int64_t begin, int64_t end, int) {
    std::memset(dw + begin, 0, static_cast<size_t>(end - begin) * sizeof(T));
  });
}

// A part of dw: rows [row_begin, row_end) of all outer x rows, columns [begin, end).
struct Block {
  int64_t row_begin, row_end, begin, end;
};

template <class T, class I>
void SumBlock(const Geometry& g, const I* indices, const T* dy, T* dw, const Block& block) {
  for (int64_t o = block.row_begin / g.rows; o * g.rows < block.row_end; ++o) {
    for (int64_t i = 0; i < g.count; ++i) {
      const int64_t row = o * g.rows + WrapIndex(indices[i], g.rows);
      if (row < block.row_begin || row >= block.row_end) continue;
      Accumulate(dy + (o * g.count + i) * g.inner + block.begin, block.end - block.begin,
                 dw + row * g.inner + block.begin);
    }
  }
}

template <class T, class I>
void Sum(const Geometry& g, int threads, const I* indices, const T* dy, T* dw) {
  constexpr int64_t kColumns = 64, kMinimumElements = 1 << 14;
  const int64_t rows = g.outer * g.rows, elements = g.outer * g.count * g.inner;
  Clear(dw, rows * g.inner, threads);
  if (elements == 0) return;
  const int64_t parts = std::clamp<int64_t>(elements / kMinimumElements, 1, threads);
  const int64_t column_parts = std::clamp<int64_t>(g.inner / kColumns, 1, parts);
  const int64_t row_parts = std::min(parts / column_parts, rows);
  const int64_t width = (g.inner / column_parts + kColumns - 1) / kColumns * kColumns;
  ParallelFor(column_parts * row_parts, threads, 1, [&](int64_t begin, int64_t end, int) {
    for (int64_t part = begin; part < end; ++part) {
      const int64_t c = part % column_parts, r = part / column_parts;
      const Block block{rows * r / row_parts, rows * (r + 1) / row_parts, std::min(c * width, g.inner),
                        c + 1 == column_parts ? g.inner : std::min((c + 1) * width, g.inner)};
      if (block.begin < block.end) SumBlock(g, indices, dy, dw, block);
    }
  });
}

template <class T, class I>
void SumPlain(const Geometry& g, const I* indices, const T* dy, T* dw) {
  std::fill(dw, dw + g.outer * g.rows * g.inner, T(0));
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
      WEFT_RETURN_IF_ERROR(CheckIndices(g, args.in<I>(0)));
      if constexpr (kFast) {
        Sum(g, threads, args.in<I>(0), args.in<T>(1), args.out<T>(0));
      } else {
        SumPlain(g, args.in<I>(0), args.in<T>(1), args.out<T>(0));
      }
      return OkStatus();
    });
  };
  return DispatchFloat(node.inputs[1].dtype, [&](auto t) {
    return node.inputs[0].dtype == DataType::kI32 ? make(t, int32_t{}) : make(t, int64_t{});
  });
}

std::string Accepts(const KernelNode&) { return ""; }
std::string AcceptsF32(const KernelNode& node) {
  return node.inputs[1].dtype == DataType::kF32 ? "" : "takes f32 only";
}

constexpr KernelDef kKernels[] = {{"simd", AcceptsF32, Prepare<true>}, {"plain", Accepts, Prepare<false>}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::embedding_grad
