// Byte-level BPE as one would write it first: no caches, no heaps, one loop after the other. What the fast
// trainer and encoder are compared with.
#pragma once
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frontends/tokenizer/bpe_model.h"
#include "frontends/tokenizer/pair_merger.h"

namespace weft::testing {

using BytesPair = std::pair<std::string, std::string>;

// Pre-tokens by PCRE2, invalid bytes each for themselves. `pattern`: gpt2, gpt4 or a regular expression.
std::vector<std::string> PlainPreTokens(std::string_view text, std::string_view pattern);

// All pairs of all words counted again for each merge.
std::vector<BytesPair> PlainTrain(const std::vector<std::string>& words, int64_t num_merges,
                                  int64_t min_count, TieBreak tie_break);

// The leftmost pair of the lowest rank, again and again.
class PlainEncoder {
 public:
  // Of equal pairs the last counts.
  PlainEncoder(std::vector<uint32_t> byte_ids, std::vector<Merge> merges);
  std::vector<uint32_t> EncodeWord(std::string_view word) const;

 private:
  std::vector<uint32_t> byte_ids_;
  std::vector<Merge> merges_;
  std::map<std::pair<uint32_t, uint32_t>, size_t> ranks_;
};

using Rng = std::mt19937_64;
int Below(Rng& rng, int n);  // 0 .. n - 1

// Words, marks, white space and numbers of many scripts.
std::string RandomText(Rng& rng, int pieces);
// Any bytes, or text with some of its bytes damaged.
std::string RandomBytes(Rng& rng, int size);
// A few different letters, so that merges overlap and repeat.
std::string RandomLetters(Rng& rng, int letters, int size);

}  // namespace weft::testing
