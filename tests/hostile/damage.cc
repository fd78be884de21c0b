#include "tests/hostile/damage.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>

#include "base/file.h"
#include "tests/base/largest_allocation.h"

namespace weft::test {
namespace {

constexpr size_t kEveryBit = 400;  // bytes of files whose every bit is flipped; larger ones:
constexpr int kRandomBits = 1500;
constexpr size_t kCuts = 600;  // at most so many truncations, evenly spread
// What a reader may ask for in one piece: tables of its own, and a few times the file.
constexpr size_t kAllocation = 4 << 20;
constexpr size_t kPerByte = 64;
constexpr auto kTime = std::chrono::seconds(20);  // for one reading, on a busy machine

// Without the syncs of WriteFileAtomically. A new file: some file systems sync one that is cut and written
// again.
void Write(const std::string& path, const std::string& bytes) {
  std::remove(path.c_str());
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  ASSERT_TRUE(out.flush().good()) << path;
}

// One reading of damaged bytes.
void Count(const std::string& path, const std::string& bytes, const std::string& what,
           const std::function<Status()>& read, DamageCounts* counts) {
  Write(path, bytes);
  ResetLargestAllocation();
  const auto begin = std::chrono::steady_clock::now();
  const Status status = read();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kTime) << what;
  EXPECT_LE(LargestAllocation(), kAllocation + kPerByte * bytes.size()) << what;
  ++(status.ok() ? counts->read : counts->refused);
  if (status.ok()) return;
  // One line; an error in a text shows the place on two more.
  const std::string message = Message(status);
  EXPECT_FALSE(message.empty()) << what;
  EXPECT_TRUE(message.find('\n') == std::string::npos || message.ends_with("^")) << what << ": " << message;
  EXPECT_LT(message.size(), 2000U) << what << ": " << message;
}

}  // namespace

DamageCounts DamageFile(const std::string& directory, const std::string& file,
                        const std::function<Status()>& read) {
  const std::string path = JoinPath(directory, file);
  const std::string good = *ReadFile(path);
  const Status whole = read();
  EXPECT_TRUE(whole.ok()) << file << ": " << Message(whole);
  DamageCounts counts;
  const size_t stride = std::max<size_t>(1, good.size() / kCuts);
  for (size_t size = 0; size < good.size(); size += stride) {
    Count(path, good.substr(0, size), fmt::format("{} cut at {}", file, size), read, &counts);
  }
  const auto flip = [&](size_t bit) {
    std::string bytes = good;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    Count(path, bytes, fmt::format("{} with bit {} flipped", file, bit), read, &counts);
  };
  if (good.size() <= kEveryBit) {
    for (size_t bit = 0; bit < 8 * good.size(); ++bit) flip(bit);
  } else {
    std::mt19937_64 random(good.size());
    for (int i = 0; i < kRandomBits; ++i) flip(random() % (8 * good.size()));
  }
  Write(path, good);
  return counts;
}

}  // namespace weft::test
