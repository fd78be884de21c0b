// Sums are taken in blocks of fixed size: within a block in f32 by lanes, or by rows eight at a time; then
// the blocks in their order. Threads share blocks, so that the bits depend neither on how many threads there
// are nor on what else is reduced beside a row.
#include "ops/common/cpu/reduce_simd.h"

#include <limits>

#include "base/threads.h"
#include "ops/common/cpu/collapsed_dims.h"
#include "ops/common/cpu/element_loops.h"
#include "ops/common/cpu/highway_targets.h"
#include "ops/common/cpu/reduce.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/reduce_simd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;
using F32 = hn::ScalableTag<float>;
using VF32 = hn::Vec<F32>;

struct SumOf {
  static constexpr float kNothing = 0;
  static HWY_INLINE VF32 Join(VF32 a, VF32 b) { return hn::Add(a, b); }
  static double JoinScalars(double a, double b) { return a + b; }
};
struct MaxOf {
  static constexpr float kNothing = -std::numeric_limits<float>::infinity();
  static HWY_INLINE VF32 Join(VF32 a, VF32 b) {  // NaN stays
    return hn::IfThenElse(hn::Or(hn::Gt(b, a), hn::IsNaN(b)), b, a);
  }
  static double JoinScalars(double a, double b) { return b > a || b != b ? b : a; }
};

template <class Function>
double JoinLanes(VF32 v) {
  const F32 d;
  HWY_ALIGN float lanes[hn::MaxLanes(d)];
  hn::Store(v, d, lanes);
  double total = Function::kNothing;
  for (size_t i = 0; i < hn::Lanes(d); ++i)
    total = Function::JoinScalars(total, static_cast<double>(lanes[i]));
  return total;
}

template <class Function>
double Row(const float* x, int64_t n) {
  const F32 d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  VF32 sums[4];
  for (VF32& s : sums) s = hn::Set(d, Function::kNothing);
  int64_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    sums[0] = Function::Join(sums[0], hn::LoadU(d, x + i));
    sums[1] = Function::Join(sums[1], hn::LoadU(d, x + i + lanes));
    sums[2] = Function::Join(sums[2], hn::LoadU(d, x + i + 2 * lanes));
    sums[3] = Function::Join(sums[3], hn::LoadU(d, x + i + 3 * lanes));
  }
  for (; i + lanes <= n; i += lanes) sums[0] = Function::Join(sums[0], hn::LoadU(d, x + i));
  if (i < n) {
    HWY_ALIGN float rest[hn::MaxLanes(d)];
    for (int64_t k = 0; k < lanes; ++k) rest[k] = i + k < n ? x[i + k] : Function::kNothing;
    sums[1] = Function::Join(sums[1], hn::Load(d, rest));
  }
  return JoinLanes<Function>(
      Function::Join(Function::Join(sums[0], sums[1]), Function::Join(sums[2], sums[3])));
}

// kRows rows joined pairwise, then with the total.
template <class Function, int kRows>
HWY_INLINE VF32 JoinRows(const float* x, int64_t pitch) {
  if constexpr (kRows == 1) {
    return hn::LoadU(F32(), x);
  } else {
    return Function::Join(JoinRows<Function, kRows / 2>(x, pitch),
                          JoinRows<Function, kRows / 2>(x + kRows / 2 * pitch, pitch));
  }
}

template <class Function, int kRows>
void ColumnsOf(const float* x, int64_t pitch, int64_t columns, float* total) {
  const F32 d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t c = 0;
  for (; c + lanes <= columns; c += lanes) {
    hn::StoreU(Function::Join(hn::LoadU(d, total + c), JoinRows<Function, kRows>(x + c, pitch)), d,
               total + c);
  }
  for (; c < columns; ++c) {  // pairwise like the vectors: the same order of sums
    float rows[kRows];
    for (int r = 0; r < kRows; ++r) rows[r] = x[r * pitch + c];
    for (int width = kRows; width > 1; width /= 2) {
      for (int r = 0; r < width / 2; ++r) {
        rows[r] = static_cast<float>(Function::JoinScalars(rows[2 * r], rows[2 * r + 1]));
      }
    }
    total[c] = static_cast<float>(Function::JoinScalars(total[c], rows[0]));
  }
}

template <class Function>
void Columns(const float* x, int64_t pitch, int64_t rows, int64_t columns, float* total) {
  int64_t r = 0;
  for (; r + 8 <= rows; r += 8) ColumnsOf<Function, 8>(x + r * pitch, pitch, columns, total);
  for (; r < rows; ++r) ColumnsOf<Function, 1>(x + r * pitch, pitch, columns, total);
}

