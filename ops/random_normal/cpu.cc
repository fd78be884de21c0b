#include <limits>

#include "base/normal.h"
#include "ops/common/cpu/random.h"
#include "ops/random_normal/op.h"

namespace weft::ops::random_normal {
namespace {

struct Draw {
  NormalSettings settings;

  template <class T>
  T Plain(uint32_t word) const {
    return static_cast<T>(settings.mean + settings.scale * NormalDouble(word));
  }
  void Fast(const uint32_t* words, int64_t n, float* y) const { NormalsOfWords(settings, words, n, y); }
};

Draw MakeDraw(const RandomNormalOp& a) {
  return {{a.mean, a.scale, 1, std::numeric_limits<double>::infinity()}};
}

}  // namespace

std::span<const KernelDef> CpuKernels() { return DrawKernels<RandomNormalOp, MakeDraw>::kKernels; }

}  // namespace weft::ops::random_normal
