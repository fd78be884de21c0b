// The merges of byte-level BPE training: of all pairs of neighbours in the words, the one that occurs most
// often (weighted by the words' counts, each occurrence counted, so "aaa" holds "aa" twice) becomes a token;
// its occurrences merge, from left to right; and again.
//
// All words lie in one array with a slot for each byte. A token holds its id in the slots of its first and
// last byte, so both neighbours are found at once, and a pair keeps the positions where it occurs: a merge
// costs what it changes, however long a word is. Counts only fall once a pair exists (all pairs with a token
// come to be in the merge that makes it), so the heap's entries are upper bounds, set right when they
// come up. Invariant: a string of bytes never becomes a token twice, as every occurrence whose borders are
// still borders has had the same merges.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace weft {

enum class TieBreak {
  kHuggingFace,  // of equally frequent pairs the one with smaller ids
  kCs336,        // the lexicographically greater pair of byte strings
};

class PairMerger {
 public:
  // Ids 0..255 are bytes, alphabet[id] the byte; merges take 256, 257, ...
  PairMerger(std::string_view alphabet, TieBreak tie_break, int64_t min_count);

  // Before the first merge. Errors: more than 2^32 bytes of distinct words.
  Status AddWord(std::string_view word, int64_t count);
  void CountPairs();

  struct MergedPair {
    uint32_t left, right;
    int64_t count;
  };
  // The next merge; false if no pair occurs min_count times.
  bool NextMerge(MergedPair* merged);

  std::string_view TokenBytes(uint32_t id) const { return tokens_[id]; }

 private:
  static constexpr uint32_t kInside = 0xFFFFFFFF;  // a slot between a token's first and last byte
  static constexpr uint32_t kBorder = 0xFFFFFFFE;  // between words

  struct Pair {
    uint32_t left, right;
    int64_t count;
    uint64_t first_position;  // positions_[first_position ..+ num_positions): where it was made
    uint32_t num_positions;
  };
  struct Candidate {
    int64_t count;  // no less than the pair's
    uint32_t pair;
  };
  // What a merge gives the pairs of the new token with one neighbour.
  struct Group {
    uint32_t neighbour;
    bool on_left;
    int64_t count = 0;
    uint32_t num_positions = 0;
    uint64_t first_position = 0;
  };
  struct Occurrence {
    uint32_t group, position;
  };

  bool Less(const Candidate& a, const Candidate& b) const;
  void Push(uint32_t pair);
  void ApplyMerge(const Pair& pair, uint32_t token);
  void AddOccurrence(bool on_left, uint32_t neighbour, uint32_t position, int64_t count);
  void MakePairs(const Pair& merged, uint32_t token);
  uint32_t AddPair(const Pair& pair);
  uint32_t FindPair(uint32_t left, uint32_t right) const;  // index_ slot
  void GrowIndex();
  uint32_t length(uint32_t id) const { return static_cast<uint32_t>(tokens_[id].size()); }

  const TieBreak tie_break_;
  const int64_t min_count_;
  std::vector<std::string> tokens_;
  uint32_t byte_ids_[256];

  std::vector<uint32_t> slots_;    // words, each after a kBorder, and a last kBorder
  std::vector<uint32_t> word_of_;  // by slot
  std::vector<int64_t> counts_;    // by word

  std::vector<Pair> pairs_;
  std::vector<uint32_t> index_;      // pairs_ index + 1 by hash, 0: free
  std::vector<uint32_t> positions_;  // of all pairs
  std::vector<Candidate> heap_;

  // Scratch of a merge.
  std::vector<uint32_t> merged_;
  std::vector<Group> groups_;
  std::vector<Occurrence> occurrences_;
  std::vector<uint32_t> group_of_[2];  // by neighbour, right and left: groups_ index + 1
};

}  // namespace weft
