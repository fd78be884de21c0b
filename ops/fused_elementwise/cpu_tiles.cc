// Units of work: a block of kRowBlock elements of one row, or, where reductions take the first axes,
// kColumnBlock rows. Threads share units; what reductions make of each is put together at the end, in the
// units' order: the bits depend on nothing else, and are those of the reduction's own kernel.
#include "ops/fused_elementwise/cpu_tiles.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/threads.h"
#include "ops/common/cpu/random_words.h"
#include "ops/common/cpu/scale_kept.h"
#include "ops/fused_elementwise/cpu_program.h"

namespace weft::ops::fused_elementwise {
namespace {

constexpr int64_t kGrain = 1 << 14;  // elements that are worth waking a thread
constexpr int64_t kAlignment = 64;

int64_t Aligned(int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }
int64_t Blocks(int64_t n, int64_t block) { return (n + block - 1) / block; }

// A tile: n elements of a row from `column` on. `wide` is where they begin in wide buffers.
struct Tile {
  int64_t row, column, n, wide;
};

// What one thread computes a tile with.
class TileRunner {
 public:
  TileRunner(const TileProgram& program, const KernelArgs& args, const RandomSource::Place* places,
             std::byte* memory)
      : p_(program), places_(places) {
    for (size_t s = 0; s < p_.slots.size(); ++s) base_[s] = Base(p_.slots[s], args, memory);
    words_ = reinterpret_cast<uint32_t*>(memory + p_.wide_buffers * kWide * 4 + p_.tile_buffers * kTile * 4);
  }

  void Run(const Tile& tile) {
    if (tile.row != row_) p_.nest.Locate(row_ = tile.row, offsets_);
    for (size_t s = 0; s < p_.slots.size(); ++s) {
      const Slot& slot = p_.slots[s];
      int64_t at = slot.kind == Slot::kWideBuffer ? tile.wide : 0;
      if (slot.operand >= 0) {
        const auto k = static_cast<size_t>(slot.operand);
        at = offsets_[k] + (p_.nest.repeats[k] ? 0 : tile.column);
      }
      at_[s] = base_[s] + at * slot.bytes;
    }
    for (const Step& step : p_.steps) RunStep(step, tile);
  }

  const float* wide(int slot) const {
    return reinterpret_cast<const float*>(base_[static_cast<size_t>(slot)]);
  }

 private:
  // Of a thread's memory, wide buffers come first, then tiles, then drawn words.
  std::byte* Base(const Slot& slot, const KernelArgs& args, std::byte* memory) const {
    const auto index = static_cast<size_t>(slot.index);
    switch (slot.kind) {
      case Slot::kInput:  // only read
        return static_cast<std::byte*>(const_cast<void*>(args.inputs[index]));
      case Slot::kConstant:
        return const_cast<std::byte*>(slot.data);
      case Slot::kOutput:
        return static_cast<std::byte*>(args.outputs[index]);
      case Slot::kWideBuffer:
        return memory + slot.index * kWide * 4;
      case Slot::kTileBuffer:
        return memory + p_.wide_buffers * kWide * 4 + slot.index * kTile * 4;
      case Slot::kUnused:
        break;
    }
    return nullptr;
  }

  template <class T>
  T* At(int slot) const {
    return reinterpret_cast<T*>(at_[static_cast<size_t>(slot)]);
  }

  void RunStep(const Step& step, const Tile& tile) const {
    using F = ElementFunction;
    const int64_t n = tile.n;
    if (step.convert != nullptr)
      return step.convert(At<void>(step.in[0]), At<void>(step.out), step.repeats[0] ? 1 : n);
    switch (step.function) {
      case F::kCopy:
        return Copy(step, n);
      case F::kPow:
        return Power(step, n);
      case F::kNot:
      case F::kAnd:
        return Logical(step, n);
      case F::kWhere:
        return p_.where(At<uint8_t>(step.in[0]), At<float>(step.in[1]), At<float>(step.in[2]),
                        At<float>(step.out), n,
                        {step.repeats[0] ? 0 : 1, step.repeats[1] ? 0 : 1, step.repeats[2] ? 0 : 1});
      case F::kFromBool: {
        constexpr float kOne = 1, kZero = 0;
        return p_.where(At<uint8_t>(step.in[0]), &kOne, &kZero, At<float>(step.out), n,
                        {step.repeats[0] ? 0 : 1, 0, 0});
      }
      case F::kDropout:
        return Drop(step, tile);
      default:
        break;
    }
    if (step.unary != nullptr)
      return step.unary(At<float>(step.in[0]), At<float>(step.out), n, step.parameter);
    if (step.compare != nullptr) {
      return step.compare(At<float>(step.in[0]), At<float>(step.in[1]), At<uint8_t>(step.out), n,
                          {step.repeats[0] ? 0 : 1, step.repeats[1] ? 0 : 1});
    }
    step.binary(At<float>(step.in[0]), At<float>(step.in[1]), At<float>(step.out), n, step.parameter);
  }

