#include "base/threads.h"
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
  return MakeKernel([s, threads = context.threads](const KernelArgs& args) {
    const int64_t rows = s.layout.n, classes = s.layout.classes;
    WEFT_RETURN_IF_ERROR(CheckLabels(args.in<int64_t>(1), rows, classes, s.ignore, s.scope));
    const double scale = ScaleOf<float>(s, args);
    ParallelFor(rows, threads, GrainOfRows(classes), [&](int64_t begin, int64_t end, int) {
      for (int64_t r = begin; r < end; ++r) {
        const float* x = args.in<float>(0) + r * classes;
        float* dx = args.out<float>(0) + r * classes;
        const int64_t label = args.in<int64_t>(1)[r];
        const auto factor = static_cast<float>(FactorOf<float>(s, args, r, scale));
        if (label == s.ignore) {
          std::fill(dx, dx + classes, 0.0f);
          continue;
        }
        const float lse = args.in<float>(3)[r];
        ExpRow(x, lse, static_cast<float>(factor * ZFactor(s.z_loss, lse)), classes, dx);
        dx[label] -= factor;
      }
    });
    return OkStatus();
  });
}

std::string SimdAccepts(const KernelNode& node) {
  if (node.inputs[0].dtype != DataType::kF32) return "takes f32 only";
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

constexpr KernelDef kKernels[] = {{.name = "simd", .accepts = SimdAccepts, .prepare = PrepareSimd},
                                  {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::softmax_cross_entropy_loss_grad
