#include <cmath>
#include <limits>

#include "ops/clip_scale/op.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/kernel.h"

namespace weft::ops::clip_scale {
namespace {

StatusOr<std::unique_ptr<Kernel>> Prepare(const KernelNode& node, const KernelContext&) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) {
    auto run = [max_norm = static_cast<double>(node.attrs<ClipScaleOp>().max_norm),
                counted = node.has_input(1), mean_wanted = node.has_output(1)](const KernelArgs& args) {
      const double count = counted ? *args.in<T>(1) : 1;
      const double mean_norm = *args.in<T>(0) / count;
      double scale = 1 / count;
      if (max_norm > 0) scale *= std::fmin(1, max_norm / (mean_norm + 1e-6));
      if (!std::isfinite(mean_norm)) scale = std::numeric_limits<double>::quiet_NaN();
      *args.out<T>(0) = static_cast<T>(scale);
      if (mean_wanted) *args.out<T>(1) = static_cast<T>(mean_norm);
      return OkStatus();
    };
    return MakeKernel(std::move(run));
  });
}

constexpr KernelDef kKernels[] = {{"plain", AcceptsAll, Prepare}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::clip_scale