  void Copy(const Step& step, int64_t n) const {
    const int64_t bytes = p_.slots[static_cast<size_t>(step.out)].kind == Slot::kOutput
                              ? p_.slots[static_cast<size_t>(step.out)].bytes
                              : p_.slots[static_cast<size_t>(step.in[0])].bytes;
    if (!step.repeats[0]) {
      std::memmove(At<std::byte>(step.out), At<std::byte>(step.in[0]), static_cast<size_t>(n * bytes));
    } else if (bytes == 1) {
      std::memset(At<std::byte>(step.out), static_cast<int>(*At<uint8_t>(step.in[0])),
                  static_cast<size_t>(n));
    } else {
      std::fill_n(At<float>(step.out), n, *At<float>(step.in[0]));
    }
  }

  // As Pow's own kernels: the square is a product.
  void Power(const Step& step, int64_t n) const {
    const float* x = At<float>(step.in[0]);
    const float* y = At<float>(step.in[1]);
    float* z = At<float>(step.out);
    if (step.parameter != 0 && *y == 2) return step.binary(x, x, z, n, 0);
    for (int64_t i = 0; i < n; ++i) z[i] = std::pow(x[i], y[step.repeats[1] ? 0 : i]);
  }

  void Logical(const Step& step, int64_t n) const {
    const uint8_t* a = At<uint8_t>(step.in[0]);
    uint8_t* y = At<uint8_t>(step.out);
    if (step.function == ElementFunction::kNot) {
      for (int64_t i = 0; i < n; ++i) y[i] = a[step.repeats[0] ? 0 : i] == 0 ? 1 : 0;
      return;
    }
    const uint8_t* b = At<uint8_t>(step.in[1]);
    for (int64_t i = 0; i < n; ++i) {
      y[i] = (a[step.repeats[0] ? 0 : i] != 0 && b[step.repeats[1] ? 0 : i] != 0) ? 1 : 0;
    }
  }

  void Drop(const Step& step, const Tile& tile) const {
    const RandomSource::Place& place = places_[step.draw];
    const auto element = static_cast<uint64_t>(tile.row * p_.nest.columns + tile.column);
    RandomWords(place.key, place.first + element, tile.n, words_);
    const float ratio = step.parameter;
    ScaleKept(words_, KeptThreshold(ratio), 1.0F / (1.0F - ratio), At<float>(step.in[0]), tile.n,
              At<float>(step.out), nullptr);
  }

  const TileProgram& p_;
  const RandomSource::Place* places_;
  uint32_t* words_;
  int64_t row_ = -1;
  std::byte* base_[kMaxSlots];
  std::byte* at_[kMaxSlots];
  int64_t offsets_[kMaxOperands];
};

class TileKernel final : public Kernel {
 public:
  TileKernel(TileProgram program, int threads) : p_(std::move(program)), threads_(threads) {
    const TileNest& nest = p_.nest;
    const bool first = p_.reduced == Reduced::kFirst;
    units_ = first ? Blocks(nest.rows, kColumnBlock) : nest.rows * Blocks(nest.columns, kRowBlock);
    const int64_t part = first ? nest.columns * 4 : 8;
    parts_bytes_ = Aligned(units_ * part);
    thread_bytes_ = Aligned(p_.thread_bytes());
    workspace_bytes_ = parts_bytes_ * static_cast<int64_t>(p_.reductions.size()) + threads_ * thread_bytes_;
  }

  Status Run(const KernelArgs& args) override {
    RandomSource::Place places[kMaxDraws];
    for (size_t i = 0; i < p_.draws.size(); ++i) {
      const void* inputs[4] = {};
      for (size_t k = 0; k < 3; ++k) {
        const int input = p_.draws[i].inputs[k];
        if (input >= 0) inputs[k + 1] = args.inputs[input];
      }
      WEFT_ASSIGN_OR_RETURN(places[i], p_.draws[i].source->At({inputs, nullptr, nullptr}));
    }
    auto* memory = static_cast<std::byte*>(args.workspace);
    std::byte* tiles = memory + parts_bytes_ * static_cast<int64_t>(p_.reductions.size());
    const int64_t of_unit = units_ == 0 ? 1 : std::max<int64_t>(p_.num_elements / units_, 1);
    ParallelFor(units_, threads_, kGrain / of_unit + 1, [&](int64_t begin, int64_t end, int thread) {
      TileRunner runner(p_, args, places, tiles + thread * thread_bytes_);
      for (int64_t u = begin; u < end; ++u)
        p_.reduced == Reduced::kFirst ? RunRows(runner, u, memory) : RunBlock(runner, u, memory);
    });
    for (size_t r = 0; r < p_.reductions.size(); ++r)
      p_.reduced == Reduced::kFirst ? FinishFirst(r, args) : FinishLast(r, args);
    return OkStatus();
  }

