#include "ops/common/axis.h"
#include "ops/common/cpu/copy.h"
#include "ops/common/cpu/strided_copy.h"
#include "ops/concat/op.h"

namespace weft::ops::concat {
namespace {

// One copy after the other: input i to where its part of the output begins.
template <class T>
std::unique_ptr<Kernel> PlainKernel(const KernelNode& node) {
  struct Part {
    size_t input;
    int64_t start;
    Walk<2> walk;
  };
  std::vector<Part> parts;
  const Strides strides = StridesOf(node.outputs[0]);
  const int axis = ResolvedAxis(node.attrs<ConcatOp>().axis, node.outputs[0].rank());
  int64_t start = 0;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const Operand& x = node.inputs[i];
    parts.push_back({i, start, Walk<2>(x.shape, {StridesOf(x), strides})});
    start += x.dim(axis) * strides[static_cast<size_t>(axis)];
  }
  return MakeKernel([parts](const KernelArgs& args) mutable {
    for (Part& p : parts) {
      const T* x = args.in<T>(p.input);
      T* y = args.out<T>(0) + p.start;
      const int64_t n = p.walk.num_elements();
      for (int64_t i = 0; i < n; ++i, p.walk.Next()) y[p.walk.offset(1)] = x[p.walk.offset(0)];
    }
    return OkStatus();
  });
}

StatusOr<std::unique_ptr<Kernel>> PrepareRuns(const KernelNode& node, const KernelContext& context) {
  const Operand& y = node.outputs[0];
  const Strides strides = StridesOf(y);
  const int axis = ResolvedAxis(node.attrs<ConcatOp>().axis, y.rank());
  std::vector<StridedCopy> copies;
  std::vector<int64_t> starts;  // in bytes of the output
  int64_t start = 0;
  for (const Operand& x : node.inputs) {
    copies.emplace_back(x.dtype, x.shape, StridesOf(x), strides);
    starts.push_back(start);
    start += SizeInBytes(x.dtype, x.dim(axis) * strides[static_cast<size_t>(axis)]);
  }
  return MakeKernel([copies, starts, threads = context.threads](const KernelArgs& args) {
    for (size_t i = 0; i < copies.size(); ++i) {
      copies[i].Run(args.inputs[i], args.out<std::byte>(0) + starts[i], threads);
    }
    return OkStatus();
  });
}

constexpr KernelDef kKernels[] = {
    {.name = "runs",
     .accepts = [](const KernelNode&) { return std::string(); },
     .prepare = PrepareRuns,
     .pitched = true},
    {.name = "plain",
     .accepts = [](const KernelNode&) { return std::string(); },
     .prepare = [](const KernelNode& node, const KernelContext&) -> StatusOr<std::unique_ptr<Kernel>> {
       return DispatchSize(SizeInBytes(node.outputs[0].dtype, 1),
                           [&]<class T>(T) { return PlainKernel<T>(node); });
     },
     .pitched = true},
};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::concat
