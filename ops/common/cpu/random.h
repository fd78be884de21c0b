// Kernels of operators that draw a tensor: where the elements are, and the two loops over them.
#pragma once
#include <algorithm>
#include <span>

#include "base/threads.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/random_words.h"
#include "ops/kernel.h"

namespace weft::ops {

// Where a node's operands seed, step and row are, and how its elements count.
class RandomSource {
 public:
  // `first` is the input that holds the seed (absent: `seed`); rows are those of `shape`'s first dimension.
  RandomSource(const KernelNode& node, size_t first, int64_t stream, const Shape& shape, int64_t seed = 0);

  struct Place {
    RandomKey key;
    uint64_t first;  // the index of the output's element 0 in the whole batch
  };
  // An error if row is negative.
  StatusOr<Place> At(const KernelArgs& args) const;

 private:
  size_t first_;
  bool has_seed_, has_step_, has_row_;
  int64_t seed_;
  uint32_t stream_;
  int64_t row_elements_;
  std::string who_;
};

// body(words, at, count): the words of the output's elements at, at + 1, ..., at + count - 1, in parallel.
template <class Body>
void ForRandomWords(const RandomSource::Place& place, int64_t n, int threads, Body&& body) {
  ParallelFor(n, threads, 1 << 13, [&](int64_t begin, int64_t end, int) {
    constexpr int64_t kChunk = 1024;  // 4 KiB on the stack
    uint32_t words[kChunk];
    for (int64_t i = begin; i < end; i += kChunk) {
      const int64_t count = std::min(kChunk, end - i);
      RandomWords(place.key, place.first + static_cast<uint64_t>(i), count, words);
      body(words, i, count);
    }
  });
}

// Draw: T Plain<T>(uint32_t word) const, and void Fast(const uint32_t* words, int64_t n, float* y) const with
// the same bits for f32.
template <class T, bool kFast, class Draw>
std::unique_ptr<Kernel> MakeDraws(const KernelNode& node, const KernelContext& context, int64_t stream,
                                  Draw draw) {
  const Shape& shape = node.outputs[0].shape;
  return MakeKernel([source = RandomSource(node, 0, stream, shape), n = NumElements(shape),
                     threads = context.threads, draw](const KernelArgs& args) -> Status {
    WEFT_ASSIGN_OR_RETURN(const RandomSource::Place place, source.At(args));
    T* y = args.out<T>(0);
    if constexpr (kFast) {
      ForRandomWords(place, n, threads, [&](const uint32_t* words, int64_t at, int64_t count) {
        draw.Fast(words, count, y + at);
      });
    } else {
      for (int64_t i = 0; i < n; ++i)
        y[i] = draw.template Plain<T>(RandomWord(place.key, place.first + static_cast<uint64_t>(i)));
    }
    return OkStatus();
  });
}

// "simd" for f32 and "plain", from a function that makes a Draw of the node's attributes of type A (which has
// the fields dtype and stream).
template <class A, auto MakeDraw>
struct DrawKernels {
  static std::string AcceptsF32(const KernelNode& node) {
    return node.outputs[0].dtype == DataType::kF32 ? "" : "draws f32 only";
  }
  static StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
    const A& a = node.attrs<A>();
    return MakeDraws<float, true>(node, context, a.stream, MakeDraw(a));
  }
  static StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node,
                                                        const KernelContext& context) {
    const A& a = node.attrs<A>();
    return DispatchFloat(node.outputs[0].dtype, [&]<class T>(T) {
      return MakeDraws<T, false>(node, context, a.stream, MakeDraw(a));
    });
  }
  static constexpr KernelDef kKernels[] = {{"simd", AcceptsF32, PrepareSimd},
                                           {"plain", AcceptsAll, PreparePlain}};
};

}  // namespace weft::ops
