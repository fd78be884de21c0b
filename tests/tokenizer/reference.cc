#include "tests/tokenizer/reference.h"

#include <algorithm>
#include <map>

#include "frontends/tokenizer/byte_level.h"
#include "frontends/tokenizer/pattern.h"
#include "frontends/tokenizer/regex_splitter.h"
#include "frontends/tokenizer/unicode.h"

namespace weft::testing {
namespace {

// Replaces every `left` followed by `right`, from left to right.
template <class Symbol>
std::vector<Symbol> MergeAll(const std::vector<Symbol>& symbols, const Symbol& left, const Symbol& right,
                             const Symbol& both) {
  std::vector<Symbol> out;
  for (size_t i = 0; i < symbols.size(); ++i) {
    if (i + 1 < symbols.size() && symbols[i] == left && symbols[i + 1] == right) {
      out.push_back(both);
      ++i;
    } else {
      out.push_back(symbols[i]);
    }
  }
  return out;
}

}  // namespace

std::vector<std::string> PlainPreTokens(std::string_view text, std::string_view pattern) {
  const std::string_view named = PatternOfName(pattern);
  const auto splitter = RegexSplitter::Compile(named.empty() ? pattern : named).value();
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::string_view valid = text.substr(0, ValidUtf8Prefix(text));
    std::vector<RegexSplitter::Piece> pieces;
    WEFT_CHECK(splitter->Split(valid, 0, true, &pieces).ok());
    size_t begin = 0;
    for (const RegexSplitter::Piece& piece : pieces) {
      words.emplace_back(valid.substr(begin, piece.end - begin));
      begin = piece.end;
    }
    text.remove_prefix(valid.size());
    if (text.empty()) break;
    words.emplace_back(text.substr(0, 1));
    text.remove_prefix(1);
  }
  return words;
}

std::vector<BytesPair> PlainTrain(const std::vector<std::string>& words, int64_t num_merges,
                                  int64_t min_count, TieBreak tie_break) {
  std::vector<std::vector<std::string>> symbols;
  for (const std::string& word : words) {
    auto& list = symbols.emplace_back();
    for (const char c : word) list.emplace_back(1, c);
  }
  std::map<std::string, int64_t> ids;  // for Hugging Face's order
  const std::string alphabet = ByteLevelAlphabet();
  for (size_t i = 0; i < alphabet.size(); ++i) ids[std::string(1, alphabet[i])] = static_cast<int64_t>(i);
  std::vector<BytesPair> merges;
  while (static_cast<int64_t>(merges.size()) < num_merges) {
    std::map<BytesPair, int64_t> counts;
    for (const auto& word : symbols) {
      for (size_t i = 0; i + 1 < word.size(); ++i) ++counts[{word[i], word[i + 1]}];
    }
    const auto better = [&](const auto& a, const auto& b) {  // a loses to b
      if (a.second != b.second) return a.second < b.second;
      if (tie_break == TieBreak::kCs336) return a.first < b.first;
      return std::pair(ids.at(a.first.first), ids.at(a.first.second)) >
             std::pair(ids.at(b.first.first), ids.at(b.first.second));
    };
    const auto best = std::max_element(counts.begin(), counts.end(), better);
    if (best == counts.end() || best->second < std::max<int64_t>(min_count, 1)) break;
    const BytesPair pair = best->first;
    const std::string both = pair.first + pair.second;
    WEFT_CHECK(ids.emplace(both, static_cast<int64_t>(ids.size())).second);
    for (auto& word : symbols) word = MergeAll(word, pair.first, pair.second, both);
    merges.push_back(pair);
  }
  return merges;
}

PlainEncoder::PlainEncoder(std::vector<uint32_t> byte_ids, std::vector<Merge> merges)
    : byte_ids_(std::move(byte_ids)), merges_(std::move(merges)) {
  for (size_t rank = 0; rank < merges_.size(); ++rank)
    ranks_[{merges_[rank].left, merges_[rank].right}] = rank;
}

