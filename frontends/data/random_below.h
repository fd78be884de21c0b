// A whole number in [0, n), each exactly equally likely, as a function of its place alone.
#pragma once
#include <cstdint>

#include "base/philox.h"
#include "base/status.h"

namespace weft {

// Lemire's method: the high word of a 128-bit product; drawn again (the attempt is part of the place) in the
// few cases that would make some results likelier. n > 0.
inline uint64_t RandomBelow(const RandomKey& key, uint32_t place, uint64_t n) {
  WEFT_CHECK(n > 0);
  for (uint64_t attempt = 0;; ++attempt) {
    const std::array<uint32_t, 4> words = RandomBlock(key, attempt << 32 | place);
    const unsigned __int128 product = static_cast<unsigned __int128>(uint64_t{words[1]} << 32 | words[0]) * n;
    if (static_cast<uint64_t>(product) >= -n % n) return static_cast<uint64_t>(product >> 64);
  }
}

}  // namespace weft
