// How a fast elementwise kernel walks its operands: runs of the innermost (collapsed) dimension, along which
// each operand either steps by one element or stays on one.
#pragma once
#include <algorithm>
#include <initializer_list>

#include "ops/common/cpu/collapsed_dims.h"

namespace weft::ops {

// N operands: the output, then the inputs.
template <size_t N>
class BroadcastPlan {
 public:
  explicit BroadcastPlan(const KernelNode& node) : BroadcastPlan(Collapse(node)) {}

  int64_t num_elements() const { return num_elements_; }
  int64_t run() const { return run_; }  // elements of a run
  // Whether operand k stays on one element during a run.
  bool repeats(size_t k) const { return !moves_[k] && run_ > 1; }

  // body(offsets, n) for the runs that cover elements [begin, end) of the output, the first and the last cut
  // where needed. Allocates nothing.
  template <class Body>
  void ForRange(int64_t begin, int64_t end, Body&& body) const {
    std::array<int64_t, N> offsets;
    int64_t inside = begin % run_;
    for (int64_t at = begin, row = begin / run_; at < end; ++row) {
      Locate(row, &offsets);
      for (size_t k = 0; k < N; ++k) offsets[k] += moves_[k] ? inside : 0;
      const int64_t n = std::min(run_ - inside, end - at);
      body(offsets, n);
      at += n;
      inside = 0;
    }
  }

 private:
  using Dims = CollapsedDims<N>;

  explicit BroadcastPlan(Dims dims) : num_elements_(dims.num_elements), outer_(std::move(dims.dims)) {
    if (outer_.empty()) return;
    const auto inner = outer_.back();
    bool steps = inner.strides[0] == 1;
    for (int64_t s : inner.strides) steps &= s == 0 || s == 1;
    if (!steps) return;  // elements apart from each other: runs of one
    for (size_t k = 0; k < N; ++k) moves_[k] = inner.strides[k] == 1;
    run_ = inner.size;
    outer_.pop_back();
  }

  static Dims Collapse(const KernelNode& node) {
    const size_t rank = node.outputs[0].shape.size();
    std::array<Strides, N> strides;
    strides[0] = StridesOf(node.outputs[0]);
    for (size_t k = 1; k < N; ++k) strides[k] = StridesOf(node.inputs[k - 1], rank);
    return Dims(node.outputs[0].shape, strides);
  }

  void Locate(int64_t row, std::array<int64_t, N>* offsets) const {
    offsets->fill(0);
    for (size_t d = outer_.size(); d-- > 0;) {
      const int64_t index = d == 0 ? row : row % outer_[d].size;
      row /= outer_[d].size;
      for (size_t k = 0; k < N; ++k) (*offsets)[k] += index * outer_[d].strides[k];
    }
  }

  int64_t num_elements_ = 0;
  int64_t run_ = 1;
  std::array<bool, N> moves_ = {};
  std::vector<typename Dims::Dimension> outer_;
};

}  // namespace weft::ops