ReduceLoops SelectReduce(ReduceFunction function) {
  if (function == ReduceFunction::kMax) return {&Row<MaxOf>, &Columns<MaxOf>};
  return {&Row<SumOf>, &Columns<SumOf>};
}

}  // namespace
}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {
namespace {

HWY_EXPORT(SelectReduce);
}  // namespace

ReduceLoops ReduceLoopsOf(ReduceFunction function) { return HWY_DYNAMIC_DISPATCH(SelectReduce)(function); }
double Nothing(ReduceFunction function) {
  return function == ReduceFunction::kMax ? -std::numeric_limits<double>::infinity() : 0;
}
double Join(ReduceFunction function, double a, double b) {
  if (function == ReduceFunction::kMax) return b > a || b != b ? b : a;
  return a + b;
}
float Finished(ReduceFunction function, double total, int64_t count) {
  return static_cast<float>(function == ReduceFunction::kMean ? total / static_cast<double>(count) : total);
}

namespace {

// [outer, rows, columns]: rows are reduced. Strides in elements; those of `outer` of x and of the output.
struct Nest {
  int64_t outer = 1, outer_x = 0, outer_y = 0;
  int64_t rows = 1, pitch = 1;
  int64_t columns = 1;
  bool over_last = false;  // columns is 1 and rows lie next to each other
};

// False if the reduction has another form.
bool NestOf(const KernelNode& node, const std::vector<bool>& reduced, Nest* nest) {
  const Operand& x = node.inputs[0];
  Strides of_y = StridesOf(node.outputs[0]), y(reduced.size(), 0);
  const bool kept_as_ones = of_y.size() == reduced.size();
  for (size_t i = 0, k = 0; i < reduced.size(); ++i) {
    if (!reduced[i]) y[i] = of_y[kept_as_ones ? i : k++];
  }
  const CollapsedDims<2> loops(x.shape, {StridesOf(x), std::move(y)});
  auto dims = loops.dims;
  const auto is_reduced = [](const auto& d) { return d.strides[1] == 0; };
  if (dims.empty()) return false;
  if (!is_reduced(dims.back())) {
    if (dims.back().strides != std::array<int64_t, 2>{1, 1}) return false;
    nest->columns = dims.back().size;
    dims.pop_back();
  }
  if (dims.empty() || !is_reduced(dims.back())) return false;
  nest->rows = dims.back().size;
  nest->pitch = dims.back().strides[0];
  nest->over_last = nest->columns == 1 && nest->pitch == 1;
  dims.pop_back();
  if (dims.empty()) return true;
  nest->outer = dims[0].size;
  nest->outer_x = dims[0].strides[0];
  nest->outer_y = dims[0].strides[1];
  return dims.size() == 1 && !is_reduced(dims[0]);
}

constexpr int64_t kGrain = 1 << 15;  // elements that are worth waking a thread

int64_t Blocks(int64_t n, int64_t block) { return (n + block - 1) / block; }

std::unique_ptr<Kernel> OverLast(ReduceFunction function, const Nest& nest, int threads) {
  const ReduceLoops loops = ReduceLoopsOf(function);
  const int64_t blocks = Blocks(nest.rows, kRowBlock);
  const auto block = [=](const float* x, int64_t b) {
    return loops.row(x + b * kRowBlock, std::min(kRowBlock, nest.rows - b * kRowBlock));
  };
  if (nest.outer >= threads || blocks == 1) {
    return MakeKernel([=](const KernelArgs& args) {
      ParallelFor(nest.outer, threads, kGrain / nest.rows + 1, [&](int64_t begin, int64_t end, int) {
        for (int64_t o = begin; o < end; ++o) {
          double total = Nothing(function);
          for (int64_t b = 0; b < blocks; ++b) {
            total = Join(function, total, block(args.in<float>(0) + o * nest.outer_x, b));
          }
          args.out<float>(0)[o * nest.outer_y] = Finished(function, total, nest.rows);
        }
      });
      return OkStatus();
    });
  }
  // Few long rows: each is shared.
  return MakeKernel(
      [=](const KernelArgs& args) {
        auto* parts = static_cast<double*>(args.workspace);
        for (int64_t o = 0; o < nest.outer; ++o) {
          const float* x = args.in<float>(0) + o * nest.outer_x;
          ParallelFor(blocks, threads, kGrain / kRowBlock, [&](int64_t begin, int64_t end, int) {
            for (int64_t b = begin; b < end; ++b) parts[b] = block(x, b);
          });
          double total = Nothing(function);
          for (int64_t b = 0; b < blocks; ++b) total = Join(function, total, parts[b]);
          args.out<float>(0)[o * nest.outer_y] = Finished(function, total, nest.rows);
        }
        return OkStatus();
      },
      blocks * static_cast<int64_t>(sizeof(double)));
}

// part[c] = the reduction of rows of block b; y[c] = all blocks' parts together.
struct ColumnReduction {
  ReduceFunction function;
  Nest nest;
  ReduceLoops loops;

  int64_t blocks() const { return Blocks(nest.rows, kColumnBlock); }
  void Block(const float* x, int64_t b, float* part) const {
    std::fill(part, part + nest.columns, static_cast<float>(Nothing(function)));
    const int64_t rows = std::min(kColumnBlock, nest.rows - b * kColumnBlock);
    loops.columns(x + b * kColumnBlock * nest.pitch, nest.pitch, rows, nest.columns, part);
  }
  void Start(float* y) const { std::fill(y, y + nest.columns, static_cast<float>(Nothing(function))); }
  void Add(const float* part, float* y) const { loops.columns(part, nest.columns, 1, nest.columns, y); }
  void Finish(float* y) const {
    if (function != ReduceFunction::kMean) return;
    for (int64_t c = 0; c < nest.columns; ++c) y[c] /= static_cast<float>(nest.rows);
  }
};

std::unique_ptr<Kernel> OverLeading(ReduceFunction function, const Nest& nest, int threads) {
  const ColumnReduction reduction{function, nest, ReduceLoopsOf(function)};
  const int64_t row_bytes = nest.columns * static_cast<int64_t>(sizeof(float));
  if (nest.outer >= threads || reduction.blocks() == 1) {
    return MakeKernel(
        [reduction, nest, threads](const KernelArgs& args) {
          const int64_t grain = kGrain / (nest.rows * nest.columns) + 1;
          ParallelFor(nest.outer, threads, grain, [&](int64_t begin, int64_t end, int thread) {
            float* part = static_cast<float*>(args.workspace) + thread * nest.columns;
            for (int64_t o = begin; o < end; ++o) {
              float* y = args.out<float>(0) + o * nest.outer_y;
              reduction.Start(y);
              for (int64_t b = 0; b < reduction.blocks(); ++b) {
                reduction.Block(args.in<float>(0) + o * nest.outer_x, b, part);
                reduction.Add(part, y);
              }
              reduction.Finish(y);
            }
          });
          return OkStatus();
        },
        threads * row_bytes);
  }
  return MakeKernel(
      [reduction, nest, threads](const KernelArgs& args) {
        auto* parts = static_cast<float*>(args.workspace);
        for (int64_t o = 0; o < nest.outer; ++o) {
          const float* x = args.in<float>(0) + o * nest.outer_x;
          float* y = args.out<float>(0) + o * nest.outer_y;
          const int64_t grain = kGrain / (kColumnBlock * nest.columns) + 1;
          ParallelFor(reduction.blocks(), threads, grain, [&](int64_t begin, int64_t end, int) {
            for (int64_t b = begin; b < end; ++b) reduction.Block(x, b, parts + b * nest.columns);
          });
          reduction.Start(y);
          for (int64_t b = 0; b < reduction.blocks(); ++b) reduction.Add(parts + b * nest.columns, y);
          reduction.Finish(y);
        }
        return OkStatus();
      },
      reduction.blocks() * row_bytes);
}

}  // namespace

std::string AcceptsSimdReduce(const KernelNode& node, const std::vector<bool>& reduced) {
  const DataType dtype = node.inputs[0].dtype;
  if (dtype != DataType::kF32) return fmt::format("{} is left to the plain kernel", Name(dtype));
  Nest nest;
  return NestOf(node, reduced, &nest) ? "" : "not a reduction of [kept, reduced] or [kept, reduced, kept]";
}

StatusOr<std::unique_ptr<Kernel>> PrepareSimdReduce(ReduceFunction function, const KernelNode& node,
                                                    const std::vector<bool>& reduced,
                                                    const KernelContext& context) {
  Nest nest;
  WEFT_CHECK(NestOf(node, reduced, &nest));
  return nest.over_last ? OverLast(function, nest, context.threads)
                        : OverLeading(function, nest, context.threads);
}

}  // namespace weft::ops
#endif
