#include "ops/common/cpu/tiled_product.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/threads.h"
#include "ops/common/cpu/bf16.h"
#include "ops/instruction_sets.h"

namespace weft::ops {
namespace {

constexpr int64_t kTileBytes = int64_t{2} << 20;  // of one operand in f32: half of a usual second cache
constexpr int64_t kLeast = 32, kMost = 512;       // rows or columns of a tile
constexpr int64_t kAlignment = 64;

int64_t TileOf(int64_t size, int64_t k) {
  const int64_t fits = kTileBytes / (static_cast<int64_t>(sizeof(float)) * std::max<int64_t>(k, 1));
  return std::min(size, std::clamp(fits, kLeast, kMost));
}

// `lines` of `length` elements, adjacent within a line.
struct Lines {
  int64_t lines, length, stride;
};
// How a matrix of bf16 lies, whichever way round it is stored.
Lines LinesOf(const MatrixLayout& m) {
  if (m.column_stride == 1) return {m.rows, m.columns, m.row_stride};
  return {m.columns, m.rows, m.column_stride};
}

// A part of an operand: where it begins, and the layout of what the f32 product reads.
struct Part {
  int64_t offset;  // elements in the operand
  MatrixLayout source, product;
};

Part PartOf(const MatrixLayout& whole, bool narrow, int64_t row, int64_t rows, int64_t column,
            int64_t columns) {
  Part part{row * whole.row_stride + column * whole.column_stride, whole, {}};
  part.source.rows = rows, part.source.columns = columns;
  part.product = part.source;
  if (!narrow) return part;
  const bool by_rows = whole.column_stride == 1;
  part.product.row_stride = by_rows ? columns : 1;
  part.product.column_stride = by_rows ? 1 : rows;
  return part;
}

class TiledProduct final : public Kernel {
 public:
  TiledProduct(const ProductPlan& plan, const OneDnnProductOptions& options)
      : plan_(plan),
        o_(options),
        rows_(TileOf(plan.y.rows, plan.a.columns)),
        columns_(TileOf(plan.y.columns, plan.a.columns)) {
    a_at_ = Reserve(IsNarrow(o_.a) ? rows_ * plan.a.columns : 0);
    b_at_ = Reserve(IsNarrow(o_.b) ? columns_ * plan.a.columns : 0);
    y_at_ = Reserve(IsNarrow(o_.y) ? rows_ * columns_ : 0);
    inner_at_ = workspace_bytes_;
  }

  // The f32 products of whole tiles, and of the last ones in either direction.
  Status Prepare() {
    const int64_t k = plan_.a.columns;
    for (const int last_row : {0, 1}) {
      for (const int last_column : {0, 1}) {
        const int64_t m = last_row != 0 ? plan_.y.rows % rows_ : rows_;
        const int64_t n = last_column != 0 ? plan_.y.columns % columns_ : columns_;
        if (m == 0 || n == 0) continue;
        ProductPlan tile;
        tile.a = PartOf(plan_.a, IsNarrow(o_.a), 0, m, 0, k).product;
        tile.b = PartOf(plan_.b, IsNarrow(o_.b), 0, k, 0, n).product;
        tile.y = PartOf(plan_.y, IsNarrow(o_.y), 0, m, 0, n).product;
        OneDnnProductOptions options = o_;
        options.a = options.b = options.y = DataType::kF32;
        if (IsNarrow(o_.y)) options.accumulator_pitch = n;
        for (MatrixLayout* layout : {&tile.a, &tile.b, &tile.y}) layout->batch_strides.clear();
        auto& kernel = kernels_[static_cast<size_t>(2 * last_row + last_column)];
        WEFT_ASSIGN_OR_RETURN(kernel, PrepareOneDnnProduct(tile, options));
        workspace_bytes_ = std::max(workspace_bytes_, inner_at_ + kernel->workspace_bytes());
      }
    }
    return OkStatus();
  }

  Status Run(const KernelArgs& args) override {
    const int64_t k = plan_.a.columns;
    for (int64_t i = 0; i < plan_.y.rows; i += rows_) {
      const int64_t m = std::min(rows_, plan_.y.rows - i);
      const void* a = Read(args, 0, o_.a, PartOf(plan_.a, IsNarrow(o_.a), i, m, 0, k), a_at_);
      for (int64_t j = 0; j < plan_.y.columns; j += columns_) {
        const int64_t n = std::min(columns_, plan_.y.columns - j);
        const void* b = Read(args, 1, o_.b, PartOf(plan_.b, IsNarrow(o_.b), 0, k, j, n), b_at_);
        WEFT_RETURN_IF_ERROR(Multiply(args, a, b, i, m, j, n));
      }
    }
    return OkStatus();
  }

