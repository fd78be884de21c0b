#include "frontends/tokenizer/pair_merger.h"

#include <algorithm>

namespace weft {

PairMerger::PairMerger(std::string_view alphabet, TieBreak tie_break, int64_t min_count)
    : tie_break_(tie_break), min_count_(std::max<int64_t>(min_count, 1)), index_(1 << 16, 0) {
  WEFT_CHECK(alphabet.size() == 256);
  for (uint32_t id = 0; id < 256; ++id) {
    tokens_.emplace_back(1, alphabet[id]);
    byte_ids_[static_cast<uint8_t>(alphabet[id])] = id;
  }
  slots_.push_back(kBorder);
  word_of_.push_back(0);
}

Status PairMerger::AddWord(std::string_view word, int64_t count) {
  if (word.size() < 2) return OkStatus();  // has no pair
  if (slots_.size() + word.size() >= kBorder) {
    return ResourceExhausted(
        "the distinct pre-tokens hold over {} bytes, expected less than {}: train on less text",
        slots_.size(), kBorder);
  }
  for (const char c : word) slots_.push_back(byte_ids_[static_cast<uint8_t>(c)]);
  slots_.push_back(kBorder);
  word_of_.resize(slots_.size(), static_cast<uint32_t>(counts_.size()));
  counts_.push_back(count);
  return OkStatus();
}

void PairMerger::CountPairs() {
  constexpr size_t kPairs = 256 * 256;
  std::vector<int64_t> counts(kPairs, 0);
  std::vector<uint32_t> occurrences(kPairs, 0);
  const auto for_each = [this](auto body) {
    for (size_t i = 0; i + 1 < slots_.size(); ++i) {
      if (slots_[i] != kBorder && slots_[i + 1] != kBorder) body(i, slots_[i] * 256 + slots_[i + 1]);
    }
  };
  for_each([&](size_t i, uint32_t pair) {
    counts[pair] += counts_[word_of_[i]];
    ++occurrences[pair];
  });
  std::vector<uint64_t> next(kPairs, 0);
  uint64_t total = 0;
  for (uint32_t pair = 0; pair < kPairs; ++pair) {
    next[pair] = total;
    if (counts[pair] < min_count_) continue;
    AddPair({pair / 256, pair % 256, counts[pair], total, occurrences[pair]});
    total += occurrences[pair];
  }
  positions_.resize(total);
  for_each([&](size_t i, uint32_t pair) {
    if (counts[pair] >= min_count_) positions_[next[pair]++] = static_cast<uint32_t>(i);
  });
}

bool PairMerger::Less(const Candidate& a, const Candidate& b) const {
  if (a.count != b.count) return a.count < b.count;
  const Pair& p = pairs_[a.pair];
  const Pair& q = pairs_[b.pair];
  if (tie_break_ == TieBreak::kHuggingFace) {
    return p.left != q.left ? p.left > q.left : p.right > q.right;
  }
  if (p.left != q.left) return tokens_[p.left] < tokens_[q.left];
  return tokens_[p.right] < tokens_[q.right];
}

void PairMerger::Push(uint32_t pair) {
  heap_.push_back({pairs_[pair].count, pair});
  std::push_heap(heap_.begin(), heap_.end(), [this](const auto& a, const auto& b) { return Less(a, b); });
}

bool PairMerger::NextMerge(MergedPair* merged) {
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), [this](const auto& a, const auto& b) { return Less(a, b); });
    const Candidate top = heap_.back();
    heap_.pop_back();
    const Pair pair = pairs_[top.pair];
    if (pair.count < min_count_) continue;
    if (pair.count != top.count) {
      Push(top.pair);
      continue;
    }
    const uint32_t token = static_cast<uint32_t>(tokens_.size());
    tokens_.push_back(tokens_[pair.left] + tokens_[pair.right]);
    ApplyMerge(pair, token);
    *merged = {pair.left, pair.right, pair.count};
    return true;
  }
  return false;
}

