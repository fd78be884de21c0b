#include <cmath>

#include "ops/common/cpu/unary.h"
#include "ops/cos/op.h"

namespace weft::ops::cos {
namespace {

constexpr KernelDef kKernels[] = {PlainFloatUnary([](auto x) { return std::cos(x); })};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::cos
