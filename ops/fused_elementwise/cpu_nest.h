// The loops of a fused node: rows of one innermost dimension, along which every operand either steps by one
// element or stays on one.
#pragma once
#include <cstdint>
#include <vector>

#include "ops/common/cpu/walk.h"

namespace weft::ops::fused_elementwise {

// Which axes the reductions take, if there are any.
enum class Reduced : uint8_t { kNone, kLast, kFirst };

struct TileNest {
  struct Dimension {
    int64_t size = 1;
    std::vector<int64_t> strides;  // by operand
  };
  std::vector<Dimension> outer;  // of which `rows` are the places
  int64_t rows = 1, columns = 1;
  int64_t kept_rows = 1;      // with kLast: rows that a reduction keeps apart
  std::vector<bool> repeats;  // by operand, along a row

  // Where each operand's row begins, in elements.
  void Locate(int64_t row, int64_t* offsets) const {
    for (size_t k = 0; k < repeats.size(); ++k) offsets[k] = 0;
    for (size_t d = outer.size(); d-- > 0;) {
      const int64_t index = d == 0 ? row : row % outer[d].size;
      row /= outer[d].size;
      for (size_t k = 0; k < repeats.size(); ++k) offsets[k] += index * outer[d].strides[k];
    }
  }
};

// Of operands with those strides over `shape`, none of whose sizes is 0; `axes` are those reduced. "" or why
// there are no such loops.
std::string MakeNest(const Shape& shape, const std::vector<Strides>& strides, Reduced reduced,
                     const std::vector<bool>& axes, TileNest* nest);

}  // namespace weft::ops::fused_elementwise
