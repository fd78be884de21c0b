// Words that were encoded before, with their tokens: bounded memory, nothing is ever wrong in it, something
// may be gone. Short words with few tokens sit in pairs of entries that share a cache line, the one that was
// found last in front, in a table that grows as far as it is of use; other words of moderate length in a
// table that is emptied when it is full.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "frontends/tokenizer/word_key.h"

namespace weft {

class WordCache {
 public:
  static constexpr uint32_t kMaxIds = 3;
  struct Entry {
    WordKey key;
    uint32_t ids[kMaxIds];
    uint32_t count = 0;  // 0: free; kMany: the word is with the long ones
  };
  static constexpr uint32_t kMany = 0xFFFFFFFF;

  WordCache() : sets_(size_t{1} << set_bits_), slots_(kSlots) {}

  // Asks for the memory that Find(key, key.Hash()) will read.
  void Prefetch(uint64_t hash) const { __builtin_prefetch(&sets_[hash >> (64 - set_bits_)]); }
  // nullptr if the word is not there. The entry is good until the next call.
  const Entry* Find(const WordKey& key, uint64_t hash) {
    Set& set = sets_[hash >> (64 - set_bits_)];
    if (set.entries[0].key == key) return &set.entries[0];
    if (!(set.entries[1].key == key)) return nullptr;
    std::swap(set.entries[0], set.entries[1]);
    return &set.entries[0];
  }
  // 1 to kMaxIds ids, or none if they are to be found by FindLong.
  void Insert(const WordKey& key, std::span<const uint32_t> ids);

  static constexpr size_t kMaxLongWord = 256;
  // Words longer than a key, or with more ids than an entry takes; at most kMaxLongWord bytes.
  bool FindLong(std::string_view word, std::span<const uint32_t>* ids) const;
  void InsertLong(std::string_view word, std::span<const uint32_t> ids);

 private:
  static constexpr int kMaxSetBits = 17;  // sets are 64 bytes each
  static constexpr int kSlotBits = 14;
  static constexpr size_t kSlots = size_t{1} << kSlotBits;
  static constexpr size_t kMaxArena = size_t{1} << 19;  // of uint32_t

  struct alignas(64) Set {
    Entry entries[2];
  };
  struct Slot {
    uint64_t hash = 0;
    uint32_t offset = 0;  // in arena_: the word's bytes, padded to four, then the ids
    uint16_t size = 0;    // 0: free
    uint16_t count = 0;
  };
  static uint64_t HashOf(std::string_view word) {
    return HashBytes(reinterpret_cast<const uint8_t*>(word.data()), word.size());
  }

  void Place(const Entry& entry);
  void Grow();

  int set_bits_ = 11;
  size_t inserted_ = 0;  // since it grew
  std::vector<Set> sets_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> arena_;
};

}  // namespace weft
