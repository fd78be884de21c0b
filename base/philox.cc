#include "base/philox.h"

namespace weft {

void FillRandomWords(const RandomKey& key, uint64_t first, std::span<uint32_t> words) {
  size_t i = 0;
  while (i < words.size()) {
    const uint64_t element = first + i;
    const std::array<uint32_t, 4> block = RandomBlock(key, element / 4);
    for (size_t k = element % 4; k < 4 && i < words.size(); ++k) words[i++] = block[k];
  }
}

}  // namespace weft