 private:
  template <class T>
  T* Parts(size_t reduction, void* memory) const {
    return reinterpret_cast<T*>(static_cast<std::byte*>(memory) +
                                parts_bytes_ * static_cast<int64_t>(reduction));
  }

  // A block of a row.
  void RunBlock(TileRunner& runner, int64_t unit, std::byte* memory) const {
    const int64_t blocks = Blocks(p_.nest.columns, kRowBlock);
    const int64_t row = unit / blocks, begin = unit % blocks * kRowBlock;
    const int64_t width = std::min(kRowBlock, p_.nest.columns - begin);
    for (int64_t c = 0; c < width; c += kTile) runner.Run({row, begin + c, std::min(kTile, width - c), c});
    for (size_t r = 0; r < p_.reductions.size(); ++r) {
      const ReductionStep& reduction = p_.reductions[r];
      Parts<double>(r, memory)[unit] = reduction.loops.row(runner.wide(reduction.source), width);
    }
  }

  // A block of rows: eight rows of a tile at a time.
  void RunRows(TileRunner& runner, int64_t unit, std::byte* memory) const {
    const int64_t columns = p_.nest.columns, begin = unit * kColumnBlock;
    const int64_t rows = std::min(kColumnBlock, p_.nest.rows - begin);
    for (size_t r = 0; r < p_.reductions.size(); ++r) {
      std::fill_n(Parts<float>(r, memory) + unit * columns, columns,
                  static_cast<float>(Nothing(p_.reductions[r].function)));
    }
    for (int64_t c = 0; c < columns; c += kTile) {
      const int64_t n = std::min(kTile, columns - c);
      for (int64_t first = 0; first < rows; first += 8) {
        const int64_t count = std::min<int64_t>(8, rows - first);
        for (int64_t k = 0; k < count; ++k) runner.Run({begin + first + k, c, n, k * kTile});
        for (size_t r = 0; r < p_.reductions.size(); ++r) {
          p_.reductions[r].loops.columns(runner.wide(p_.reductions[r].source), kTile, count, n,
                                         Parts<float>(r, memory) + unit * columns + c);
        }
      }
    }
  }

  void FinishLast(size_t r, const KernelArgs& args) const {
    const ReductionStep& reduction = p_.reductions[r];
    float* y = static_cast<float*>(args.outputs[reduction.output]);
    const double* parts = Parts<double>(r, args.workspace);
    if (units_ == 0) {
      std::fill_n(y, empty_results(), Finished(reduction.function, Nothing(reduction.function), 0));
      return;
    }
    const int64_t of_row = units_ / p_.nest.kept_rows, rows_of = p_.nest.rows / p_.nest.kept_rows;
    ParallelFor(p_.nest.kept_rows, threads_, 1 << 12, [&](int64_t begin, int64_t end, int) {
      int64_t offsets[kMaxOperands];
      for (int64_t row = begin; row < end; ++row) {
        double total = Nothing(reduction.function);
        for (int64_t i = 0; i < of_row; ++i) total = Join(reduction.function, total, parts[row * of_row + i]);
        p_.nest.Locate(row * rows_of, offsets);
        y[offsets[reduction.operand]] = Finished(reduction.function, total, rows_of * p_.nest.columns);
      }
    });
  }

  void FinishFirst(size_t r, const KernelArgs& args) const {
    const ReductionStep& reduction = p_.reductions[r];
    const int64_t columns = units_ == 0 ? empty_results() : p_.nest.columns;
    float* y = static_cast<float*>(args.outputs[reduction.output]);
    const float* parts = Parts<float>(r, args.workspace);
    std::fill_n(y, columns, static_cast<float>(Nothing(reduction.function)));
    for (int64_t u = 0; u < units_; ++u) reduction.loops.columns(parts + u * columns, columns, 1, columns, y);
    if (reduction.function != ReduceFunction::kMean) return;
    for (int64_t c = 0; c < columns; ++c) y[c] /= static_cast<float>(p_.nest.rows);
  }

  // Results of reductions of nothing.
  int64_t empty_results() const {
    const Graph& body = *p_.body;
    const ValueId v = body.outputs()[static_cast<size_t>(p_.reductions[0].output)];
    return body.value(v).type.num_elements().value();
  }

  TileProgram p_;
  int threads_;
  int64_t units_ = 0, parts_bytes_ = 0, thread_bytes_ = 0;
};

}  // namespace

std::string AcceptsTiles(const KernelNode& node) {
  TileProgram program;
  return MakeTileProgram(node, &program);
}

StatusOr<std::unique_ptr<Kernel>> PrepareTiles(const KernelNode& node, const KernelContext& context) {
  TileProgram program;
  const std::string why = MakeTileProgram(node, &program);
  WEFT_CHECK(why.empty(), "{}", why);
  return std::make_unique<TileKernel>(std::move(program), context.threads);
}

}  // namespace weft::ops::fused_elementwise
