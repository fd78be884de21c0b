// Rows added to (or written over, ...) rows picked by index, in parallel and without atomics: the columns are
// cut into parts of at least 64 and the destination rows into parts, and each part walks all sources in
// order. No two threads write the same element, and what happens to it happens in the order of the sources,
// however it is cut. Columns come first: frequent tokens have neighbouring ids, so that rows would share the
// work badly.
#pragma once
#include <algorithm>
#include <cstdint>

#include "base/threads.h"

namespace weft::ops {

// apply(i, row, begin, end) for each i in [0, count): source row i meets destination row row_of(i), in [0,
// rows), in the columns [begin, end) of [0, inner). Each element is met once, on one thread.
template <class RowOf, class Apply>
void ScatterRows(int64_t count, int64_t rows, int64_t inner, int threads, RowOf&& row_of, Apply&& apply) {
  constexpr int64_t kColumns = 64, kMinimumElements = 1 << 14;
  if (count * inner == 0) return;
  const int64_t parts = std::clamp<int64_t>(count * inner / kMinimumElements, 1, threads);
  const int64_t column_parts = std::clamp<int64_t>(inner / kColumns, 1, parts);
  const int64_t row_parts = std::min(parts / column_parts, rows);
  const int64_t width = (inner / column_parts + kColumns - 1) / kColumns * kColumns;
  ParallelFor(column_parts * row_parts, threads, 1, [&](int64_t part_begin, int64_t part_end, int) {
    for (int64_t part = part_begin; part < part_end; ++part) {
      const int64_t c = part % column_parts, r = part / column_parts;
      const int64_t begin = std::min(c * width, inner);
      const int64_t end = c + 1 == column_parts ? inner : std::min((c + 1) * width, inner);
      const int64_t row_begin = rows * r / row_parts, row_end = rows * (r + 1) / row_parts;
      for (int64_t i = 0; i < count && begin < end; ++i) {
        const int64_t row = row_of(i);
        if (row >= row_begin && row < row_end) apply(i, row, begin, end);
      }
    }
  });
}

}  // namespace weft::ops
