#include "runtime/train/batches.h"

#include "compiler/passes/loss.h"

namespace weft {
namespace {

static_assert(kIgnoredLabel == kIgnoreIndex, "padding must count for nothing");

struct BatchInputs {
  int64_t batch = 0, seq = 0;
  std::span<int64_t> tokens, positions, labels;
};

StatusOr<BatchInputs> Buffers(Executor& program) {
  const Port* port = program.program().FindInput("tokens");
  if (port == nullptr || port->shape.size() != 2)
    return Internal("the program has no input tokens [batch, seq]");
  BatchInputs in;
  in.batch = port->shape[0];
  in.seq = port->shape[1];
  const auto n = static_cast<size_t>(in.batch * in.seq);
  const std::pair<std::string_view, std::span<int64_t>*> wanted[] = {
      {"tokens", &in.tokens}, {"positions", &in.positions}, {"labels", &in.labels}};
  for (const auto& [name, span] : wanted) {
    // A model without positions (no rotary embedding) has none to fill.
    if (program.program().FindInput(name) == nullptr) continue;
    WEFT_ASSIGN_OR_RETURN(std::byte * bytes, program.InputBuffer(name));
    *span = {reinterpret_cast<int64_t*>(bytes), n};
  }
  for (size_t i = 0; i < in.positions.size(); ++i) {
    in.positions[i] = static_cast<int64_t>(i) % in.seq;
  }
  return in;
}

template <class T>
Status FillOne(Executor& program, std::string_view name, T value) {
  const Port* port = program.program().FindInput(name);
  if (port == nullptr) return OkStatus();
  if (port->dtype != kDataTypeOf<T> || !port->shape.empty()) {
    return Internal("input '{}' is {}{}, expected {}[]", name, Name(port->dtype), ToString(port->shape),
                    Name(kDataTypeOf<T>));
  }
  WEFT_ASSIGN_OR_RETURN(std::byte * bytes, program.InputBuffer(name));
  *reinterpret_cast<T*>(bytes) = value;
  return OkStatus();
}

}  // namespace

Status FillScalar(Executor& program, std::string_view name, float value) {
  return FillOne(program, name, value);
}
Status FillScalar(Executor& program, std::string_view name, int64_t value) {
  return FillOne(program, name, value);
}

Status FillTrainingBatch(Executor& program, const TrainWindows& windows, int64_t step, int64_t first_row) {
  WEFT_ASSIGN_OR_RETURN(const BatchInputs in, Buffers(program));
  windows.Fill(static_cast<uint32_t>(step), static_cast<uint32_t>(first_row), in.tokens, in.labels);
  return OkStatus();
}

Status FillEvaluationBatch(Executor& program, const EvalWindows& windows, int64_t first, int64_t count,
                           int64_t stride) {
  WEFT_ASSIGN_OR_RETURN(const BatchInputs in, Buffers(program));
  const auto row = static_cast<size_t>(in.seq);
  for (int64_t r = 0; r < in.batch; ++r) {
    // Windows past the end are padding altogether.
    const int64_t window = first + r < count ? (first + r) * stride : windows.size();
    windows.Fill(window, in.tokens.subspan(static_cast<size_t>(r) * row, row),
                 in.labels.subspan(static_cast<size_t>(r) * row, row));
  }
  return OkStatus();
}

Status FillRandomBatch(Executor& program, int64_t vocab_size, const RandomKey& key) {
  WEFT_ASSIGN_OR_RETURN(const BatchInputs in, Buffers(program));
  uint64_t element = 0;
  for (const std::span<int64_t> ids : {in.tokens, in.labels}) {
    for (int64_t& id : ids) id = static_cast<int64_t>(RandomWord(key, element++)) % vocab_size;
  }
  return OkStatus();
}

}  // namespace weft
