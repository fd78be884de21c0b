#include "frontends/tokenizer/token_index.h"

#include <bit>

#include "frontends/tokenizer/bpe_model.h"
#include "frontends/tokenizer/word_key.h"

namespace weft {

TokenIndex::TokenIndex(const std::vector<std::string>& strings)
    : strings_(&strings), slots_(std::bit_ceil(2 * strings.size() + 1), 0) {}

size_t TokenIndex::Slot(std::string_view text) const {
  size_t i = HashBytes(reinterpret_cast<const uint8_t*>(text.data()), text.size()) & (slots_.size() - 1);
  while (slots_[i] != 0 && (*strings_)[slots_[i] - 1] != text) i = (i + 1) & (slots_.size() - 1);
  return i;
}

bool TokenIndex::Add(uint32_t id) {
  uint32_t& slot = slots_[Slot((*strings_)[id])];
  if (slot != 0) return false;
  slot = id + 1;
  ++size_;
  return true;
}

uint32_t TokenIndex::Find(std::string_view text) const {
  if (slots_.empty()) return kNoToken;
  const uint32_t slot = slots_[Slot(text)];
  return slot == 0 ? kNoToken : slot - 1;
}

}  // namespace weft
