#include "base/threads.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/cross_entropy.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/rows.h"
#include "ops/softmax_cross_entropy_loss_grad/op.h"

namespace weft::ops::softmax_cross_entropy_loss_grad {
namespace {

struct Settings {
  std::string reduction, scope;
  int64_t ignore;
  ScoreLayout layout;
  double z_loss;
  bool weights;
};

Settings SettingsOf(const KernelNode& node) {
  const auto& attrs = node.attrs<SoftmaxCrossEntropyLossGradOp>();
  return {attrs.reduction,          node.scope,   attrs.ignore_index,
          LayoutOf(node.inputs[0]), attrs.z_loss, node.has_input(2)};
}

// What multiplies label i's row; `scale` is 1 / (the sum of weights) for a mean.
template <class T>
double FactorOf(const Settings& s, const KernelArgs& args, int64_t i, double scale) {
  const int64_t label = args.in<int64_t>(1)[i];
  if (label == s.ignore) return 0;
  const double dloss = static_cast<double>(args.in<T>(4)[s.reduction == "none" ? i : 0]);
  return dloss * scale * (s.weights ? static_cast<double>(args.in<T>(2)[label]) : 1.0);
}

template <class T>
double ScaleOf(const Settings& s, const KernelArgs& args) {
  if (s.reduction != "mean") return 1;
  double weight = 0;
  for (int64_t i = 0; i < s.layout.num_labels(); ++i) {
    const int64_t label = args.in<int64_t>(1)[i];
    if (label != s.ignore) weight += s.weights ? static_cast<double>(args.in<T>(2)[label]) : 1.0;
  }
  return 1 / weight;
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  const Settings s = SettingsOf(node);
  const DataType x_type = node.inputs[0].dtype, dx_type = node.outputs[0].dtype;
  const RowBuffers buffers(s.layout.classes, x_type == DataType::kBF16 ? 1 : 0, context.threads);
  return MakeKernel(
      [s, x_type, dx_type, buffers, threads = context.threads](const KernelArgs& args) {
        const int64_t rows = s.layout.n, classes = s.layout.classes;
        WEFT_RETURN_IF_ERROR(CheckLabels(args.in<int64_t>(1), rows, classes, s.ignore, s.scope));
        const FloatInput scores(args.inputs[0], x_type);
        const FloatOutput dscores(args.outputs[0], dx_type);
        const double scale = ScaleOf<float>(s, args);
        ParallelFor(rows, threads, GrainOfRows(classes), [&](int64_t begin, int64_t end, int thread) {
          float* row = buffers.Of(args, thread, 0);
          for (int64_t r = begin; r < end; ++r) {
            float* dx = dscores.Row(r * classes, row);
            const int64_t label = args.in<int64_t>(1)[r];
            if (label == s.ignore) {
              std::fill(dx, dx + classes, 0.0f);
            } else {
              const auto factor = static_cast<float>(FactorOf<float>(s, args, r, scale));
              const float lse = args.in<float>(3)[r];
              ExpRow(scores.Row(r * classes, classes, row), lse,
                     static_cast<float>(factor * ZFactor(s.z_loss, lse)), classes, dx);
              dx[label] -= factor;
            }
            dscores.Done(r * classes, classes, row);
          }
        });
        return OkStatus();
      },
      buffers.bytes());
}

std::string SimdAccepts(const KernelNode& node) {
  if (!IsF32OrBf16(node.inputs[0])) return "takes f32 and bf16 only";
  for (size_t i = 2; i < 5; ++i) {
    if (node.has_input(i) && node.inputs[i].dtype != DataType::kF32)
      return "takes weights, statistics and dloss of f32 only";
  }
  const ScoreLayout layout = LayoutOf(node.inputs[0]);
  return layout.inner != 1 || layout.classes == 0 ? "takes [rows, classes] only" : "";
}

template <class T>
std::unique_ptr<Kernel> Plain(const KernelNode& node) {
  return MakeKernel([s = SettingsOf(node)](const KernelArgs& args) {
    const ScoreLayout& l = s.layout;
    WEFT_RETURN_IF_ERROR(CheckLabels(args.in<int64_t>(1), l.num_labels(), l.classes, s.ignore, s.scope));
    const double scale = ScaleOf<T>(s, args);
    for (int64_t i = 0; i < l.num_labels(); ++i) {
      const int64_t base = i / l.inner * l.classes * l.inner + i % l.inner;
      const double factor = FactorOf<T>(s, args, i, scale), lse = static_cast<double>(args.in<T>(3)[i]);
      const double z = ZFactor(s.z_loss, lse);
      for (int64_t c = 0; c < l.classes; ++c) {
        const int64_t at = base + c * l.inner;
        const double hit = c == args.in<int64_t>(1)[i] ? 1 : 0;
        args.out<T>(0)[at] =
            static_cast<T>((std::exp(static_cast<double>(args.in<T>(0)[at]) - lse) * z - hit) * factor);
      }
    }
    return OkStatus();
  });
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return Plain<T>(node); });
}

constexpr KernelDef kKernels[] = {
    {.name = "simd", .accepts = SimdAccepts, .prepare = PrepareSimd, .narrow = true},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::softmax_cross_entropy_loss_grad
