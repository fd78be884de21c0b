// Tiles of rows: scores by the product library, softmax, loss and gradient in their place, then both products
// of the gradient. The tile lies in the workspace, so the plan counts it. Scores are f32 whatever x and
// weight are; their gradient has the type of x, each row at the front of the row of scores it came from.
#include <algorithm>
#include <cmath>

#include "base/threads.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/cross_entropy.h"
#include "ops/common/cpu/dispatch.h"
#include "ops/common/cpu/onednn.h"
#include "ops/linear_cross_entropy_loss/op.h"

namespace weft::ops::linear_cross_entropy_loss {
namespace {

constexpr size_t kDx = 1, kDweight = 2;
constexpr int kSum = 2;  // the input of dweight's product that it is added to

struct Settings {
  std::string scope;
  bool mean;
  int64_t ignore, rows, width, classes;
  double z_loss;
  bool dx, dweight;
  DataType dtype;  // of x, weight and dx
  bool gradient() const { return dx || dweight; }
};

Settings SettingsOf(const KernelNode& node) {
  const auto& attrs = node.attrs<LinearCrossEntropyLossOp>();
  const Operand& weight = node.inputs[1];
  return {.scope = node.scope,
          .mean = attrs.reduction == "mean",
          .ignore = attrs.ignore_index,
          .rows = node.inputs[2].num_elements(),
          .width = weight.shape[1],
          .classes = weight.shape[0],
          .z_loss = static_cast<double>(attrs.z_loss),
          .dx = node.has_output(kDx),
          .dweight = node.has_output(kDweight),
          .dtype = node.inputs[0].dtype};
}

// 1, or one by the number of labels kept.
double ScaleOf(const Settings& s, const int64_t* labels) {
  if (!s.mean) return 1;
  return 1 / static_cast<double>(s.rows - std::count(labels, labels + s.rows, s.ignore));
}

Status Check(const Settings& s, const KernelArgs& args) {
  return CheckLabels(args.in<int64_t>(2), s.rows, s.classes, s.ignore, s.scope, "LinearCrossEntropyLoss");
}

// In order, whatever the tiles were.
double SumOf(const double* losses, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += losses[i];
  return sum;
}

// ---- tiles

constexpr int64_t kAlign = 64;
int64_t Aligned(int64_t bytes) { return (bytes + kAlign - 1) / kAlign * kAlign; }

// The products of one number of rows.
struct TileProducts {
  int64_t rows = 0;
  std::unique_ptr<Kernel> scores, dx, first_dweight, more_dweight;

  int64_t workspace_bytes() const {
    int64_t most = 0;
    for (const Kernel* k : {scores.get(), dx.get(), first_dweight.get(), more_dweight.get()})
      most = std::max(most, k == nullptr ? 0 : k->workspace_bytes());
    return most;
  }
};

// One of a tile's products, and how it is made.
struct TileProduct {
  ProductPlan plan;
  OneDnnProductOptions options;
};

// What of a tile lies in memory as what.
class TileShapes {
 public:
  TileShapes(const Settings& s, int64_t rows, int threads)
      : threads_(threads),
        x_(DenseOperand(s.dtype, {rows, s.width})),
        weight_(DenseOperand(s.dtype, {s.classes, s.width})),
        dweight_(DenseOperand(DataType::kF32, {s.classes, s.width})),
        scores_(DenseOperand(DataType::kF32, {rows, s.classes})),
        dscores_(DenseOperand(s.dtype, {rows, s.classes})) {
    dscores_.pitch = DscoresPitch(s);
  }

  // Elements from row to row of the scores' gradient, in the place of the scores.
  static int64_t DscoresPitch(const Settings& s) {
    return s.classes * (SizeInBytes(DataType::kF32, 1) / SizeInBytes(s.dtype, 1));
  }

  TileProduct Scores() const { return Of(x_, false, weight_, true, scores_); }
  TileProduct Dx() const { return Of(dscores_, false, weight_, false, x_); }
  TileProduct Dweight(bool first) const {
    TileProduct product = Of(dscores_, true, x_, false, dweight_);
    if (!first) product.options.accumulator = kSum, product.options.accumulator_pitch = dweight_.pitch;
    return product;
  }

 private:
  TileProduct Of(const Operand& a, bool trans_a, const Operand& b, bool trans_b, const Operand& y) const {
    return {PlanProduct(a, trans_a, b, trans_b, y),
            {.threads = threads_, .a = a.dtype, .b = b.dtype, .y = y.dtype}};
  }