 private:
  static bool IsNarrow(DataType dtype) { return dtype == DataType::kBF16; }

  int64_t Reserve(int64_t floats) {
    const int64_t at = workspace_bytes_;
    workspace_bytes_ +=
        (floats * static_cast<int64_t>(sizeof(float)) + kAlignment - 1) / kAlignment * kAlignment;
    return at;
  }
  float* Buffer(const KernelArgs& args, int64_t at) const {
    return reinterpret_cast<float*>(static_cast<std::byte*>(args.workspace) + at);
  }

  // Where the product finds the part: in its place, or widened.
  const void* Read(const KernelArgs& args, size_t input, DataType dtype, const Part& part, int64_t at) const {
    if (!IsNarrow(dtype)) return args.in<float>(input) + part.offset;
    Widen(args.in<uint16_t>(input) + part.offset, LinesOf(part.source), Buffer(args, at));
    return Buffer(args, at);
  }
  void Widen(const uint16_t* from, const Lines& l, float* to) const {
    ParallelFor(l.lines, o_.threads, Grain(l), [&](int64_t begin, int64_t end, int) {
      WidenBf16Rows(from + begin * l.stride, l.stride, end - begin, l.length, to + begin * l.length);
    });
  }
  static int64_t Grain(const Lines& l) {
    constexpr int64_t kElements = 1 << 15;  // that are worth a thread
    return std::max<int64_t>(1, kElements / std::max<int64_t>(l.length, 1));
  }

  Status Multiply(const KernelArgs& args, const void* a, const void* b, int64_t i, int64_t m, int64_t j,
                  int64_t n) {
    const bool narrow = IsNarrow(o_.y);
    const int64_t y_offset = i * plan_.y.row_stride + j;
    const void* inputs[4] = {a, b, nullptr, nullptr};
    void* y = narrow ? static_cast<void*>(Buffer(args, y_at_)) : args.out<float>(0) + y_offset;
    if (o_.bias >= 0) inputs[o_.bias] = args.in<float>(static_cast<size_t>(o_.bias)) + j;
    if (o_.accumulator >= 0) {
      const int64_t offset = i * o_.accumulator_pitch + j;
      const auto input = static_cast<size_t>(o_.accumulator);
      if (narrow)
        Widen(args.in<uint16_t>(input) + offset, {m, n, o_.accumulator_pitch}, static_cast<float*>(y));
      inputs[o_.accumulator] = narrow ? y : args.in<float>(input) + offset;
    }
    Kernel& kernel = *kernels_[static_cast<size_t>(2 * (m < rows_) + (n < columns_))];
    void* outputs[] = {y};
    WEFT_RETURN_IF_ERROR(kernel.Run({inputs, outputs, static_cast<std::byte*>(args.workspace) + inner_at_}));
    if (!narrow) return OkStatus();
    const Lines l{m, n, plan_.y.row_stride};
    ParallelFor(m, o_.threads, Grain(l), [&](int64_t begin, int64_t end, int) {
      NarrowToBf16Rows(static_cast<const float*>(y) + begin * n, end - begin, n,
                       args.out<uint16_t>(0) + y_offset + begin * l.stride, l.stride);
    });
    return OkStatus();
  }

  ProductPlan plan_;
  OneDnnProductOptions o_;
  int64_t rows_, columns_;                          // of a tile of y
  int64_t a_at_, b_at_, y_at_, inner_at_;           // in the workspace
  std::array<std::unique_ptr<Kernel>, 4> kernels_;  // by whether it is the last row, column of tiles
};

}  // namespace

std::string TiledProductAccepts(const ProductPlan& plan, const OneDnnProductOptions& options) {
  const auto is_float = [](DataType t) { return t == DataType::kF32 || t == DataType::kBF16; };
  if (HasBf16Products()) return "bf16 is multiplied as it is on this processor";
  if (!is_float(options.a) || !is_float(options.b) ||
      (options.a != DataType::kBF16 && options.b != DataType::kBF16))
    return "takes bf16 only";
  if (options.bias >= 0 && options.bias_type != DataType::kF32) return "takes a bias of f32";
  if (options.bias > 3 || options.accumulator > 3) return "takes four operands";
  if (plan.num_batches() != 1) return "takes one matrix each";
  if (plan.y.rows * plan.y.columns * plan.a.columns == 0) return "takes no empty matrices";
  return {};
}

StatusOr<std::unique_ptr<Kernel>> PrepareTiledProduct(const ProductPlan& plan,
                                                      const OneDnnProductOptions& options) {
  auto kernel = std::make_unique<TiledProduct>(plan, options);
  WEFT_RETURN_IF_ERROR(kernel->Prepare());
  return kernel;
}

}  // namespace weft::ops
