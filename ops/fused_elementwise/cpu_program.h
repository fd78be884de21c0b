// A body as steps on tiles: what the kernel makes of it once, when it is prepared. In cache numbers are f32:
// operands in bf16 are widened before their first reader, results that are bf16 rounded behind their step.
#pragma once
#include <array>
#include <memory>

#include "ops/common/cpu/random.h"
#include "ops/fused_elementwise/cpu_loops.h"
#include "ops/fused_elementwise/cpu_nest.h"
#include "ops/kernel.h"

namespace weft::ops::fused_elementwise {

inline constexpr int64_t kWide = 4096;  // of what a reduction reads: kRowBlock, or eight rows of a tile
inline constexpr size_t kMaxSlots = 64, kMaxOperands = 96, kMaxDraws = 8;
static_assert(kWide == kRowBlock && kWide == 8 * kTile);

// Where a value lives while a tile is computed.
struct Slot {
  enum Kind : uint8_t { kUnused, kInput, kConstant, kOutput, kTileBuffer, kWideBuffer };
  Kind kind = kUnused;
  int index = 0;                    // of the input, output or buffer
  int operand = -1;                 // of the nest: inputs, constants, outputs
  int64_t bytes = 4;                // of an element
  const std::byte* data = nullptr;  // of a constant
};

struct Step {
  ElementFunction function = ElementFunction::kNone;
  float parameter = 0;
  std::array<int, 3> in = {-1, -1, -1};        // slots
  std::array<int, 3> operands = {-1, -1, -1};  // of the nest, where what is read is one, as it is or widened
  std::array<bool, 3> repeats = {};            // along a row, like that operand
  int out = -1;
  int draw = -1;
  UnaryLoop unary = nullptr;
  BinaryLoop binary = nullptr;
  CompareLoop compare = nullptr;
  ConvertLoop convert = nullptr;
};

struct ReductionStep {
  ReduceFunction function = ReduceFunction::kSum;
  ReduceLoops loops = {};
  int source = -1;   // a wide buffer's slot
  int output = 0;    // of the node
  int operand = -1;  // of the nest
};

// What Dropout draws: seed, step and row are inputs of the node, or -1.
struct Draw {
  std::array<int, 3> inputs = {-1, -1, -1};
  std::unique_ptr<RandomSource> source;  // with these as its inputs 1 to 3
};

struct TileProgram {
  GraphBody body;  // owns the constants
  TileNest nest;
  Reduced reduced = Reduced::kNone;
  int64_t num_elements = 0;  // of S
  std::vector<Slot> slots;
  std::vector<Step> steps;
  std::vector<ReductionStep> reductions;
  std::vector<Draw> draws;
  int tile_buffers = 0, wide_buffers = 0;
  WhereLoop where = nullptr;

  // The words of a draw stand behind the buffers.
  int64_t thread_bytes() const {
    return (tile_buffers + (draws.empty() ? 0 : 1)) * kTile * 4 + wide_buffers * kWide * 4;
  }
};

// The body on the node's operands.
StatusOr<GraphBody> BodyOf(const KernelNode& node);

// "" or why the body does not run by tiles.
std::string MakeTileProgram(const KernelNode& node, TileProgram* program);

}  // namespace weft::ops::fused_elementwise
