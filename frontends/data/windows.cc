#include "frontends/data/windows.h"

#include <algorithm>

#include "frontends/data/random_below.h"

namespace weft {
namespace {

// n rows of `context` tokens and the tokens one further on.
template <class T, class BeginOf>
void FillRows(const TokenDataset& data, int64_t context, std::span<T> inputs, std::span<T> targets,
              BeginOf&& begin_of) {
  const auto width = static_cast<size_t>(context);
  WEFT_CHECK(inputs.size() == targets.size() && inputs.size() % width == 0);
  for (size_t row = 0; row < inputs.size() / width; ++row) {
    const std::span<T> in = inputs.subspan(row * width, width);
    const std::span<T> out = targets.subspan(row * width, width);
    const int64_t begin = begin_of(static_cast<int64_t>(row));
    const auto here = static_cast<size_t>(std::clamp<int64_t>(data.size() - 1 - begin, 0, context));
    if (here > 0) {
      data.Copy(begin, in.first(here));
      data.Copy(begin + 1, out.first(here));
    }
    std::fill(in.begin() + static_cast<ptrdiff_t>(here), in.end(), T{0});
    std::fill(out.begin() + static_cast<ptrdiff_t>(here), out.end(), T{kIgnoreIndex});
  }
}

Status CheckContext(int64_t context) {
  if (context < 1) return InvalidArgument("context length is {}, expected at least 1", context);
  return OkStatus();
}

}  // namespace

StatusOr<TrainWindows> TrainWindows::Create(const TokenDataset* data, int64_t context, uint64_t seed) {
  WEFT_RETURN_IF_ERROR(CheckContext(context));
  if (data->size() < context + 1) {
    return InvalidArgument(
        "the training split has {} tokens, fewer than one window of context length {} + 1: give more text or "
        "a "
        "smaller context length",
        data->size(), context);
  }
  return TrainWindows(data, context, seed);
}

int64_t TrainWindows::Begin(uint32_t step, uint32_t row) const {
  return static_cast<int64_t>(
      RandomBelow({seed_, step, kWindowStream}, row, static_cast<uint64_t>(num_begins())));
}

void TrainWindows::Fill(uint32_t step, uint32_t first_row, std::span<int32_t> inputs,
                        std::span<int32_t> targets) const {
  FillRows(*data_, context_, inputs, targets,
           [&](int64_t row) { return Begin(step, first_row + static_cast<uint32_t>(row)); });
}

void TrainWindows::Fill(uint32_t step, uint32_t first_row, std::span<int64_t> inputs,
                        std::span<int64_t> targets) const {
  FillRows(*data_, context_, inputs, targets,
           [&](int64_t row) { return Begin(step, first_row + static_cast<uint32_t>(row)); });
}

StatusOr<EvalWindows> EvalWindows::Create(const TokenDataset* data, int64_t context) {
  WEFT_RETURN_IF_ERROR(CheckContext(context));
  if (data->size() < 2) {
    return InvalidArgument("the held-out split has {} tokens, expected at least 2", data->size());
  }
  return EvalWindows(data, context);
}

void EvalWindows::Fill(int64_t first_window, std::span<int32_t> inputs, std::span<int32_t> targets) const {
  FillRows(*data_, context_, inputs, targets, [&](int64_t row) { return (first_window + row) * context_; });
}

void EvalWindows::Fill(int64_t first_window, std::span<int64_t> inputs, std::span<int64_t> targets) const {
  FillRows(*data_, context_, inputs, targets, [&](int64_t row) { return (first_window + row) * context_; });
}

}  // namespace weft
