// Byte pair encoding of one pre-token: its bytes as symbols, then always the pair of neighbours with the
// lowest rank is merged, the leftmost first, until no pair of neighbours is in the table.
//
// Three ways to the same result: short words scan a small array for the lowest rank; long ones visit ranks
// in order through lists of positions, in time linear in the bytes; tables in which a merge may make a pair
// of lower rank, or two merges the same token, take a heap as Hugging Face's implementation does.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace weft {

inline constexpr uint32_t kNoToken = 0xFFFFFFFF;
// Ids and merges are fewer than this, so that a pair and its rank fit 64 bits.
inline constexpr uint32_t kMaxVocabSize = (1 << 20) - 1;
inline constexpr uint32_t kMaxMerges = (1 << 24) - 1;
inline constexpr uint32_t kNoRank = kMaxMerges;

struct Merge {
  uint32_t left, right, result;  // token ids; a merge's rank is its place in the list
};

// (left, right) -> rank: open addressing, linear probing, at most half full, 8 bytes an entry.
class PairTable {
 public:
  explicit PairTable(std::span<const Merge> merges);  // of equal pairs the last counts
  // kNoRank if the pair does not merge.
  uint32_t Rank(uint32_t left, uint32_t right) const {
    const uint64_t key = uint64_t{left} << 20 | right;
    for (uint64_t i = key * kMultiplier >> shift_;; i = (i + 1) & mask_) {
      if (entries_[i] >> 24 == key) return static_cast<uint32_t>(entries_[i] & kNoRank);
      if (entries_[i] == kFree) return kNoRank;
    }
  }

 private:
  static constexpr uint64_t kMultiplier = 0x9E3779B97F4A7C15;
  static constexpr uint64_t kFree = ~uint64_t{0};
  std::vector<uint64_t> entries_;  // left, right: 20 bits each, rank: 24
  uint64_t mask_ = 0;
  int shift_ = 0;
};

class BpeModel {
 public:
  // byte_ids: the token of each byte, kNoToken where there is none. Ids in merges are below vocab_size, which
  // is at most kMaxVocabSize; there are at most kMaxMerges merges.
  BpeModel(std::array<uint32_t, 256> byte_ids, std::vector<Merge> merges, uint32_t vocab_size);

  const std::array<uint32_t, 256>& byte_ids() const { return byte_ids_; }
  const std::vector<Merge>& merges() const { return merges_; }
  uint32_t Rank(uint32_t left, uint32_t right) const { return pairs_.Rank(left, right); }
  uint32_t Result(uint32_t rank) const { return results_[rank]; }
  // Of the tokens of two bytes.
  uint32_t RankOfBytes(uint8_t left, uint8_t right) const { return byte_ranks_[left << 8 | right]; }
  // Every token comes from one merge, and merges of higher rank than its own make the pairs it is in: then
  // the order in which ranks are visited is that of the list.
  bool regular() const { return regular_; }
  // Bytes a token spans when it is made by merges from bytes (0 if it never is).
  uint32_t length(uint32_t id) const { return lengths_[id]; }

 private:
  std::array<uint32_t, 256> byte_ids_;
  std::vector<Merge> merges_;
  PairTable pairs_;
  std::vector<uint32_t> results_;     // the merges' results, closer together
  std::vector<uint32_t> byte_ranks_;  // by both bytes
  std::vector<uint32_t> lengths_;
  bool regular_ = true;
};

// Encodes words with a model that must outlive it. Holds scratch memory: one for each thread.
class WordEncoder {
 public:
  explicit WordEncoder(const BpeModel& model) : model_(model) {}

  // Appends the tokens of `word`. Errors: a byte that has no token, a word of over kMaxWord bytes (nothing is
  // appended then).
  Status Encode(std::string_view word, std::vector<uint32_t>* ids);

  static constexpr size_t kMaxWord = size_t{256} << 20;

 private:
  void EncodeShort(std::string_view word, std::vector<uint32_t>* ids);
  void EncodeLong(std::string_view word, std::vector<uint32_t>* ids);
  void EncodeByHeap(std::string_view word, std::vector<uint32_t>* ids);

  // EncodeLong's lists of positions by rank, first in first out, all empty between words.
  struct Node {
    uint32_t position, next;
  };
  void Push(uint32_t left, uint32_t right, uint32_t position);
  void TakeList(uint32_t rank);
  void MergeAt(uint32_t position, const Merge& merge);

  const BpeModel& model_;
  std::vector<uint32_t> symbols_;       // a token's id at its first and at its last byte, kNoToken between
  std::vector<uint32_t> first_, last_;  // by rank: nodes_ indices, kNoToken if the list is empty
  std::vector<uint64_t> occupied_;      // a bit for each rank whose list is not empty
  std::vector<Node> nodes_;
  uint32_t free_node_ = kNoToken;
  std::vector<uint32_t> positions_;  // of the list being merged
};

}  // namespace weft
