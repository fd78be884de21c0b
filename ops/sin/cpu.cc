#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/sin/op.h"

namespace weft::ops::sin {
namespace {

constexpr KernelDef kKernels[] = {PlainFloatUnary([](auto x) { return std::sin(x); })};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::sin
