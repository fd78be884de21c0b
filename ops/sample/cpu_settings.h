// What both kernels share: the operands of a row, checked, and its draw.
#pragma once
#include "base/philox.h"
#include "ops/common/cpu/indices.h"
#include "ops/sample/op.h"

namespace weft::ops::sample {

struct RowSettings {
  double temperature = 1, top_p = 1, min_p = 0, penalty = 1;
  int64_t top_k = 0;
  const int64_t* history = nullptr;
  int64_t history_size = 0;
  RandomKey key;

  bool penalised() const { return penalty != 1 && history_size > 0; }
};

// A token and its log probability, or what is wrong with the logits.
struct RowResult {
  enum Fault : int64_t { kNone, kNotANumber, kInfinite, kNothingPossible };
  Fault fault = kNone;
  int64_t token = 0;
  double logprob = 0;
};

template <class X>
X Penalise(X x, X penalty) {
  return x < 0 ? x * penalty : x / penalty;
}

// u in [0, 1), 53 bits.
inline double Draw(const RandomKey& key) {
  const std::array<uint32_t, 4> words = RandomBlock(key, 0);
  return (static_cast<double>(words[0] >> 5) * 0x1p26 + static_cast<double>(words[1] >> 6)) * 0x1p-53;
}

class Settings {
 public:
  explicit Settings(const KernelNode& node);

  int64_t batch() const { return batch_; }
  int64_t vocab() const { return vocab_; }
  // An error that names the row for a setting out of range.
  template <class T>
  Status Check(const KernelArgs& args) const;
  template <class T>
  RowSettings Row(const KernelArgs& args, int64_t row) const;
  // The first row's fault as an error.
  template <class T>
  Status Faults(const KernelArgs& args, const RowResult* results) const;

 private:
  Status OutOfRangeAt(std::string_view what, int64_t row, double value, std::string_view expected) const;
  Status CheckHistory(const KernelArgs& args) const;

  std::string who_;
  bool has_[9] = {};
  int64_t batch_, vocab_, history_size_;
  uint32_t stream_;
};

}  // namespace weft::ops::sample
