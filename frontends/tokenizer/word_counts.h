// How often each word occurs: two hash tables, one for words that fit a WordKey, one for longer ones.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frontends/tokenizer/word_key.h"

namespace weft {

class WordCounts {
 public:
  WordCounts() : short_(kInitial), index_(kInitial, 0) {}

  // n > 0. Bytes up to `readable` may be read.
  void Add(const uint8_t* p, size_t n, const uint8_t* readable, int64_t count = 1) {
    if (n > WordKey::kMaxBytes) return AddLong({reinterpret_cast<const char*>(p), n}, count);
    const WordKey key = WordKey::Of(p, n, readable);
    Short* slot = &short_[FindShort(key)];
    slot->count += count;
    if (slot->count == count) {
      slot->key = key;
      if (++num_short_ > short_.size() / 8 * 5) GrowShort();
    }
  }
  void Add(const WordCounts& other);

  size_t size() const { return num_short_ + long_.size(); }
  size_t memory_bytes() const;

  // body(word, count) for each word, in no particular order.
  template <class Body>
  void ForEach(Body&& body) const {
    for (const Short& slot : short_) {
      if (slot.count == 0) continue;
      body(std::string_view(reinterpret_cast<const char*>(&slot.key), slot.key.size()), slot.count);
    }
    for (const Long& word : long_) body(Text(word), word.count);
  }

 private:
  static constexpr size_t kInitial = 1 << 12;  // sizes are powers of two
  struct Short {
    WordKey key;
    int64_t count = 0;  // 0: free
  };
  struct Long {
    uint64_t hash;
    uint64_t offset;  // in bytes_
    uint64_t size;
    int64_t count;
  };

  size_t FindShort(const WordKey& key) const {
    size_t i = key.Hash() & (short_.size() - 1);
    while (short_[i].count != 0 && !(short_[i].key == key)) i = (i + 1) & (short_.size() - 1);
    return i;
  }
  std::string_view Text(const Long& word) const {
    return std::string_view(bytes_).substr(word.offset, word.size);
  }
  void AddLong(std::string_view word, int64_t count);
  void GrowShort();
  void GrowIndex();

  std::vector<Short> short_;
  size_t num_short_ = 0;
  std::vector<uint32_t> index_;  // long_ index + 1, 0: free
  std::vector<Long> long_;
  std::string bytes_;
};

}  // namespace weft
