#include "base/threads.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/cross_entropy.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/rows.h"
#include "ops/softmax_cross_entropy_loss/op.h"

namespace weft::ops::softmax_cross_entropy_loss {
namespace {

struct Settings {
  std::string reduction, scope;
  int64_t ignore;
  ScoreLayout layout;
  double z_loss;
  bool weights, log_prob, lse;
};

Settings SettingsOf(const KernelNode& node) {
  const auto& attrs = node.attrs<SoftmaxCrossEntropyLossOp>();
  return {attrs.reduction, node.scope,        attrs.ignore_index, LayoutOf(node.inputs[0]),
          attrs.z_loss,    node.has_input(2), node.has_output(1), node.has_output(2)};
}

// The losses (f64, in the workspace) to the output.
template <class T>
void Reduce(const Settings& s, const KernelArgs& args, const double* losses) {
  const int64_t n = s.layout.num_labels();
  T* out = args.out<T>(0);
  if (s.reduction == "none") {
    for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(losses[i]);
    return;
  }
  double sum = 0, weight = 0;
  for (int64_t i = 0; i < n; ++i) {
    const int64_t label = args.in<int64_t>(1)[i];
    sum += losses[i];
    if (label != s.ignore) weight += s.weights ? static_cast<double>(args.in<T>(2)[label]) : 1.0;
  }
  out[0] = static_cast<T>(s.reduction == "mean" ? sum / weight : sum);
}

template <class T>
double LossOf(const Settings& s, const KernelArgs& args, int64_t i, double lse, double score) {
  const int64_t label = args.in<int64_t>(1)[i];
  if (label == s.ignore) return 0;
  return (lse - score + s.z_loss * lse * lse) * (s.weights ? static_cast<double>(args.in<T>(2)[label]) : 1.0);
}

// [rows, classes].
StatusOr<std::unique_ptr<Kernel>> PrepareSimd(const KernelNode& node, const KernelContext& context) {
  const Settings s = SettingsOf(node);
  const DataType type = node.inputs[0].dtype;
  const RowBuffers buffers(s.layout.classes, type == DataType::kBF16 ? 1 : 0, context.threads,
                           s.layout.n * static_cast<int64_t>(sizeof(double)));
  return MakeKernel(
      [s, type, buffers, threads = context.threads](const KernelArgs& args) {
        const FloatInput scores(args.inputs[0], type);
        const int64_t rows = s.layout.n, classes = s.layout.classes;
        WEFT_RETURN_IF_ERROR(CheckLabels(args.in<int64_t>(1), rows, classes, s.ignore, s.scope));
        auto* losses = static_cast<double*>(args.workspace);
        ParallelFor(rows, threads, GrainOfRows(classes), [&](int64_t begin, int64_t end, int thread) {
          float* row = buffers.Of(args, thread, 0);
          for (int64_t r = begin; r < end; ++r) {
            const float* x = scores.Row(r * classes, classes, row);
            const double lse = LogSumExp(x, classes);
            const int64_t label = args.in<int64_t>(1)[r];
            losses[r] = LossOf<float>(s, args, r, lse, label == s.ignore ? 0 : static_cast<double>(x[label]));
            if (s.lse) args.out<float>(2)[r] = static_cast<float>(lse);
          }
        });
        Reduce<float>(s, args, losses);
        return OkStatus();
      },
      buffers.bytes());
}

std::string SimdAccepts(const KernelNode& node) {
  if (!IsF32OrBf16(node.inputs[0])) return "takes f32 and bf16 only";
  if (node.has_input(2) && node.inputs[2].dtype != DataType::kF32) return "takes weights of f32 only";
  const ScoreLayout layout = LayoutOf(node.inputs[0]);
  if (layout.inner != 1 || layout.classes == 0) return "takes [rows, classes] only";
  return node.has_output(1) ? "does not give log_prob" : "";
}

template <class T>
std::unique_ptr<Kernel> Plain(const KernelNode& node) {
  const Settings s = SettingsOf(node);
  return MakeKernel(
      [s](const KernelArgs& args) {
        const ScoreLayout& l = s.layout;
        WEFT_RETURN_IF_ERROR(CheckLabels(args.in<int64_t>(1), l.num_labels(), l.classes, s.ignore, s.scope));
        auto* losses = static_cast<double*>(args.workspace);
        for (int64_t i = 0; i < l.num_labels(); ++i) {
          const int64_t base = i / l.inner * l.classes * l.inner + i % l.inner;
          auto x = [&](int64_t c) { return static_cast<double>(args.in<T>(0)[base + c * l.inner]); };
          double top = -INFINITY, sum = 0;
          for (int64_t c = 0; c < l.classes; ++c) top = std::isnan(x(c)) ? x(c) : std::max(top, x(c));
          for (int64_t c = 0; c < l.classes; ++c) sum += std::exp(x(c) - top);
          const double lse = top + std::log(sum);
          const int64_t label = args.in<int64_t>(1)[i];
          losses[i] = LossOf<T>(s, args, i, lse, label == s.ignore ? 0 : x(label));
          if (s.lse) args.out<T>(2)[i] = static_cast<T>(lse);
          for (int64_t c = 0; s.log_prob && c < l.classes; ++c) {
            args.out<T>(1)[base + c * l.inner] = static_cast<T>(x(c) - lse);
          }
        }
        Reduce<T>(s, args, losses);
        return OkStatus();
      },
      s.layout.num_labels() * static_cast<int64_t>(sizeof(double)));
}

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) { return Plain<T>(node); });
}

constexpr KernelDef kKernels[] = {
    {.name = "simd", .accepts = SimdAccepts, .prepare = PrepareSimd, .narrow = true},
    {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::softmax_cross_entropy_loss
