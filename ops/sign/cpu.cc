#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/sign/op.h"

namespace weft::ops::sign {
namespace {

constexpr auto kSign = []<class T>(T x) {
  if (x != x) return x;
  return static_cast<T>((x > 0) - (x < 0));
};

constexpr KernelDef kKernels[] = {PlainUnary(kSign)};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::sign
