// Steps through the elements of a shape in row-major order, keeping the offset of each operand: what plain
// kernels read by. Strides are in elements; 0 repeats an element (a broadcast).
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "ops/kernel.h"

namespace weft::ops {

using Strides = std::vector<int64_t>;

// The strides of an operand seen as `rank` dimensions, aligned at the last; 0 where it has size 1 or nothing.
Strides StridesOf(const Operand& operand, size_t rank);
inline Strides StridesOf(const Operand& operand) { return StridesOf(operand, operand.shape.size()); }

template <size_t N>
class Walk {
 public:
  Walk(Shape shape, std::array<Strides, N> strides)
      : shape_(std::move(shape)), strides_(std::move(strides)), index_(shape_.size(), 0) {}

  int64_t num_elements() const { return NumElements(shape_); }
  int64_t offset(size_t k) const { return offset_[k]; }
  int64_t index(size_t axis) const { return index_[axis]; }
  void Reset() {
    std::fill(index_.begin(), index_.end(), 0);
    offset_ = {};
  }
  // After the last element: back at the first.
  void Next() {
    for (size_t d = shape_.size(); d-- > 0;) {
      for (size_t k = 0; k < N; ++k) offset_[k] += strides_[k][d];
      if (++index_[d] < shape_[d]) return;
      for (size_t k = 0; k < N; ++k) offset_[k] -= strides_[k][d] * shape_[d];
      index_[d] = 0;
    }
  }

 private:
  Shape shape_;
  std::array<Strides, N> strides_;
  std::vector<int64_t> index_;
  std::array<int64_t, N> offset_ = {};
};

}  // namespace weft::ops
