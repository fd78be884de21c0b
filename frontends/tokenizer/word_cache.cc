#include "frontends/tokenizer/word_cache.h"

#include <algorithm>
#include <cstring>

namespace weft {

void WordCache::Insert(const WordKey& key, std::span<const uint32_t> ids) {
  if (++inserted_ > sets_.size() && set_bits_ < kMaxSetBits) Grow();
  Entry entry{key, {}, ids.empty() ? kMany : static_cast<uint32_t>(ids.size())};
  std::copy(ids.begin(), ids.end(), entry.ids);
  Place(entry);
}

void WordCache::Place(const Entry& entry) {
  Set& set = sets_[entry.key.Hash() >> (64 - set_bits_)];
  set.entries[set.entries[0].count == 0 ? 0 : 1] = entry;
}

void WordCache::Grow() {
  ++set_bits_;
  inserted_ = 0;
  std::vector<Set> old(size_t{1} << set_bits_);
  old.swap(sets_);
  for (const Set& set : old) {
    for (const Entry& entry : set.entries) {
      if (entry.count != 0) Place(entry);
    }
  }
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
