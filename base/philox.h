// Random numbers as a pure function of their place: Philox-4x32 with 10 rounds (Salmon, Moraes, Dror and
// Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011).
//
// A draw depends on (seed, step, stream, element index in the whole batch) only, however the work is split:
//   key     = the 64-bit seed, low word first
//   counter = {block low, block high, step, stream},  block = element / 4
//   element takes word element % 4 of the block.
#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace weft {

// What a draw depends on besides its element index.
struct RandomKey {
  uint64_t seed = 0;
  uint32_t step = 0;
  uint32_t stream = 0;
};

// The bijection itself: 10 rounds on a counter under a key.
constexpr std::array<uint32_t, 4> Philox4x32(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = uint64_t{0xD2511F53} * counter[0];
    const uint64_t product1 = uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(product0)};
    key[0] += 0x9E3779B9;  // the golden ratio
    key[1] += 0xBB67AE85;  // sqrt(3) - 1
  }
  return counter;
}

// The words of elements 4 * block to 4 * block + 3.
constexpr std::array<uint32_t, 4> RandomBlock(const RandomKey& key, uint64_t block) {
  return Philox4x32({static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32), key.step, key.stream},
                    {static_cast<uint32_t>(key.seed), static_cast<uint32_t>(key.seed >> 32)});
}

constexpr uint32_t RandomWord(const RandomKey& key, uint64_t element) {
  return RandomBlock(key, element / 4)[element % 4];
}

// 24 bits in [0, 1), each multiple of 2^-24 equally likely.
constexpr float UniformFloat(uint32_t word) { return static_cast<float>(word >> 8) * 0x1p-24F; }

// The words of elements first, first + 1, ...: the same as RandomWord of each, a block at a time.
void FillRandomWords(const RandomKey& key, uint64_t first, std::span<uint32_t> words);

}  // namespace weft
