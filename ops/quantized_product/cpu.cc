#include <algorithm>

#include "base/float_convert.h"
#include "base/threads.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/quantized_matrix.h"
#include "ops/quantized_product/cpu_tiles.h"
#include "ops/quantized_product/op.h"

namespace weft::ops::quantized_product {
namespace {

constexpr size_t kB = 1, kScales = 2, kBias = 3;

// ---- a few rows

// Beyond this, unpacking what is multiplied pays.
constexpr int64_t kMostRows = 16;

int64_t RowsOf(const KernelNode& node) {
  return node.outputs[0].num_elements() / std::max<int64_t>(node.outputs[0].row(), 1);
}

std::string GemvAccepts(const KernelNode& node) {
  if (!IsF32OrBf16(node.inputs[0]) || !IsF32OrBf16(node.inputs[kScales]))
    return "takes a and scales of f32 or bf16";
  if (node.has_input(kBias) && node.inputs[kBias].dtype != DataType::kF32) return "takes a bias of f32";
  if (node.outputs[0].num_elements() == 0) return "takes no empty result";
  if (RowsOf(node) > kMostRows) return fmt::format("takes 1 to {} rows", kMostRows);
  return {};
}

// Rows of a are ordered for the codes first, those of y written last, in the workspace.
StatusOr<std::unique_ptr<Kernel>> PrepareGemv(const KernelNode& node, const KernelContext& context) {
  const auto attrs = node.attrs<QuantizedProductOp>();
  const int64_t k = node.inputs[0].row(), n = node.outputs[0].row(), m = RowsOf(node);
  const DataType a_type = node.inputs[0].dtype, y_type = node.outputs[0].dtype;
  const bool narrow_scales = node.inputs[kScales].dtype == DataType::kBF16;
  const RowBuffers a_rows(BlockedLength(k), m, 1),
      wide(k, a_type == DataType::kBF16 ? 1 : 0, 1, a_rows.bytes()),
      y_rows(n, y_type == DataType::kBF16 ? m : 0, 1, wide.bytes());
  constexpr int64_t kElements = 1 << 16;  // of b, that are worth a thread
  const int64_t grain = std::max<int64_t>(8, kElements / std::max<int64_t>(k, 1));
  const QuantizedMatrix b{.k = k, .bits = attrs.bits, .group = attrs.group};
  return MakeKernel(
      [=, threads = context.threads, alpha = attrs.alpha,
       bias = node.has_input(kBias)](const KernelArgs& args) {
        const FloatInput a(args.inputs[0], a_type);
        const FloatOutput y(args.outputs[0], y_type);
        for (int64_t i = 0; i < m; ++i)
          OrderForBlocks(a.Row(i * k, k, wide.Of(args, 0, 0)), k, b.bits, a_rows.Of(args, 0, i));
        QuantizedSkinnyProduct p{.b = b,
                                 .a = a_rows.Of(args, 0, 0),
                                 .a_stride = a_rows.stride(),
                                 .bias = bias ? args.in<float>(kBias) : nullptr,
                                 .y = y.narrow() ? y_rows.Of(args, 0, 0) : args.out<float>(0),
                                 .y_stride = y.narrow() ? y_rows.stride() : n,
                                 .m = m,
                                 .alpha = alpha};
        p.b.codes = args.in<uint8_t>(kB);
        if (narrow_scales) p.b.scales_bf16 = args.in<uint16_t>(kScales);
        if (!narrow_scales) p.b.scales = args.in<float>(kScales);
        ParallelFor(n, threads, grain, [&](int64_t begin, int64_t end, int) {
          MultiplyQuantizedRows(p, begin, end);
          for (int64_t i = 0; y.narrow() && i < m; ++i)
            y.Done(i * n + begin, end - begin, y_rows.Of(args, 0, i) + begin);
        });
        return OkStatus();
      },
      y_rows.bytes());
}

// ---- plain

// The code of element (row, i), as a number.
double CodeAt(const uint8_t* codes, int64_t row, int64_t i, int64_t k, int64_t bits) {
  const int64_t row_bytes = QuantizedRowBytes(k, bits);
  if (bits == 8) return static_cast<int8_t>(codes[row * row_bytes + i]);
  const int byte = codes[row * row_bytes + i / 2];
  return (i % 2 == 0 ? byte & 15 : byte >> 4) - kNibbleZero;
}

double ScaleAt(const void* scales, DataType dtype, int64_t i) {
  if (dtype == DataType::kBF16)
    return static_cast<double>(Bf16ToFloat(static_cast<const uint16_t*>(scales)[i]));
  if (dtype == DataType::kF32) return static_cast<double>(static_cast<const float*>(scales)[i]);
  return static_cast<const double*>(scales)[i];
}

template <class T>
std::unique_ptr<Kernel> PlainKernel(const KernelNode& node) {
  const int64_t k = node.inputs[0].row(), n = node.outputs[0].row(), m = RowsOf(node);
  return MakeKernel([=, attrs = node.attrs<QuantizedProductOp>(), bias = node.has_input(kBias),
                     scale_type = node.inputs[kScales].dtype](const KernelArgs& args) {
    const T* a = args.in<T>(0);
    const int64_t groups = QuantGroups(k, attrs.group);
    for (int64_t i = 0; i < m; ++i) {
      for (int64_t j = 0; j < n; ++j) {
        double sum = 0;
        for (int64_t t = 0; t < k; ++t) {
          const double code = CodeAt(args.in<uint8_t>(kB), j, t, k, attrs.bits);
          const double scale = ScaleAt(args.inputs[kScales], scale_type, j * groups + t / attrs.group);
          sum += static_cast<double>(a[i * k + t]) * (code * scale);
        }
        double value = static_cast<double>(attrs.alpha) * sum;
        if (bias) value += static_cast<double>(args.in<T>(kBias)[j]);
        args.out<T>(0)[i * n + j] = static_cast<T>(value);
      }
    }
    return OkStatus();
  });
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return PlainKernel<T>(node); });
}

constexpr KernelDef kKernels[] = {
    {.name = "simd_gemv", .accepts = GemvAccepts, .prepare = PrepareGemv, .narrow = true},
    {.name = "onednn_tiles",
     .accepts = TilesAccept,
     .prepare = PrepareTiles,
     .row_invariant = false,
     .narrow = true},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::quantized_product
