#include "frontends/tokenizer/special_tokens.h"

#include <algorithm>
#include <cstring>

namespace weft {
namespace {

uint8_t FirstByte(const SpecialToken& token) { return static_cast<uint8_t>(token.text[0]); }

}  // namespace

SpecialTokenFinder::SpecialTokenFinder(std::vector<SpecialToken> tokens) : tokens_(std::move(tokens)) {
  std::sort(tokens_.begin(), tokens_.end(), [](const SpecialToken& a, const SpecialToken& b) {
    if (FirstByte(a) != FirstByte(b)) return FirstByte(a) < FirstByte(b);
    if (a.text.size() != b.text.size()) return a.text.size() > b.text.size();
    return a.text < b.text;
  });
  size_t next = 0;
  for (int byte = 0; byte < 256; ++byte) {
    by_first_byte_[byte] = static_cast<uint32_t>(next);
    std::string& prefix = prefixes_[byte];
    for (; next < tokens_.size() && FirstByte(tokens_[next]) == byte; ++next) {
      const std::string& text = tokens_[next].text;
      max_length_ = std::max(max_length_, text.size());
      if (next == by_first_byte_[byte]) prefix = text;
      const auto differ = std::mismatch(prefix.begin(), prefix.end(), text.begin(), text.end()).first;
      prefix.erase(differ, prefix.end());
    }
  }
  by_first_byte_[256] = static_cast<uint32_t>(next);
  if (!tokens_.empty() && FirstByte(tokens_.front()) == FirstByte(tokens_.back())) {
    only_first_byte_ = FirstByte(tokens_.front());
  }
}

const SpecialToken* SpecialTokenFinder::LongestAt(std::string_view text, size_t at) const {
  const uint8_t byte = static_cast<uint8_t>(text[at]);
  const std::string_view rest = text.substr(at);
  if (!rest.starts_with(prefixes_[byte])) return nullptr;
  for (uint32_t i = by_first_byte_[byte]; i < by_first_byte_[byte + 1]; ++i) {
    if (rest.starts_with(tokens_[i].text)) return &tokens_[i];
  }
  return nullptr;
}

bool SpecialTokenFinder::Next(std::string_view text, size_t from, Match* match) const {
  if (tokens_.empty()) return false;
  for (size_t at = from; at < text.size(); ++at) {
    if (only_first_byte_ >= 0) {
      const void* found = std::memchr(text.data() + at, only_first_byte_, text.size() - at);
      if (found == nullptr) return false;
      at = static_cast<size_t>(static_cast<const char*>(found) - text.data());
    } else {
      const uint8_t byte = static_cast<uint8_t>(text[at]);
      if (by_first_byte_[byte] == by_first_byte_[byte + 1]) continue;
    }
    const SpecialToken* token = LongestAt(text, at);
    if (token == nullptr) continue;
    *match = {at, at + token->text.size(), token->id};
    if (!token->as_text) return true;
    at = match->end - 1;
  }
  return false;
}

bool SpecialTokenFinder::Straddles(std::string_view text, size_t at) const {
  for (size_t begin = at - std::min(at, max_length_); begin < at; ++begin) {
    const SpecialToken* token = LongestAt(text, begin);
    if (token != nullptr && begin + token->text.size() > at) return true;
  }
  return false;
}

size_t SpecialTokenFinder::CutOffAt(std::string_view text) const {
  for (size_t begin = text.size() - std::min(text.size(), max_length_); begin < text.size(); ++begin) {
    const std::string_view rest = text.substr(begin);
    const uint8_t byte = static_cast<uint8_t>(rest[0]);
    for (uint32_t i = by_first_byte_[byte]; i < by_first_byte_[byte + 1]; ++i) {
      if (tokens_[i].text.size() > rest.size() && std::string_view(tokens_[i].text).starts_with(rest)) {
        return begin;
      }
    }
  }
  return text.size();
}

}  // namespace weft
