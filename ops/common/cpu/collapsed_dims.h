// A loop nest over several operands with as few dimensions as possible: neighbours that every operand walks
// through in one go become one dimension, ones vanish. Every fast elementwise and copying kernel runs on
// this.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "ops/common/cpu/walk.h"

namespace weft::ops {

template <size_t N>
struct CollapsedDims {
  struct Dimension {
    int64_t size = 1;
    std::array<int64_t, N> strides = {};
  };
  std::vector<Dimension> dims;  // the innermost last; none for a single element or where a size is 0
  int64_t num_elements = 1;

  CollapsedDims(const Shape& shape, const std::array<Strides, N>& strides)
      : num_elements(NumElements(shape)) {
    for (size_t i = shape.size(); num_elements > 0 && i-- > 0;) {
      if (shape[i] == 1) continue;
      Dimension d{shape[i], {}};
      for (size_t k = 0; k < N; ++k) d.strides[k] = strides[k][i];
      if (!dims.empty() && Continues(d, dims.back())) {
        dims.back().size *= d.size;
      } else {
        dims.push_back(d);
      }
    }
    std::reverse(dims.begin(), dims.end());
  }

 private:
  static bool Continues(const Dimension& outer, const Dimension& inner) {
    for (size_t k = 0; k < N; ++k) {
      if (outer.strides[k] != inner.strides[k] * inner.size) return false;
    }
    return true;
  }
};

}  // namespace weft::ops