  int threads_;
  Operand x_, weight_, dweight_, scores_, dscores_;
};

StatusOr<std::unique_ptr<Kernel>> Make(const TileProduct& product) {
  return PrepareOneDnnProduct(product.plan, product.options);
}

StatusOr<TileProducts> PrepareTile(const Settings& s, int64_t rows, int threads) {
  const TileShapes shapes(s, rows, threads);
  TileProducts tile;
  tile.rows = rows;
  WEFT_ASSIGN_OR_RETURN(tile.scores, Make(shapes.Scores()));
  if (s.dx) {
    WEFT_ASSIGN_OR_RETURN(tile.dx, Make(shapes.Dx()));
  }
  if (s.dweight) {
    WEFT_ASSIGN_OR_RETURN(tile.first_dweight, Make(shapes.Dweight(/*first=*/true)));
    WEFT_ASSIGN_OR_RETURN(tile.more_dweight, Make(shapes.Dweight(/*first=*/false)));
  }
  return tile;
}

class TilesKernel final : public Kernel {
 public:
  TilesKernel(Settings settings, TileProducts full, TileProducts rest, int threads)
      : s_(std::move(settings)), full_(std::move(full)), rest_(std::move(rest)), threads_(threads) {
    scores_at_ = Aligned(s_.rows * static_cast<int64_t>(sizeof(double)));
    scratch_at_ = scores_at_ + Aligned(full_.rows * s_.classes * static_cast<int64_t>(sizeof(float)));
    workspace_bytes_ = scratch_at_ + std::max(full_.workspace_bytes(), rest_.workspace_bytes());
  }

  Status Run(const KernelArgs& args) override {
    WEFT_RETURN_IF_ERROR(Check(s_, args));
    const double scale = ScaleOf(s_, args.in<int64_t>(2));
    for (int64_t begin = 0; begin < s_.rows; begin += full_.rows) {
      const bool whole = begin + full_.rows <= s_.rows;
      WEFT_RETURN_IF_ERROR(RunTile(whole ? full_ : rest_, begin, static_cast<float>(scale), args));
    }
    args.out<float>(0)[0] = static_cast<float>(SumOf(Losses(args), s_.rows) * scale);
    return OkStatus();
  }

 private:
  static double* Losses(const KernelArgs& args) { return static_cast<double*>(args.workspace); }
  float* Scores(const KernelArgs& args) const {
    return reinterpret_cast<float*>(static_cast<std::byte*>(args.workspace) + scores_at_);
  }

  // dx last: it may lie where x does.
  Status RunTile(const TileProducts& tile, int64_t begin, float scale, const KernelArgs& args) const {
    const int64_t row_bytes = s_.width * SizeInBytes(s_.dtype, 1);
    const std::byte* x = args.in<std::byte>(0) + begin * row_bytes;
    const void* weight = args.inputs[1];
    float* scores = Scores(args);
    WEFT_RETURN_IF_ERROR(Multiply(*tile.scores, x, weight, scores, args));
    Reduce(tile.rows, begin, scale, args);
    if (s_.dweight) {
      Kernel& product = begin == 0 ? *tile.first_dweight : *tile.more_dweight;
      WEFT_RETURN_IF_ERROR(Multiply(product, scores, x, args.outputs[kDweight], args));
    }
    if (!s_.dx) return OkStatus();
    return Multiply(*tile.dx, scores, weight, args.out<std::byte>(kDx) + begin * row_bytes, args);
  }

  Status Multiply(Kernel& product, const void* a, const void* b, void* y, const KernelArgs& args) const {
    const void* inputs[] = {a, b, y};
    void* outputs[] = {y};
    return product.Run({inputs, outputs, static_cast<std::byte*>(args.workspace) + scratch_at_});
  }

  // Losses of the tile's rows; where gradients are asked for, those of the scores in their place.
  void Reduce(int64_t rows, int64_t begin, float scale, const KernelArgs& args) const {
    const int64_t* labels = args.in<int64_t>(2) + begin;
    double* losses = Losses(args) + begin;
    ParallelFor(rows, threads_, GrainOfRows(s_.classes), [&](int64_t from, int64_t to, int) {
      for (int64_t r = from; r < to; ++r) {
        float* row = Scores(args) + r * s_.classes;
        const bool kept = labels[r] != s_.ignore;
        losses[r] = 0;
        if (kept && s_.gradient()) {
          losses[r] = CrossEntropyAndGradient(row, s_.classes, labels[r], scale, s_.z_loss);
        } else if (kept) {
          const double lse = LogSumExp(row, s_.classes);
          losses[r] = lse - static_cast<double>(row[labels[r]]) + s_.z_loss * lse * lse;
        } else if (s_.gradient()) {
          std::fill_n(row, s_.classes, 0.0f);
        }
        if (s_.gradient() && s_.dtype == DataType::kBF16) NarrowInPlace(row, s_.classes);
      }
    });
  }

