#include "ops/quantized_product/cpu_tiles.h"

#include <algorithm>

#include "base/threads.h"
#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/onednn.h"
#include "ops/common/cpu/quantized_matrix.h"
#include "ops/quantized_product/op.h"

namespace weft::ops::quantized_product {
namespace {

constexpr size_t kB = 1, kScales = 2, kBias = 3;
constexpr int64_t kTileBytes = int64_t{2} << 20;  // of the unpacked weight: it stays in the caches
constexpr int64_t kLeast = 64, kMost = 1024;      // columns of y, rows of the weight
constexpr int64_t kAlignment = 64;

// y [m, n] = a [m, k] times n of the weight's rows, which lie side by side; rows of y `pitch` apart.
ProductPlan PlanOf(int64_t m, int64_t k, int64_t n, int64_t pitch) {
  return {.batch = {}, .a = {m, k, k, 1, {}}, .b = {k, n, 1, k, {}}, .y = {m, n, pitch, 1, {}}};
}

OneDnnProductOptions OptionsOf(const KernelNode& node, int threads) {
  const DataType a = node.inputs[0].dtype;
  return {.bias = node.has_input(kBias) ? int{kBias} : -1,
          .alpha = node.attrs<QuantizedProductOp>().alpha,
          .threads = threads,
          .a = a,
          .b = a,
          .y = node.outputs[0].dtype};
}

class Tiles final : public Kernel {
 public:
  Tiles(const KernelNode& node, int threads)
      : attrs_(node.attrs<QuantizedProductOp>()),
        options_(OptionsOf(node, threads)),
        threads_(threads),
        a_type_(node.inputs[0].dtype),
        y_type_(node.outputs[0].dtype),
        narrow_scales_(node.inputs[kScales].dtype == DataType::kBF16),
        bias_(node.has_input(kBias)),
        k_(node.inputs[0].row()),
        n_(node.outputs[0].row()),
        m_(node.outputs[0].num_elements() / n_) {
    const int64_t fits = kTileBytes / (SizeInBytes(a_type_, 1) * k_);
    columns_ = std::min(n_, std::clamp(fits, kLeast, kMost));
  }

  // The products of a whole tile and of the last one.
  Status Prepare() {
    const int64_t tile = SizeInBytes(a_type_, columns_ * k_);
    inner_at_ = (tile + kAlignment - 1) / kAlignment * kAlignment;
    workspace_bytes_ = inner_at_;
    for (const bool last : {false, true}) {
      const int64_t columns = last ? n_ % columns_ : columns_;
      if (columns == 0) continue;
      auto& kernel = last ? last_ : whole_;
      WEFT_ASSIGN_OR_RETURN(kernel, PrepareOneDnnProduct(PlanOf(m_, k_, columns, n_), options_));
      workspace_bytes_ = std::max(workspace_bytes_, inner_at_ + kernel->workspace_bytes());
    }
    return OkStatus();
  }

  Status Run(const KernelArgs& args) override {
    QuantizedMatrix b{.codes = args.in<uint8_t>(kB), .k = k_, .bits = attrs_.bits, .group = attrs_.group};
    if (narrow_scales_) b.scales_bf16 = args.in<uint16_t>(kScales);
    if (!narrow_scales_) b.scales = args.in<float>(kScales);
    auto* workspace = static_cast<std::byte*>(args.workspace);
    for (int64_t j = 0; j < n_; j += columns_) {
      const int64_t columns = std::min(columns_, n_ - j);
      Unpack(b, j, columns, workspace);
      const void* inputs[] = {args.inputs[0], workspace, nullptr,
                              bias_ ? args.in<float>(kBias) + j : nullptr};
      void* outputs[] = {args.out<std::byte>(0) + SizeInBytes(y_type_, j)};
      Kernel& kernel = columns < columns_ ? *last_ : *whole_;
      WEFT_RETURN_IF_ERROR(kernel.Run({inputs, outputs, workspace + inner_at_}));
    }
    return OkStatus();
  }

 private:
  // Rows j .. j + columns of the weight, side by side.
  void Unpack(const QuantizedMatrix& b, int64_t j, int64_t columns, void* to) const {
    constexpr int64_t kElements = 1 << 15;  // that are worth a thread
    ParallelFor(columns, threads_, std::max<int64_t>(1, kElements / k_),
                [&](int64_t begin, int64_t end, int) {
                  if (a_type_ == DataType::kBF16) {
                    DequantizeRowsToBf16(b, j + begin, j + end, static_cast<uint16_t*>(to) + begin * k_, k_);
                  } else {
                    DequantizeRows(b, j + begin, j + end, static_cast<float*>(to) + begin * k_, k_);
                  }
                });
  }

  QuantizedProductOp attrs_;
  OneDnnProductOptions options_;
  int threads_;
  DataType a_type_, y_type_;
  bool narrow_scales_, bias_;
  int64_t k_, n_, m_, columns_ = 0, inner_at_ = 0;
  std::unique_ptr<Kernel> whole_, last_;
};

}  // namespace

std::string TilesAccept(const KernelNode& node) {
  if (!IsF32OrBf16(node.inputs[0]) || !IsF32OrBf16(node.inputs[kScales]))
    return "takes a and scales of f32 or bf16";
  if (node.has_input(kBias) && node.inputs[kBias].dtype != DataType::kF32) return "takes a bias of f32";
  const int64_t k = node.inputs[0].row(), n = node.outputs[0].row();
  const int64_t m = node.outputs[0].num_elements() / std::max<int64_t>(n, 1);
  return OneDnnProductAccepts(PlanOf(m, k, n, n), OptionsOf(node, 1));
}

StatusOr<std::unique_ptr<Kernel>> PrepareTiles(const KernelNode& node, const KernelContext& context) {
  auto kernel = std::make_unique<Tiles>(node, context.threads);
  WEFT_RETURN_IF_ERROR(kernel->Prepare());
  return kernel;
}

}  // namespace weft::ops::quantized_product
