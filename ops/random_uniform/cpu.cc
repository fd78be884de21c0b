#include <algorithm>
#include <cmath>

#include "ops/common/cpu/random.h"
#include "ops/random_uniform/op.h"

namespace weft::ops::random_uniform {
namespace {

struct Draw {
  float low, high;

  template <class T>
  T Plain(uint32_t word) const {
    const T y = low + (static_cast<T>(high) - low) * UniformFloat(word);
    return std::min(y, std::nextafter(static_cast<T>(high), static_cast<T>(low)));
  }
  void Fast(const uint32_t* words, int64_t n, float* y) const {
    const float width = high - low, most = std::nextafter(high, low);
    for (int64_t i = 0; i < n; ++i) y[i] = std::min(low + width * UniformFloat(words[i]), most);
  }
};

Draw MakeDraw(const RandomUniformOp& a) { return {a.low, a.high}; }

}  // namespace

std::span<const KernelDef> CpuKernels() { return DrawKernels<RandomUniformOp, MakeDraw>::kKernels; }

}  // namespace weft::ops::random_uniform
