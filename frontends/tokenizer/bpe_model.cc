#include "frontends/tokenizer/bpe_model.h"

#include <algorithm>
#include <bit>
#include <queue>

namespace weft {
namespace {

// Up to here the quadratic array beats the lists, which look at every rank's bit.
constexpr size_t kShortWord = 64;
// Memory that a word beyond this took is given back.
constexpr size_t kKeptWord = size_t{1} << 16;

}  // namespace

PairTable::PairTable(std::span<const Merge> merges) {
  const size_t size = std::bit_ceil(2 * merges.size() + 2);
  mask_ = size - 1;
  shift_ = 64 - std::countr_zero(size);
  entries_.resize(size, kFree);
  for (size_t rank = 0; rank < merges.size(); ++rank) {
    const uint64_t key = uint64_t{merges[rank].left} << 20 | merges[rank].right;
    uint64_t i = key * kMultiplier >> shift_;
    while (entries_[i] != kFree && entries_[i] >> 24 != key) i = (i + 1) & mask_;
    entries_[i] = key << 24 | rank;
  }
}

BpeModel::BpeModel(std::array<uint32_t, 256> byte_ids, std::vector<Merge> merges, uint32_t vocab_size)
    : byte_ids_(byte_ids),
      merges_(std::move(merges)),
      pairs_(merges_),
      byte_ranks_(256 * 256, kNoRank),
      lengths_(vocab_size, 0) {
  WEFT_CHECK(vocab_size <= kMaxVocabSize && merges_.size() <= kMaxMerges);
  for (uint32_t pair = 0; pair < byte_ranks_.size(); ++pair) {
    const uint32_t left = byte_ids_[pair >> 8], right = byte_ids_[pair & 0xFF];
    if (left != kNoToken && right != kNoToken) byte_ranks_[pair] = Rank(left, right);
  }
  results_.reserve(merges_.size());
  for (const Merge& merge : merges_) results_.push_back(merge.result);
  for (const uint32_t id : byte_ids_) {
    if (id != kNoToken) lengths_[id] = 1;
  }
  for (size_t rank = 0; rank < merges_.size(); ++rank) {
    const Merge& merge = merges_[rank];
    if (Rank(merge.left, merge.right) != rank) continue;  // a later one replaced it
    const uint32_t left = lengths_[merge.left], right = lengths_[merge.right];
    // A part that no merge has made yet is either never made or made by a merge of higher rank.
    if (left == 0 || right == 0 || lengths_[merge.result] != 0) regular_ = false;
    lengths_[merge.result] = left + right;
  }
}

Status WordEncoder::Encode(std::string_view word, std::vector<uint32_t>* ids) {
  if (word.size() > kMaxWord) {
    return ResourceExhausted("a pre-token has {} bytes, expected at most {}", word.size(), kMaxWord);
  }
  for (const char c : word) {
    const uint8_t byte = static_cast<uint8_t>(c);
    if (model_.byte_ids()[byte] == kNoToken) {
      return InvalidArgument("byte 0x{:02X} of the text has no token in this vocabulary", byte);
    }
  }
  if (!model_.regular()) {
    EncodeByHeap(word, ids);
  } else if (word.size() <= kShortWord) {
    EncodeShort(word, ids);
  } else {
    EncodeLong(word, ids);
  }
  return OkStatus();
}

// An entry of `keys` is (rank, position) of the pair that begins there, so that the smallest is the next to
// merge; symbols that were merged away are skipped by `next` and `previous`.
void WordEncoder::EncodeShort(std::string_view word, std::vector<uint32_t>* ids) {
  static_assert(kNoRank < (1u << 25) && kShortWord <= 64);
  constexpr int32_t kNone = INT32_MAX;
  const auto key = [](uint32_t rank, size_t position) {
    return rank == kNoRank ? kNone : static_cast<int32_t>(rank << 6 | position);
  };
  uint32_t symbols[kShortWord];
  uint8_t next[kShortWord], previous[kShortWord];
  int32_t keys[kShortWord + 8];
  const size_t n = word.size();
  const auto* bytes = reinterpret_cast<const uint8_t*>(word.data());
  for (size_t i = 0; i < n; ++i) {
    symbols[i] = model_.byte_ids()[bytes[i]];
    next[i] = static_cast<uint8_t>(i + 1);
    previous[i] = static_cast<uint8_t>(i - 1);
    keys[i] = i + 1 < n ? key(model_.RankOfBytes(bytes[i], bytes[i + 1]), i) : kNone;
  }
  for (size_t i = n; i % 8 != 0; ++i) keys[i] = kNone;
  for (;;) {
    int32_t lowest = kNone;
#pragma omp simd reduction(min : lowest)
    for (size_t i = 0; i < (n + 7) / 8 * 8; ++i) lowest = keys[i] < lowest ? keys[i] : lowest;
    if (lowest == kNone) break;
    const size_t i = lowest & 63;
    const size_t after = next[next[i]];
    symbols[i] = model_.Result(lowest >> 6);
    keys[next[i]] = keys[i] = kNone;
    next[i] = static_cast<uint8_t>(after);
    if (after < n) {
      previous[after] = static_cast<uint8_t>(i);
      keys[i] = key(model_.Rank(symbols[i], symbols[after]), i);
    }
    if (i > 0) keys[previous[i]] = key(model_.Rank(symbols[previous[i]], symbols[i]), previous[i]);
  }
  for (size_t i = 0; i < n; i = next[i]) ids->push_back(symbols[i]);
}

void WordEncoder::Push(uint32_t left, uint32_t right, uint32_t position) {
  const uint32_t rank = model_.Rank(left, right);
  if (rank == kNoRank) return;
  uint32_t node = free_node_;
  if (node != kNoToken) {
    free_node_ = nodes_[node].next;
  } else {
    node = static_cast<uint32_t>(nodes_.size());
    nodes_.emplace_back();
  }
  nodes_[node] = {position, kNoToken};
  if (first_[rank] == kNoToken) {
    first_[rank] = node;
    occupied_[rank / 64] |= uint64_t{1} << rank % 64;
  } else {
    nodes_[last_[rank]].next = node;
  }
  last_[rank] = node;
}

// Moves the list of `rank` to positions_.
void WordEncoder::TakeList(uint32_t rank) {
  positions_.clear();
  for (uint32_t node = first_[rank]; node != kNoToken; node = nodes_[node].next) {
    positions_.push_back(nodes_[node].position);
  }
  nodes_[last_[rank]].next = free_node_;
  free_node_ = first_[rank];
  first_[rank] = kNoToken;
  occupied_[rank / 64] &= ~(uint64_t{1} << rank % 64);
}

// Merges the pair at `position` if it is still there.
void WordEncoder::MergeAt(uint32_t position, const Merge& merge) {
  const uint32_t middle = position + model_.length(merge.left);
  if (middle >= symbols_.size() || symbols_[position] != merge.left || symbols_[middle] != merge.right)
    return;
  const uint32_t end = middle + model_.length(merge.right);
  symbols_[middle - 1] = symbols_[middle] = kNoToken;
  symbols_[position] = symbols_[end - 1] = merge.result;
  if (position > 0) {
    const uint32_t before = symbols_[position - 1];
    Push(before, merge.result, position - model_.length(before));
  }
  if (end < symbols_.size()) Push(merge.result, symbols_[end], position);
}

void WordEncoder::EncodeLong(std::string_view word, std::vector<uint32_t>* ids) {
  const std::vector<Merge>& merges = model_.merges();
  first_.resize(merges.size(), kNoToken);
  last_.resize(merges.size(), kNoToken);
  occupied_.resize(merges.size() / 64 + 1, 0);
  symbols_.resize(word.size());
  for (size_t i = 0; i < word.size(); ++i) {
    symbols_[i] = model_.byte_ids()[static_cast<uint8_t>(word[i])];
  }
  for (size_t i = 0; i + 1 < word.size(); ++i) Push(symbols_[i], symbols_[i + 1], static_cast<uint32_t>(i));
  // A merge makes pairs of higher rank only, so one pass over the ranks is enough.
  for (size_t i = 0; i < occupied_.size(); ++i) {
    while (occupied_[i] != 0) {
      const uint32_t rank = static_cast<uint32_t>(64 * i) + std::countr_zero(occupied_[i]);
      TakeList(rank);
      const Merge& merge = merges[rank];
      // In "xxx" which pairs merge depends on the order; elsewhere they do not overlap.
      if (merge.left == merge.right && !std::is_sorted(positions_.begin(), positions_.end())) {
        std::sort(positions_.begin(), positions_.end());
      }
      for (const uint32_t position : positions_) MergeAt(position, merge);
    }
  }
  for (size_t i = 0; i < symbols_.size(); i += model_.length(symbols_[i])) ids->push_back(symbols_[i]);
  nodes_.clear();
  free_node_ = kNoToken;
  if (word.size() > kKeptWord) {
    symbols_ = {};
    positions_ = {};
    nodes_ = {};
  }
}

void WordEncoder::EncodeByHeap(std::string_view word, std::vector<uint32_t>* ids) {
  struct Symbol {
    uint32_t id;
    int64_t previous, next;  // -1: none
    bool merged_away = false;
  };
  struct Candidate {
    uint32_t rank, result;
    int64_t position;
    bool operator>(const Candidate& other) const {
      return rank != other.rank ? rank > other.rank : position > other.position;
    }
  };
  std::vector<Symbol> symbols(word.size());
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
  const auto push = [&](int64_t position) {
    const Symbol& left = symbols[position];
    if (left.next < 0) return;
    const uint32_t rank = model_.Rank(left.id, symbols[left.next].id);
    if (rank != kNoRank) queue.push({rank, model_.Result(rank), position});
  };
  const int64_t n = static_cast<int64_t>(word.size());
  for (int64_t i = 0; i < n; ++i) {
    symbols[i] = {model_.byte_ids()[static_cast<uint8_t>(word[i])], i - 1, i + 1 < n ? i + 1 : -1};
  }
  for (int64_t i = 0; i < n; ++i) push(i);
  while (!queue.empty()) {
    const Candidate top = queue.top();
    queue.pop();
    Symbol& left = symbols[top.position];
    if (left.merged_away || left.next < 0) continue;
    Symbol& right = symbols[left.next];
    const uint32_t rank = model_.Rank(left.id, right.id);
    if (rank == kNoRank || model_.Result(rank) != top.result) continue;  // no longer this pair
    left.id = top.result;
    right.merged_away = true;
    left.next = right.next;
    if (left.next >= 0) symbols[left.next].previous = top.position;
    if (left.previous >= 0) push(left.previous);
    push(top.position);
  }
  for (const Symbol& symbol : symbols) {
    if (!symbol.merged_away) ids->push_back(symbol.id);
  }
}

}  // namespace weft