  Settings s_;
  TileProducts full_, rest_;  // the last tile may be smaller
  int threads_;
  int64_t scores_at_, scratch_at_;  // in the workspace, behind the losses
};

std::string TilesAccepts(const KernelNode& node) {
  if (node.inputs[1].dtype != node.inputs[0].dtype) return "takes x and weight of one type";
  if (node.has_output(kDx) && node.outputs[kDx].dtype != node.inputs[0].dtype)
    return "gives dx of the type of x";
  const TileProduct scores = TileShapes(SettingsOf(node), node.inputs[2].num_elements(), 1).Scores();
  return OneDnnProductAccepts(scores.plan, scores.options);
}

StatusOr<std::unique_ptr<Kernel>> PrepareTiles(const KernelNode& node, const KernelContext& context) {
  const Settings s = SettingsOf(node);
  const int64_t rows =
      CrossEntropyTileRows(node.attrs<LinearCrossEntropyLossOp>(), s.rows, s.classes, s.width);
  TileProducts full, rest;
  WEFT_ASSIGN_OR_RETURN(full, PrepareTile(s, rows, context.threads));
  if (s.rows % rows != 0) {
    WEFT_ASSIGN_OR_RETURN(rest, PrepareTile(s, s.rows % rows, context.threads));
  }
  return std::make_unique<TilesKernel>(s, std::move(full), std::move(rest), context.threads);
}

// ---- plain

// The scores whole, in f64.
template <class T>
class PlainKernel final : public Kernel {
 public:
  explicit PlainKernel(Settings settings) : s_(std::move(settings)) {
    workspace_bytes_ = (s_.rows + s_.rows * s_.classes) * static_cast<int64_t>(sizeof(double));
  }

  Status Run(const KernelArgs& args) override {
    WEFT_RETURN_IF_ERROR(Check(s_, args));
    const T *x = args.in<T>(0), *weight = args.in<T>(1);
    auto *losses = static_cast<double*>(args.workspace), *scores = losses + s_.rows;
    const double scale = ScaleOf(s_, args.in<int64_t>(2));
    for (int64_t r = 0; r < s_.rows; ++r) {
      for (int64_t c = 0; c < s_.classes; ++c) {
        double sum = 0;
        for (int64_t k = 0; k < s_.width; ++k)
          sum += static_cast<double>(x[r * s_.width + k]) * static_cast<double>(weight[c * s_.width + k]);
        scores[r * s_.classes + c] = sum;
      }
      losses[r] = Row(scores + r * s_.classes, args.in<int64_t>(2)[r], scale);
    }
    args.out<T>(0)[0] = static_cast<T>(SumOf(losses, s_.rows) * scale);
    if (s_.dweight) Dweight(scores, x, args.out<T>(kDweight));
    if (s_.dx) Dx(scores, weight, args.out<T>(kDx));
    return OkStatus();
  }

 private:
  // The loss; the row becomes its gradient.
  double Row(double* row, int64_t label, double scale) const {
    double top = -INFINITY, sum = 0;
    for (int64_t c = 0; c < s_.classes; ++c) top = std::isnan(row[c]) ? row[c] : std::max(top, row[c]);
    for (int64_t c = 0; c < s_.classes; ++c) sum += std::exp(row[c] - top);
    const bool kept = label != s_.ignore;
    const double lse = top + std::log(sum), loss = kept ? lse - row[label] + s_.z_loss * lse * lse : 0;
    const double z = ZFactor(s_.z_loss, lse);
    for (int64_t c = 0; c < s_.classes; ++c)
      row[c] = kept ? (std::exp(row[c] - lse) * z - (c == label ? 1 : 0)) * scale : 0;
    return loss;
  }

  void Dweight(const double* dscores, const T* x, T* dweight) const {
    for (int64_t c = 0; c < s_.classes; ++c) {
      for (int64_t k = 0; k < s_.width; ++k) {
        double sum = 0;
        for (int64_t r = 0; r < s_.rows; ++r)
          sum += dscores[r * s_.classes + c] * static_cast<double>(x[r * s_.width + k]);
        dweight[c * s_.width + k] = static_cast<T>(sum);
      }
    }
  }

  void Dx(const double* dscores, const T* weight, T* dx) const {
    for (int64_t r = 0; r < s_.rows; ++r) {
      for (int64_t k = 0; k < s_.width; ++k) {
        double sum = 0;
        for (int64_t c = 0; c < s_.classes; ++c)
          sum += dscores[r * s_.classes + c] * static_cast<double>(weight[c * s_.width + k]);
        dx[r * s_.width + k] = static_cast<T>(sum);
      }
    }
  }

  Settings s_;
};

StatusOr<std::unique_ptr<Kernel>> PreparePlain(const KernelNode& node, const KernelContext&) {
  return DispatchFloat(node.inputs[0].dtype, [&]<class T>(T) -> std::unique_ptr<Kernel> {
    return std::make_unique<PlainKernel<T>>(SettingsOf(node));
  });
}

constexpr KernelDef kKernels[] = {{.name = "tiles",
                                   .accepts = TilesAccepts,
                                   .prepare = PrepareTiles,
                                   .row_invariant = false,
                                   .narrow = true},
                                  {.name = "plain", .accepts = AcceptsAll, .prepare = PreparePlain}};

}  // namespace

std::span<const KernelDef> CpuKernels() { return kKernels; }

}  // namespace weft::ops::linear_cross_entropy_loss
