#include "runtime/train/batches.h"

#include <algorithm>
#include <array>

#include "base/philox.h"
#include "compiler/passes/loss.h"

namespace weft {
namespace {

struct BatchInputs {
  int64_t batch = 0, seq = 0;
  int64_t* tokens = nullptr;
  int64_t* positions = nullptr;
  int64_t* labels = nullptr;
};

StatusOr<BatchInputs> Buffers(Executor& program) {
  const Port* port = program.program().FindInput("tokens");
  if (port == nullptr || port->shape.size() != 2) return Internal("the program has no input tokens [batch, seq]");
  BatchInputs in;
  in.batch = port->shape[0];
  in.seq = port->shape[1];
  WEFT_ASSIGN_OR_RETURN(std::byte * tokens, program.InputBuffer("tokens"));
  WEFT_ASSIGN_OR_RETURN(std::byte * positions, program.InputBuffer("positions"));
  WEFT_ASSIGN_OR_RETURN(std::byte * labels, program.InputBuffer("labels"));
  in.tokens = reinterpret_cast<int64_t*>(tokens);
  in.positions = reinterpret_cast<int64_t*>(positions);
  in.labels = reinterpret_cast<int64_t*>(labels);
  return in;
}

std::span<int64_t> Row(int64_t* base, int64_t row, int64_t seq, int64_t n) {
  return {base + row * seq, static_cast<size_t>(n)};
}

// A stream of its own, far from those of weights and dropout.
constexpr uint32_t kWindowStream = 0x77696e64;

// Uniform over [0, n): 64 random bits times n, the high word (bias below n / 2^64).
int64_t UniformIndex(uint64_t seed, int64_t step, int64_t row, int64_t n) {
  const std::array<uint32_t, 4> words =
      RandomBlock({seed, static_cast<uint32_t>(step), kWindowStream}, static_cast<uint64_t>(row));
  const uint64_t bits = words[0] | uint64_t{words[1]} << 32;
  return static_cast<int64_t>((static_cast<unsigned __int128>(bits) * static_cast<uint64_t>(n)) >> 64);
}

}  // namespace

Status FillTrainingBatch(Executor& program, const TokenDataset& data, uint64_t seed, int64_t step, int64_t first_row) {
  WEFT_ASSIGN_OR_RETURN(const BatchInputs in, Buffers(program));
  const int64_t starts = data.size() - in.seq;
  WEFT_CHECK(starts >= 1);
  for (int64_t r = 0; r < in.batch; ++r) {
    const int64_t begin = UniformIndex(seed, step, first_row + r, starts);
    data.Copy(begin, Row(in.tokens, r, in.seq, in.seq));
    data.Copy(begin + 1, Row(in.labels, r, in.seq, in.seq));
    for (int64_t i = 0; i < in.seq; ++i) in.positions[r * in.seq + i] = i;
  }
  return OkStatus();
}

int64_t NumEvaluationWindows(int64_t size, int64_t seq) { return size < 2 ? 0 : (size - 2) / seq + 1; }

Status FillEvaluationBatch(Executor& program, const TokenDataset& data, int64_t first, int64_t windows, int64_t stride) {
  WEFT_ASSIGN_OR_RETURN(const BatchInputs in, Buffers(program));
  for (int64_t r = 0; r < in.batch; ++r) {
    const std::span<int64_t> tokens = Row(in.tokens, r, in.seq, in.seq), labels = Row(in.labels, r, in.seq, in.seq);
    std::fill(tokens.begin(), tokens.end(), 0);
    std::fill(labels.begin(), labels.end(), kIgnoredLabel);
    for (int64_t i = 0; i < in.seq; ++i) in.positions[r * in.seq + i] = i;
    if (first + r >= windows) continue;
    const int64_t begin = (first + r) * stride * in.seq;
    const int64_t n = std::min(in.seq, data.size() - 1 - begin);
    data.Copy(begin, tokens.first(static_cast<size_t>(n)));
    data.Copy(begin + 1, labels.first(static_cast<size_t>(n)));
  }
  return OkStatus();
}

}  // namespace weft
