#include "compiler/byte_rows.h"

#include <algorithm>

namespace weft {
namespace {

// Of rows at one pitch: a row of b, k rows behind one of a, begins `distance` + k * pitch behind it, and they
// share a byte if that lies between -b.row and a.row. There may be 10^12 rows, so that none is looked at.
bool OverlapAtPitch(const ByteRows& a, const ByteRows& b, int64_t pitch) {
  const int64_t distance = b.begin - a.begin, beyond = -b.row - distance;
  const int64_t above = beyond >= 0 ? beyond / pitch : -((-beyond + pitch - 1) / pitch);  // rounded down
  const int64_t k = std::max(above + 1, -(a.rows - 1));
  return k <= b.rows - 1 && distance + k * pitch < a.row;
}

}  // namespace

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
  const int64_t pitch = a.rows > 1 ? a.pitch : b.pitch;
  if (a.rows == 1 || b.rows == 1 || a.pitch == b.pitch)
    return OverlapAtPitch(a, b, std::max<int64_t>(pitch, 1));
  for (int64_t i = 0, j = 0; i < a.rows && j < b.rows;) {
    const int64_t x = a.begin + i * a.pitch, y = b.begin + j * b.pitch;
    if (x < y + b.row && y < x + a.row) return true;
    if (x < y) i += std::max<int64_t>(1, (y - x - a.row) / std::max<int64_t>(a.pitch, 1));
    if (x >= y) j += std::max<int64_t>(1, (x - y - b.row) / std::max<int64_t>(b.pitch, 1));
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