std::vector<uint32_t> PlainEncoder::EncodeWord(std::string_view word) const {
  std::vector<uint32_t> ids;
  for (const char c : word) ids.push_back(byte_ids_[static_cast<uint8_t>(c)]);
  for (;;) {
    size_t lowest = merges_.size(), at = 0;
    for (size_t i = 0; i + 1 < ids.size(); ++i) {
      const auto it = ranks_.find({ids[i], ids[i + 1]});
      if (it == ranks_.end() || it->second >= lowest) continue;
      lowest = it->second;
      at = i;
    }
    if (lowest == merges_.size()) return ids;
    ids[at] = merges_[lowest].result;
    ids.erase(ids.begin() + static_cast<ptrdiff_t>(at) + 1);
  }
}

int Below(Rng& rng, int n) { return static_cast<int>(rng() % static_cast<uint64_t>(n)); }

std::string RandomText(Rng& rng, int pieces) {
  static constexpr struct {
    uint32_t first, last;
  } kScripts[] = {{0x41, 0x5A},     {0x61, 0x7A},     {0xC0, 0x17F},    {0x370, 0x3FF},    {0x400, 0x4FF},
                  {0x5D0, 0x5EA},   {0x600, 0x6FF},   {0x900, 0x97F},   {0xE00, 0xE7F},    {0x10A0, 0x10FF},
                  {0x3040, 0x30FF}, {0x4E00, 0x9FFF}, {0xAC00, 0xD7A3}, {0x1F600, 0x1F64F}};
  static constexpr std::string_view kOthers[] = {"'s",
                                                 "'t",
                                                 "'re",
                                                 "'LL",
                                                 "'d",
                                                 "'ſ",
                                                 "'",
                                                 "it's",
                                                 "1",
                                                 "23",
                                                 "4567",
                                                 "²",
                                                 "Ⅷ",
                                                 ".",
                                                 ",",
                                                 "!?",
                                                 "...",
                                                 "\"",
                                                 "(",
                                                 "{};",
                                                 "_",
                                                 "€",
                                                 "。",
                                                 "—",
                                                 "\xEF\xB8\x8F",
                                                 "\n",
                                                 "\n\n",
                                                 "\r\n",
                                                 "\t",
                                                 "\t\t",
                                                 "  ",
                                                 "    ",
                                                 " \n",
                                                 "\n ",
                                                 "\xC2\x85",
                                                 "\xC2\xA0",
                                                 "\xE2\x80\x83",
                                                 "\xE3\x80\x80",
                                                 "\xE1\xA0\x8E",
                                                 "\xE2\x80\x8B",
                                                 "\v",
                                                 "\f",
                                                 "<|",
                                                 "|>"};
  std::string text;
  for (int i = 0; i < pieces; ++i) {
    const int kind = Below(rng, 10);
    if (kind < 4) {
      const auto& script = kScripts[Below(rng, kind < 2 ? 2 : static_cast<int>(std::size(kScripts)))];
      for (int n = 1 + Below(rng, 9); n > 0; --n) {
        AppendUtf8(script.first +
                       static_cast<uint32_t>(Below(rng, static_cast<int>(script.last - script.first) + 1)),
                   &text);
      }
    } else if (kind < 7) {
      text += ' ';
    } else {
      text += kOthers[Below(rng, static_cast<int>(std::size(kOthers)))];
    }
  }
  return text;
}

std::string RandomBytes(Rng& rng, int size) {
  std::string bytes;
  if (Below(rng, 2) == 0) {
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(Below(rng, 256)));
    return bytes;
  }
  bytes = RandomText(rng, size / 4 + 1);
  for (int n = Below(rng, 6); n > 0 && !bytes.empty(); --n) {
    const size_t at = static_cast<size_t>(Below(rng, static_cast<int>(bytes.size())));
    if (Below(rng, 2) == 0) {
      bytes[at] = static_cast<char>(Below(rng, 256));
    } else {
      bytes.erase(at, 1);
    }
  }
  return bytes;
}

std::string RandomLetters(Rng& rng, int letters, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) text.push_back(static_cast<char>('a' + Below(rng, letters)));
  return text;
}

}  // namespace weft::testing
