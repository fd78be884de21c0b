#include "ops/common/cpu/copy.h"

#include "ops/common/cpu/strided_copy.h"

namespace weft::ops {

std::unique_ptr<Kernel> PlainCopyKernel(DataType dtype, const Shape& shape, const Strides& from,
                                        const Strides& to, int64_t from_start) {
  return DispatchSize(SizeInBytes(dtype, 1), [&]<class T>(T) {
    return MakeKernel([walk = Walk<2>(shape, {from, to}), from_start](const KernelArgs& args) mutable {
      const T* x = args.in<T>(0) + from_start;
      T* y = args.out<T>(0);
      const int64_t n = walk.num_elements();
      for (int64_t i = 0; i < n; ++i, walk.Next()) y[walk.offset(1)] = x[walk.offset(0)];
      return OkStatus();
    });
  });
}

StatusOr<std::unique_ptr<Kernel>> PreparePlainReshape(const KernelNode& node, const KernelContext&) {
  const Operand& x = node.inputs[0];
  const Operand& y = node.outputs[0];
  return DispatchSize(SizeInBytes(x.dtype, 1), [&]<class T>(T) {
    return MakeKernel([from = Walk<1>(x.shape, {StridesOf(x)}),
                       to = Walk<1>(y.shape, {StridesOf(y)})](const KernelArgs& args) mutable {
      const int64_t n = from.num_elements();
      for (int64_t i = 0; i < n; ++i, from.Next(), to.Next()) {
        args.out<T>(0)[to.offset(0)] = args.in<T>(0)[from.offset(0)];
      }
      return OkStatus();
    });
  });
}

std::string AcceptsRunsReshape(const KernelNode& node) {
  const Operand& x = node.inputs[0];
  const Operand& y = node.outputs[0];
  return (x.dense() && y.dense()) || x.row() == y.row() ? "" : "rows that are apart change their length";
}

StatusOr<std::unique_ptr<Kernel>> PrepareRunsReshape(const KernelNode& node, const KernelContext& context) {
  const Operand& x = node.inputs[0];
  const Operand& y = node.outputs[0];
  const bool dense = x.dense() && y.dense();
  const Shape shape = dense ? Shape{1, x.num_elements()} : Shape{x.num_rows(), x.row()};
  const StridedCopy copy(x.dtype, shape, {x.pitch, 1}, {y.pitch, 1});
  return MakeKernel([copy, threads = context.threads](const KernelArgs& args) {
    if (args.inputs[0] != args.outputs[0]) copy.Run(args.inputs[0], args.outputs[0], threads);
    return OkStatus();
  });
}

}  // namespace weft::ops
