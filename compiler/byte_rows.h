// Rows of bytes that lie a pitch apart: where an operand's elements are.
#pragma once
#include "ops/kernel.h"

namespace weft {

// Counted from the first byte of a value that a call wrote, or in an address space.
struct ByteRows {
  int64_t begin = 0;
  int64_t row = 0, pitch = 0;  // bytes
  int64_t rows = 0;

  bool adjacent() const { return rows <= 1 || pitch == row; }
  int64_t end() const { return rows == 0 ? begin : begin + (rows - 1) * pitch + row; }
};

ByteRows RowsOf(const Operand& operand, int64_t begin);
// Whether a byte is in both.
bool Overlap(const ByteRows& a, const ByteRows& b);
bool SamePlace(const ByteRows& a, const ByteRows& b);
// `rows`, counted as one row where they are adjacent, cut into those of `like`.
ByteRows RowsAs(const ByteRows& like, const ByteRows& rows);

}  // namespace weft
