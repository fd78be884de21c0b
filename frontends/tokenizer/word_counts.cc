#include "frontends/tokenizer/word_counts.h"

namespace weft {

void WordCounts::AddLong(std::string_view word, int64_t count) {
  const uint64_t hash = HashBytes(reinterpret_cast<const uint8_t*>(word.data()), word.size());
  size_t i = hash & (index_.size() - 1);
  for (; index_[i] != 0; i = (i + 1) & (index_.size() - 1)) {
    Long& known = long_[index_[i] - 1];
    if (known.hash == hash && Text(known) == word) {
      known.count += count;
      return;
    }
  }
  long_.push_back({hash, bytes_.size(), word.size(), count});
  bytes_.append(word);
  index_[i] = static_cast<uint32_t>(long_.size());
  if (long_.size() > index_.size() / 2) GrowIndex();
}

void WordCounts::GrowShort() {
  std::vector<Short> old(2 * short_.size());
  old.swap(short_);
  for (const Short& slot : old) {
    if (slot.count != 0) short_[FindShort(slot.key)] = slot;
  }
}

void WordCounts::GrowIndex() {
  index_.assign(2 * index_.size(), 0);
  for (size_t word = 0; word < long_.size(); ++word) {
    size_t i = long_[word].hash & (index_.size() - 1);
    while (index_[i] != 0) i = (i + 1) & (index_.size() - 1);
    index_[i] = static_cast<uint32_t>(word + 1);
  }
}

void WordCounts::Add(const WordCounts& other) {
  other.ForEach([this](std::string_view word, int64_t count) {
    const auto* p = reinterpret_cast<const uint8_t*>(word.data());
    Add(p, word.size(), p + word.size(), count);
  });
}

size_t WordCounts::memory_bytes() const {
  return short_.size() * sizeof(Short) + index_.size() * sizeof(uint32_t) + long_.capacity() * sizeof(Long) +
         bytes_.capacity();
}

}  // namespace weft
