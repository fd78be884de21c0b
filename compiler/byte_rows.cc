#include "compiler/byte_rows.h"

namespace weft {

ByteRows RowsOf(const Operand& operand, int64_t begin) {
  const int64_t rows = operand.num_rows();
  if (operand.dense()) {
    const int64_t bytes = SizeInBytes(operand.dtype, operand.num_elements());
    return {begin, bytes, bytes, bytes == 0 ? 0 : 1};
  }
  return {begin, SizeInBytes(operand.dtype, operand.row()), SizeInBytes(operand.dtype, operand.pitch), rows};
}

bool Overlap(const ByteRows& a, const ByteRows& b) {
  if (a.rows == 0 || b.rows == 0 || a.end() <= b.begin || b.end() <= a.begin) return false;
  for (int64_t i = 0, j = 0; i < a.rows && j < b.rows;) {
    const int64_t x = a.begin + i * a.pitch, y = b.begin + j * b.pitch;
    if (x < y + b.row && y < x + a.row) return true;
    (x + a.row < y + b.row ? i : j) += 1;
  }
  return false;
}

bool SamePlace(const ByteRows& a, const ByteRows& b) {
  return a.begin == b.begin && a.row == b.row && a.rows == b.rows && (a.rows <= 1 || a.pitch == b.pitch);
}

ByteRows RowsAs(const ByteRows& like, const ByteRows& rows) {
  return rows.adjacent() ? ByteRows{rows.begin, like.row, like.row, like.rows} : rows;
}

}  // namespace weft
