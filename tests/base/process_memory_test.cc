#include "base/process_memory.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>

namespace weft {
namespace {

constexpr int64_t kBlock = int64_t{64} << 20;

// A block of memory that has been written to, so that it is resident.
std::unique_ptr<char[]> Touched() {
  std::unique_ptr<char[]> block(new char[kBlock]);
  std::memset(block.get(), 1, kBlock);
  // The compiler must not find out that nobody reads it.
  asm volatile("" : : "r"(block.get()) : "memory");
  return block;
}

TEST(ProcessMemoryTest, WhatIsTouchedIsResident) {
  const int64_t before = ResidentBytes();
  ASSERT_GT(before, 0);
  const auto block = Touched();
  EXPECT_GT(ResidentBytes(), before + kBlock / 2);
}

TEST(ProcessMemoryTest, ThePeakOutlivesTheBlockUntilItIsReset) {
  const int64_t before = ResidentBytes();
  Touched();
  EXPECT_GT(PeakResidentBytes(), before + kBlock / 2);
  if (!ResetPeakResident()) GTEST_SKIP() << "this kernel does not let the peak begin anew";
  EXPECT_LT(PeakResidentBytes(), before + kBlock / 2);
}

}  // namespace
}  // namespace weft
