#include "base/normal.h"
#include "ops/common/cpu/random.h"
#include "ops/random_truncated_normal/op.h"

namespace weft::ops::random_truncated_normal {
namespace {

struct Draw {
  NormalSettings settings;

  template <class T>
  T Plain(uint32_t word) const {
    const double x = TruncatedNormalDouble(word, settings.cut, settings.mass);
    return static_cast<T>(settings.mean + settings.scale * x);
  }
  void Fast(const uint32_t* words, int64_t n, float* y) const { NormalsOfWords(settings, words, n, y); }
};

Draw MakeDraw(const RandomTruncatedNormalOp& a) {
  return {{a.mean, a.scale, NormalMassWithin(a.cut), a.cut}};
}

}  // namespace

std::span<const KernelDef> CpuKernels() { return DrawKernels<RandomTruncatedNormalOp, MakeDraw>::kKernels; }

}  // namespace weft::ops::random_truncated_normal
