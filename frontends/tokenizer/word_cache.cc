#include "frontends/tokenizer/word_cache.h"

#include <algorithm>
#include <cstring>

namespace weft {

void WordCache::Insert(const WordKey& key, std::span<const uint32_t> ids) {
  Set& set = sets_[key.Hash() >> (64 - kSetBits)];
  Entry& entry = set.entries[set.entries[0].count == 0 ? 0 : 1];
  entry.key = key;
  entry.count = static_cast<uint32_t>(ids.size());
  std::copy(ids.begin(), ids.end(), entry.ids);
}

bool WordCache::FindLong(std::string_view word, std::span<const uint32_t>* ids) const {
  const uint64_t hash = HashOf(word);
  const Slot& slot = slots_[hash >> (64 - kSlotBits)];
  if (slot.hash != hash || slot.size != word.size()) return false;
  const uint32_t* bytes = arena_.data() + slot.offset;
  if (std::memcmp(bytes, word.data(), word.size()) != 0) return false;
  *ids = {bytes + (word.size() + 3) / 4, slot.count};
  return true;
}

void WordCache::InsertLong(std::string_view word, std::span<const uint32_t> ids) {
  if (arena_.size() + (word.size() + 3) / 4 + ids.size() > kMaxArena) {
    arena_.clear();
    std::fill(slots_.begin(), slots_.end(), Slot());
  }
  const uint64_t hash = HashOf(word);
  const size_t offset = arena_.size();
  arena_.resize(offset + (word.size() + 3) / 4);
  std::memcpy(arena_.data() + offset, word.data(), word.size());
  arena_.insert(arena_.end(), ids.begin(), ids.end());
  slots_[hash >> (64 - kSlotBits)] = {hash, static_cast<uint32_t>(offset), static_cast<uint16_t>(word.size()),
                                      static_cast<uint16_t>(ids.size())};
}

}  // namespace weft
