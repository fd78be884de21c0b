// Words of up to 15 bytes as two 64-bit numbers that are equal if and only if the words are: the bytes in
// memory order, zeros, and the length in the last byte. What the encoder's cache and the trainer's counts
// look words up by.
#pragma once
#include <array>
#include <cstdint>
#include <cstring>

namespace weft {

struct WordKey {
  struct Mask {
    uint64_t low, high;
  };
  static const std::array<Mask, 16> kMasks;  // the first n bytes

  static constexpr size_t kMaxBytes = 15;
  uint64_t low = 0, high = 0;

  bool operator==(const WordKey&) const = default;
  size_t size() const { return high >> 56; }

  // n <= kMaxBytes. Bytes up to `readable` may be read, those past p + n do not count.
  static WordKey Of(const uint8_t* p, size_t n, const uint8_t* readable) {
    WordKey key;
    if (readable - p >= 16) {
      std::memcpy(&key, p, 16);
    } else {
      std::memcpy(&key, p, n);
    }
    key.low &= kMasks[n].low;
    key.high &= kMasks[n].high;
    key.high |= uint64_t{n} << 56;
    return key;
  }

  uint64_t Hash() const {
    uint64_t h = low * 0x9E3779B97F4A7C15 ^ high * 0xC2B2AE3D27D4EB4F;
    h ^= h >> 32;
    h *= 0xD6E8FEB86659FD93;
    return h ^ h >> 29;
  }
};
inline constexpr std::array<WordKey::Mask, 16> WordKey::kMasks = [] {
  std::array<Mask, 16> masks{};
  for (int n = 1; n < 16; ++n) {
    masks[n].low = ~uint64_t{0} >> (n < 8 ? 64 - 8 * n : 0);
    masks[n].high = n > 8 ? ~uint64_t{0} >> (128 - 8 * n) : 0;
  }
  return masks;
}();

// A hash of longer words.
inline uint64_t HashBytes(const uint8_t* p, size_t n) {
  uint64_t h = n * 0x9E3779B97F4A7C15;
  const auto mix = [&h](uint64_t x) {
    h = (h ^ x) * 0xD6E8FEB86659FD93;
    h ^= h >> 32;
  };
  for (; n >= 8; p += 8, n -= 8) {
    uint64_t x;
    std::memcpy(&x, p, 8);
    mix(x);
  }
  uint64_t rest = 0;
  std::memcpy(&rest, p, n);
  mix(rest);
  return h * 0xC2B2AE3D27D4EB4F ^ h >> 31;
}

}  // namespace weft
