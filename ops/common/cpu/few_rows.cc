#include "ops/common/cpu/few_rows.h"

#include <algorithm>

#include "base/threads.h"
#include "ops/common/cpu/bf16.h"

namespace weft::ops {

std::unique_ptr<Kernel> PrepareFewRows(const FewRows& f, MultiplyRowsFn multiply) {
  const int64_t padded = std::max(f.k, f.padded_k);
  const RowBuffers a_rows(padded, f.m, 1), y_rows(f.n, f.m, 1, a_rows.bytes());
  constexpr int64_t kElements = 1 << 16;  // of b, that are worth a thread
  const int64_t grain =
      std::max<int64_t>(std::max<int64_t>(1, 8 / f.unit), kElements / std::max<int64_t>(f.k * f.unit, 1));
  const SkinnyProduct shape{.a_stride = a_rows.stride(),
                            .b_stride = f.b_stride,
                            .y_stride = y_rows.stride(),
                            .accumulator_stride = f.accumulator_stride,
                            .m = f.m,
                            .k = f.k,
                            .alpha = f.alpha};
  return MakeKernel(
      [=](const KernelArgs& args) {
        SkinnyProduct p = shape;
        const FloatInput a(args.inputs[0], f.a_type);
        const FloatOutput y(args.outputs[0], f.y_type);
        for (int64_t i = 0; i < f.m; ++i) {
          float* row = a_rows.Of(args, 0, i);
          const float* wide = a.Row(i * f.a_stride, f.k, row);
          if (wide != row) std::copy_n(wide, f.k, row);
          std::fill(row + f.k, row + padded, 0.0f);
        }
        const auto optional = [&](int i) { return i < 0 ? nullptr : args.in<float>(static_cast<size_t>(i)); };
        p.a = a_rows.Of(args, 0, 0);
        p.b_bf16 = args.in<uint16_t>(1);
        p.bias = optional(f.bias);
        p.accumulator = optional(f.accumulator);
        p.y = y_rows.Of(args, 0, 0);
        ParallelFor((f.n + f.unit - 1) / f.unit, f.threads, grain, [&](int64_t first, int64_t last, int) {
          const int64_t begin = first * f.unit, end = std::min(f.n, last * f.unit);
          multiply(p, begin, end);
          for (int64_t i = 0; i < f.m; ++i) {
            const float* row = y_rows.Of(args, 0, i) + begin;
            const int64_t at = i * f.y_stride + begin;
            if (y.narrow()) y.Done(at, end - begin, row);
            if (!y.narrow()) std::copy_n(row, end - begin, args.out<float>(0) + at);
          }
        });
        return OkStatus();
      },
      y_rows.bytes());
}

}  // namespace weft::ops
