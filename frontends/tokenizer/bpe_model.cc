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
  entries_.resize(size);
  for (size_t rank = 0; rank < merges.size(); ++rank) {
    const uint64_t key = uint64_t{merges[rank].left} << 32 | merges[rank].right;
    uint64_t i = key * kMultiplier >> shift_;
    while (entries_[i].rank != kNoToken && entries_[i].key != key) i = (i + 1) & mask_;
    entries_[i] = {key, static_cast<uint32_t>(rank), merges[rank].result};
  }
}

BpeModel::BpeModel(std::array<uint32_t, 256> byte_ids, std::vector<Merge> merges, uint32_t vocab_size)
    : byte_ids_(byte_ids), merges_(std::move(merges)), pairs_(merges_), lengths_(vocab_size, 0) {
  for (const uint32_t id : byte_ids_) {
    if (id != kNoToken) lengths_[id] = 1;
  }
  for (size_t rank = 0; rank < merges_.size(); ++rank) {
    const Merge& merge = merges_[rank];
    if (pairs_.Find(merge.left, merge.right).rank != rank) continue;  // a later one replaced it
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

void WordEncoder::EncodeShort(std::string_view word, std::vector<uint32_t>* ids) {
  uint32_t symbols[kShortWord];
  uint32_t ranks[kShortWord];  // of the pair that begins here
  size_t n = word.size();
  const auto rank_at = [&](size_t i) { return model_.pairs().Find(symbols[i], symbols[i + 1]).rank; };
  for (size_t i = 0; i < n; ++i) symbols[i] = model_.byte_ids()[static_cast<uint8_t>(word[i])];
  for (size_t i = 0; i + 1 < n; ++i) ranks[i] = rank_at(i);
  while (n > 1) {
    uint32_t lowest = kNoToken;
    for (size_t i = 0; i + 1 < n; ++i) lowest = std::min(lowest, ranks[i]);
    if (lowest == kNoToken) break;
    const size_t i = static_cast<size_t>(std::find(ranks, ranks + n - 1, lowest) - ranks);
    symbols[i] = model_.merges()[lowest].result;
    std::copy(symbols + i + 2, symbols + n, symbols + i + 1);
    --n;
    if (i + 1 < n) {
      std::copy(ranks + i + 2, ranks + n, ranks + i + 1);
      ranks[i] = rank_at(i);
    }
    if (i > 0) ranks[i - 1] = rank_at(i - 1);
  }
  ids->insert(ids->end(), symbols, symbols + n);
}

void WordEncoder::Push(uint32_t left, uint32_t right, uint32_t position) {
  const uint32_t rank = model_.pairs().Find(left, right).rank;
  if (rank == kNoToken) return;
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
    const PairTable::Entry entry = model_.pairs().Find(left.id, symbols[left.next].id);
    if (entry.rank != kNoToken) queue.push({entry.rank, entry.result, position});
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
    const PairTable::Entry entry = model_.pairs().Find(left.id, right.id);
    if (entry.rank == kNoToken || entry.result != top.result) continue;  // no longer this pair
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
