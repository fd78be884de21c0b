#include "ops/sample/cpu_settings.h"

#include <cmath>

namespace weft::ops::sample {

Settings::Settings(const KernelNode& node)
    : who_(Describe(node)),
      batch_(node.inputs[0].dim(0)),
      vocab_(node.inputs[0].dim(1)),
      history_size_(node.has_input(6) ? node.inputs[6].dim(1) : 0),
      stream_(static_cast<uint32_t>(node.attrs<SampleOp>().stream)) {
  for (size_t i = 0; i < 9; ++i) has_[i] = node.has_input(i);
}

Status Settings::OutOfRangeAt(std::string_view what, int64_t row, double value,
                              std::string_view expected) const {
  return OutOfRange("{}: {}[{}] is {}, expected {}", who_, what, row, value, expected);
}

Status Settings::CheckHistory(const KernelArgs& args) const {
  for (int64_t i = 0; i < batch_ * history_size_; ++i) {
    const int64_t token = args.in<int64_t>(6)[i];
    if (token < -1 || token >= vocab_) {
      return OutOfRange("{}: history[{}, {}] is {}, expected -1 (padding) to {}", who_, i / history_size_,
                        i % history_size_, token, vocab_ - 1);
    }
  }
  return OkStatus();
}

template <class T>
RowSettings Settings::Row(const KernelArgs& args, int64_t row) const {
  RowSettings s;
  s.temperature = args.in<T>(1)[row];
  if (has_[2]) s.top_k = args.in<int64_t>(2)[row];
  if (has_[3]) s.top_p = args.in<T>(3)[row];
  if (has_[4]) s.min_p = args.in<T>(4)[row];
  if (has_[5]) s.penalty = args.in<T>(5)[row];
  if (has_[6]) s.history = args.in<int64_t>(6) + row * history_size_;
  s.history_size = history_size_;
  const int64_t step = has_[8] ? args.in<int64_t>(8)[row] : 0;
  s.key = {static_cast<uint64_t>(args.in<int64_t>(7)[row]), static_cast<uint32_t>(step), stream_};
  return s;
}

template <class T>
Status Settings::Check(const KernelArgs& args) const {
  for (int64_t row = 0; row < batch_; ++row) {
    const RowSettings s = Row<T>(args, row);
    if (!(s.temperature >= 0 && std::isfinite(s.temperature))) {
      return OutOfRangeAt("temperature", row, s.temperature, "0 or more");
    }
    if (s.top_k < 0) return OutOfRangeAt("top_k", row, static_cast<double>(s.top_k), "0 (off) or more");
    if (!(s.top_p >= 0 && s.top_p <= 1)) return OutOfRangeAt("top_p", row, s.top_p, "0 to 1");
    if (!(s.min_p >= 0 && s.min_p <= 1)) return OutOfRangeAt("min_p", row, s.min_p, "0 to 1");
    if (!(s.penalty > 0 && std::isfinite(s.penalty))) {
      return OutOfRangeAt("repetition_penalty", row, s.penalty, "a number above 0");
    }
  }
  return CheckHistory(args);
}

template <class T>
Status Settings::Faults(const KernelArgs& args, const RowResult* results) const {
  for (int64_t row = 0; row < batch_; ++row) {
    if (results[row].fault == RowResult::kNone) continue;
    if (results[row].fault == RowResult::kNothingPossible) {
      return OutOfRange("{}: logits[{}] is -inf for all {} tokens", who_, row, vocab_);
    }
    const T* x = args.in<T>(0) + row * vocab_;
    int64_t i = 0;
    while (i + 1 < vocab_ && !std::isnan(x[i]) && !(x[i] > 0 && std::isinf(x[i]))) ++i;
    return OutOfRange("{}: logits[{}, {}] is {}, expected a number or -inf", who_, row, i, x[i]);
  }
  return OkStatus();
}

template RowSettings Settings::Row<float>(const KernelArgs&, int64_t) const;
template RowSettings Settings::Row<double>(const KernelArgs&, int64_t) const;
template Status Settings::Check<float>(const KernelArgs&) const;
template Status Settings::Check<double>(const KernelArgs&) const;
template Status Settings::Faults<float>(const KernelArgs&, const RowResult*) const;
template Status Settings::Faults<double>(const KernelArgs&, const RowResult*) const;

}  // namespace weft::ops::sample
