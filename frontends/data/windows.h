// Which tokens a step sees: windows of context+1 tokens of a split; the first context of them are the
// inputs, the last context (one further on) the targets.
//
// Training takes random windows, each a function of (seed, step, row of the whole batch) alone, so that a
// resumed run, accumulation in micro batches and many processes all see the same ones. Evaluation takes fixed
// windows without overlap: every token but the first is a target exactly once; what the last window lacks
// is input 0 and target kIgnoreIndex.
#pragma once
#include <cstdint>
#include <span>

#include "base/shards.h"
#include "base/status.h"

namespace weft {

// SoftmaxCrossEntropyLoss' ignore_index for targets that are padding.
inline constexpr int32_t kIgnoreIndex = -1;
// The random stream (base/philox.h) of training windows.
inline constexpr uint32_t kWindowStream = 0x77696e64;  // "wind"

class TrainWindows {
 public:
  // `data` must outlive this. A split of less than context + 1 tokens is refused.
  static StatusOr<TrainWindows> Create(const TokenDataset* data, int64_t context, uint64_t seed);

  int64_t context() const { return context_; }
  int64_t num_begins() const { return data_->size() - context_; }
  // The first token of a window: each of [0, num_begins()) equally likely (exactly so, not just nearly).
  int64_t Begin(uint32_t step, uint32_t row) const;
  // Rows first_row, first_row + 1, ... of the batch of `step`. inputs, targets: [rows, context].
  void Fill(uint32_t step, uint32_t first_row, std::span<int32_t> inputs, std::span<int32_t> targets) const;
  void Fill(uint32_t step, uint32_t first_row, std::span<int64_t> inputs, std::span<int64_t> targets) const;

 private:
  TrainWindows(const TokenDataset* data, int64_t context, uint64_t seed)
      : data_(data), context_(context), seed_(seed) {}
  const TokenDataset* data_;
  int64_t context_;
  uint64_t seed_;
};

class EvalWindows {
 public:
  // `data` must outlive this. A split of less than 2 tokens, in which there is nothing to predict, is
  // refused.
  static StatusOr<EvalWindows> Create(const TokenDataset* data, int64_t context);

  int64_t context() const { return context_; }
  int64_t size() const { return (num_targets() + context_ - 1) / context_; }  // windows
  int64_t num_targets() const { return data_->size() - 1; }                   // targets in all windows
  // Windows first_window, first_window + 1, ...; those past the last are padding altogether.
  // inputs, targets: [windows, context].
  void Fill(int64_t first_window, std::span<int32_t> inputs, std::span<int32_t> targets) const;
  void Fill(int64_t first_window, std::span<int64_t> inputs, std::span<int64_t> targets) const;

 private:
  EvalWindows(const TokenDataset* data, int64_t context) : data_(data), context_(context) {}
  const TokenDataset* data_;
  int64_t context_;
};

}  // namespace weft
