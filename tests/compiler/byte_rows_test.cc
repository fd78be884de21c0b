// Bytes that lie in rows: whether two of them share one, against looking at each byte.
#include "compiler/byte_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace weft {
namespace {

std::set<int64_t> BytesOf(const ByteRows& rows) {
  std::set<int64_t> bytes;
  for (int64_t r = 0; r < rows.rows; ++r) {
    for (int64_t i = 0; i < rows.row; ++i) bytes.insert(rows.begin + r * rows.pitch + i);
  }
  return bytes;
}
bool ShareAByte(const ByteRows& a, const ByteRows& b) {
  const std::set<int64_t> of_a = BytesOf(a), of_b = BytesOf(b);
  return std::any_of(of_a.begin(), of_a.end(), [&](int64_t byte) { return of_b.contains(byte); });
}

TEST(ByteRowsTest, OverlapAsByBytes) {
  std::mt19937 random(1);
  const auto draw = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  int overlaps = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto rows = [&](int64_t pitch) { return ByteRows{draw(0, 40), draw(1, pitch), pitch, draw(0, 5)}; };
    const int64_t pitch = draw(1, 12);
    const ByteRows a = rows(pitch), b = rows(i % 2 == 0 ? pitch : draw(1, 12));
    const bool expected = ShareAByte(a, b);
    ASSERT_EQ(Overlap(a, b), expected) << a.begin << " " << a.row << " " << a.pitch << " " << a.rows << ", "
                                       << b.begin << " " << b.row << " " << b.pitch << " " << b.rows;
    overlaps += expected;
  }
  EXPECT_GT(overlaps, 2000);
  EXPECT_LT(overlaps, 18000);
}

TEST(ByteRowsTest, OfManyRowsNoneIsLookedAt) {
  constexpr int64_t kRows = int64_t{1} << 40;
  const ByteRows even = {0, 8, 16, kRows}, odd = {8, 8, 16, kRows}, all = {0, kRows, kRows, 1};
  EXPECT_FALSE(Overlap(even, odd));
  EXPECT_TRUE(Overlap(even, {9, 8, 16, kRows}));
  EXPECT_TRUE(Overlap(all, odd));
  EXPECT_FALSE(Overlap({8 + 16 * (kRows - 1), 8, 8, 1}, even));
}

}  // namespace
}  // namespace weft
