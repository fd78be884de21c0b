#include "ops/common/cpu/copy.h"

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

}  // namespace weft::ops
