#include <algorithm>
#include <cmath>
#include <cstring>

#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/nd_indices.h"
#include "ops/common/cpu/rows.h"
#include "ops/common/cpu/scatter_rows.h"
#include "ops/scatter_nd/op.h"

namespace weft::ops::scatter_nd {
namespace {

// A NaN stays, whichever side it comes from.
template <class T>
bool Keeps(T old) {
  return old != old;
}

struct Add {
  template <class T>
  static void Apply(const T* x, int64_t n, T* y) {
    if constexpr (std::is_floating_point_v<T>) {
      Accumulate(x, n, y);
    } else {  // wraps
      using U = std::make_unsigned_t<T>;
      for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(static_cast<U>(y[i]) + static_cast<U>(x[i]));
    }
  }
};
struct Mul {
  template <class T>
  static void Apply(const T* x, int64_t n, T* y) {
    if constexpr (std::is_floating_point_v<T>) {
      for (int64_t i = 0; i < n; ++i) y[i] *= x[i];
    } else {
      using U = std::make_unsigned_t<T>;
      for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(static_cast<U>(y[i]) * static_cast<U>(x[i]));
    }
  }
};
struct Max {
  template <class T>
  static void Apply(const T* x, int64_t n, T* y) {
    for (int64_t i = 0; i < n; ++i) y[i] = y[i] >= x[i] || Keeps(y[i]) ? y[i] : x[i];
  }
};
struct Min {
  template <class T>
  static void Apply(const T* x, int64_t n, T* y) {
    for (int64_t i = 0; i < n; ++i) y[i] = y[i] <= x[i] || Keeps(y[i]) ? y[i] : x[i];
  }
};
struct Replace {  // T is a byte
  template <class T>
  static void Apply(const T* x, int64_t n, T* y) {
    std::memcpy(y, x, static_cast<size_t>(n) * sizeof(T));
  }
};

template <class T, class Reduction>
std::unique_ptr<Kernel> Make(const KernelNode& node, int threads) {
  NdIndices nd(node, 0);
  const int64_t bytes = SizeInBytes(node.inputs[0].dtype, node.inputs[0].num_elements());
  const int64_t inner = SizeInBytes(node.inputs[0].dtype, nd.inner()) / static_cast<int64_t>(sizeof(T));
  const int64_t workspace = nd.count() * static_cast<int64_t>(sizeof(int64_t));
  auto run = [nd = std::move(nd), bytes, inner, threads](const KernelArgs& args) {
    auto* slices = static_cast<int64_t*>(args.workspace);
    WEFT_RETURN_IF_ERROR(nd.Resolve(args.in<int64_t>(1), slices));
    const char* data = args.in<char>(0);
    char* out = args.out<char>(0);
    if (data != out) {
      ParallelFor(bytes, threads, 1 << 18, [&](int64_t begin, int64_t end, int) {
        std::memcpy(out + begin, data + begin, static_cast<size_t>(end - begin));
      });
    }
    const T* updates = args.in<T>(2);
    ScatterRows(
        nd.count(), nd.slices(), inner, threads, [&](int64_t i) { return slices[i]; },
        [&](int64_t i, int64_t slice, int64_t begin, int64_t end) {
          Reduction::Apply(updates + i * inner + begin, end - begin, args.out<T>(0) + slice * inner + begin);
        });
    return OkStatus();
  };
  return MakeKernel(std::move(run), workspace);
}

template <bool kParallel>
StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext& context) {
  const std::string& reduction = node.attrs<ScatterNDOp>().reduction;
  const int threads = kParallel ? context.threads : 1;
  if (reduction == "none") return Make<uint8_t, Replace>(node, threads);
  return DispatchNumber(node.inputs[0].dtype, [&]<class T>(T) {
    if (reduction == "add") return Make<T, Add>(node, threads);
    if (reduction == "mul") return Make<T, Mul>(node, threads);
    return reduction == "max" ? Make<T, Max>(node, threads) : Make<T, Min>(node, threads);
  });
}

constexpr KernelDef kKernels[] = {{"threads", AcceptsAll, Prepare<true>},
                                  {"plain", AcceptsAll, Prepare<false>}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::scatter_nd