void PairMerger::ApplyMerge(const Pair& pair, uint32_t token) {
  const auto begin = positions_.begin() + static_cast<ptrdiff_t>(pair.first_position);
  const auto end = begin + pair.num_positions;
  // In "xxx" which two merge depends on the order; elsewhere occurrences do not overlap.
  if (pair.left == pair.right && !std::is_sorted(begin, end)) std::sort(begin, end);
  merged_.clear();
  for (auto it = begin; it != end; ++it) {
    const uint32_t position = *it;
    const uint32_t middle = position + length(pair.left);
    if (slots_[position] != pair.left || slots_[middle] != pair.right) continue;
    slots_[middle - 1] = slots_[middle] = kInside;
    slots_[position] = slots_[middle + length(pair.right) - 1] = token;
    merged_.push_back(position);
  }
  // Two new tokens side by side are seen once, by the left one.
  for (const uint32_t position : merged_) {
    const int64_t count = counts_[word_of_[position]];
    const uint32_t before = slots_[position - 1];
    if (before != kBorder && before != token) AddOccurrence(true, before, position - length(before), count);
    const uint32_t after = slots_[position + length(token)];
    if (after != kBorder) AddOccurrence(false, after, position, count);
  }
  MakePairs(pair, token);
}

void PairMerger::AddOccurrence(bool on_left, uint32_t neighbour, uint32_t position, int64_t count) {
  std::vector<uint32_t>& group_of = group_of_[on_left];
  if (group_of.size() < tokens_.size()) group_of.resize(2 * tokens_.size(), 0);
  uint32_t& group = group_of[neighbour];
  if (group == 0) {
    groups_.push_back({neighbour, on_left});
    group = static_cast<uint32_t>(groups_.size());
  }
  groups_[group - 1].count += count;
  ++groups_[group - 1].num_positions;
  occurrences_.push_back({group - 1, position});
}

// The pairs of the new token take the place of those its parts had with the same neighbours.
void PairMerger::MakePairs(const Pair& merged, uint32_t token) {
  uint64_t next = positions_.size();
  for (Group& group : groups_) {
    group_of_[group.on_left][group.neighbour] = 0;
    const uint32_t old_neighbour = group.neighbour == token ? merged.left : group.neighbour;
    const uint32_t old = group.on_left ? index_[FindPair(group.neighbour, merged.left)]
                                       : index_[FindPair(merged.right, old_neighbour)];
    if (old != 0) pairs_[old - 1].count -= group.count;
    group.first_position = next;
    if (group.count < min_count_) {
      group.num_positions = 0;  // will never be merged
      continue;
    }
    const uint32_t left = group.on_left ? group.neighbour : token;
    const uint32_t right = group.on_left ? token : group.neighbour;
    AddPair({left, right, group.count, next, group.num_positions});
    next += group.num_positions;
  }
  positions_.resize(next);
  for (const Occurrence& occurrence : occurrences_) {
    Group& group = groups_[occurrence.group];
    if (group.num_positions > 0) positions_[group.first_position++] = occurrence.position;
  }
  groups_.clear();
  occurrences_.clear();
}

uint32_t PairMerger::AddPair(const Pair& pair) {
  const uint32_t i = static_cast<uint32_t>(pairs_.size());
  pairs_.push_back(pair);
  if (pairs_.size() > index_.size() / 2) {
    GrowIndex();
  } else {
    index_[FindPair(pair.left, pair.right)] = i + 1;
  }
  Push(i);
  return i;
}

uint32_t PairMerger::FindPair(uint32_t left, uint32_t right) const {
  const uint64_t hash = (uint64_t{left} << 32 | right) * 0x9E3779B97F4A7C15;
  size_t i = (hash ^ hash >> 32) & (index_.size() - 1);
  for (; index_[i] != 0; i = (i + 1) & (index_.size() - 1)) {
    const Pair& pair = pairs_[index_[i] - 1];
    if (pair.left == left && pair.right == right) break;
  }
  return static_cast<uint32_t>(i);
}

void PairMerger::GrowIndex() {
  index_.assign(2 * index_.size(), 0);
  for (size_t i = 0; i < pairs_.size(); ++i) {
    index_[FindPair(pairs_[i].left, pairs_[i].right)] = static_cast<uint32_t>(i + 1);
  }
}

}  // namespace weft
