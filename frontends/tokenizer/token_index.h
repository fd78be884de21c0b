// Tokens' strings to ids: a hash table over strings that it does not own.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

class TokenIndex {
 public:
  TokenIndex() = default;
  // Of strings[id] for the ids that are added; `strings` must outlive this and not change.
  explicit TokenIndex(const std::vector<std::string>& strings);

  // False if an equal string is there already: its id stays.
  bool Add(uint32_t id);
  // kNoToken if there is none.
  uint32_t Find(std::string_view text) const;
  bool empty() const { return size_ == 0; }

 private:
  // The slot of the string, or the free one where it belongs.
  size_t Slot(std::string_view text) const;

  const std::vector<std::string>* strings_ = nullptr;
  std::vector<uint32_t> slots_;  // id + 1, 0: free; at most half are taken
  size_t size_ = 0;
};

}  // namespace weft
