// Finds special tokens in text: the leftmost first, of those that begin there the longest.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

struct SpecialToken {
  std::string text;  // not empty
  uint32_t id;
  bool as_text = false;  // found, so that no other token is inside it, but left in the text
};

class SpecialTokenFinder {
 public:
  SpecialTokenFinder() = default;
  explicit SpecialTokenFinder(std::vector<SpecialToken> tokens);

  bool empty() const { return tokens_.empty(); }
  size_t max_length() const { return max_length_; }

  struct Match {
    size_t begin, end;
    uint32_t id;
  };
  // The first match that begins at `from` or later, but for those left as text.
  bool Next(std::string_view text, size_t from, Match* match) const;
  // Whether some token occurs in `text` across the position `at`, beginning before it and ending after.
  bool Straddles(std::string_view text, size_t at) const;
  // Where the earliest token begins that `text` cuts off at its end; text.size() if none. A token that is
  // complete but could turn into a longer one counts.
  size_t CutOffAt(std::string_view text) const;

 private:
  // The longest token at `at`, or nullptr.
  const SpecialToken* LongestAt(std::string_view text, size_t at) const;

  std::vector<SpecialToken> tokens_;           // by first byte, then longest first
  std::array<uint32_t, 257> by_first_byte_{};  // tokens_[by_first_byte_[b] .. by_first_byte_[b + 1])
  std::array<std::string, 256> prefixes_;      // common to all tokens with this first byte
  int only_first_byte_ = -1;                   // if all tokens begin with the same byte
  size_t max_length_ = 0;
};

}  // namespace weft
