#include "frontends/data/kneser_ney.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/human.h"
#include "base/threads.h"

namespace weft {
namespace {

// Positions of all tokens, ordered by the `order` tokens that begin there; what lies past the end comes
// first. Counting sort by each token, the last first: order passes of O(n + vocabulary).
std::vector<uint32_t> SortPositions(std::span<const uint32_t> tokens, int64_t vocabulary_size, int order) {
  const size_t n = tokens.size();
  std::vector<uint32_t> sorted(n), next(n);
  std::iota(sorted.begin(), sorted.end(), 0);
  std::vector<uint32_t> begins(static_cast<size_t>(vocabulary_size) + 2);
  for (int k = order - 1; k >= 0; --k) {
    const auto key = [&](uint32_t position) {
      return position + static_cast<size_t>(k) < n ? tokens[position + static_cast<size_t>(k)] + size_t{1}
                                                   : 0;
    };
    std::fill(begins.begin(), begins.end(), 0);
    for (const uint32_t position : sorted) ++begins[key(position) + 1];
    std::partial_sum(begins.begin(), begins.end(), begins.begin());
    for (const uint32_t position : sorted) next[begins[key(position)]++] = position;
    sorted.swap(next);
  }
  return sorted;
}

std::array<double, 3> Discounts(const std::vector<uint32_t>& counts) {
  std::array<double, 5> n = {};
  for (const uint32_t count : counts) {
    if (count >= 1 && count <= 4) ++n[count];
  }
  // Where the formula has nothing to stand on (few or odd data): fixed discounts.
  constexpr std::array<double, 3> kFallback = {0.5, 1.0, 1.5};
  if (n[1] == 0 || n[2] == 0 || n[3] == 0) return kFallback;
  const double y = n[1] / (n[1] + 2 * n[2]);
  std::array<double, 3> discounts;
  for (int i = 1; i <= 3; ++i) {
    discounts[i - 1] = i - (i + 1) * y * n[i + 1] / n[i];
    if (!(discounts[i - 1] > 0 && discounts[i - 1] <= i)) return kFallback;
  }
  return discounts;
}

}  // namespace

StatusOr<KneserNey> KneserNey::Train(std::span<const uint32_t> tokens, int64_t vocabulary_size,
                                     const Options& options) {
  if (options.order < 1 || options.order > kMaxNgramOrder) {
    return InvalidArgument("n-gram order is {}, expected 1 to {}", options.order, kMaxNgramOrder);
  }
  if (tokens.empty()) return InvalidArgument("an n-gram model needs at least one token");
  if (vocabulary_size < 1 || vocabulary_size > UINT32_MAX - 1) {
    return InvalidArgument("vocabulary size is {}, expected 1 to {}", vocabulary_size, UINT32_MAX - 1);
  }
  // Sorting holds two arrays of positions and one of counts.
  const int64_t needed = static_cast<int64_t>(tokens.size()) * 8 + vocabulary_size * 4;
  if (needed > options.max_memory || tokens.size() >= UINT32_MAX) {
    return ResourceExhausted("an n-gram model of {} tokens needs more than {}", tokens.size(),
                             HumanBytes(static_cast<double>(options.max_memory)));
  }
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] >= vocabulary_size) {
      return OutOfRange("token {} is {}, expected less than the vocabulary size {}", i, tokens[i],
                        vocabulary_size);
    }
  }
  KneserNey model;
  model.vocabulary_size_ = vocabulary_size;
  model.levels_.resize(static_cast<size_t>(options.order));
  WEFT_RETURN_IF_ERROR(
      model.BuildTrie(tokens, SortPositions(tokens, vocabulary_size, options.order), options.max_memory));
  model.CountContinuations(tokens);
  model.Summarize();
  return model;
}

// One pass over the sorted positions: each has in common with the one before it a number of tokens; the rest
// are new nodes.
Status KneserNey::BuildTrie(std::span<const uint32_t> tokens, const std::vector<uint32_t>& sorted,
                            int64_t max_memory) {
  const size_t order = levels_.size();
  const auto length = [&](uint32_t position) { return std::min(order, tokens.size() - position); };
  const auto common = [&](size_t i) {
    if (i == 0) return size_t{0};
    const size_t limit = std::min(length(sorted[i - 1]), length(sorted[i]));
    size_t k = 0;
    while (k < limit && tokens[sorted[i - 1] + k] == tokens[sorted[i] + k]) ++k;
    return k;
  };
  std::vector<size_t> sizes(order, 0);
  for (size_t i = 0; i < sorted.size(); ++i) {
    for (size_t k = common(i); k < length(sorted[i]); ++k) ++sizes[k];
  }
  const double bytes = 24.0 * static_cast<double>(std::accumulate(sizes.begin(), sizes.end(), size_t{0})) +
                       8.0 * static_cast<double>(tokens.size());
  if (bytes > static_cast<double>(max_memory)) {
    return ResourceExhausted("an n-gram model of {} tokens needs {}, more than {}", tokens.size(),
                             HumanBytes(bytes), HumanBytes(static_cast<double>(max_memory)));
  }
  for (size_t k = 0; k < order; ++k) {
    levels_[k].token.reserve(sizes[k]);
    levels_[k].first.reserve(sizes[k] + 1);
    levels_[k].count.assign(sizes[k], 0);
  }
  for (size_t i = 0; i < sorted.size(); ++i) {
    for (size_t k = common(i); k < length(sorted[i]); ++k) {
      levels_[k].token.push_back(tokens[sorted[i] + k]);
      if (k + 1 < order) levels_[k].first.push_back(static_cast<uint32_t>(levels_[k + 1].token.size()));
    }
    if (length(sorted[i]) == order) ++levels_[order - 1].count[levels_[order - 1].token.size() - 1];
  }
  for (size_t k = 0; k + 1 < order; ++k) levels_[k].first.push_back(static_cast<uint32_t>(sizes[k + 1]));
  root_.first = {0, static_cast<uint32_t>(sizes[0])};
  return OkStatus();
}

// Every distinct (k+1)-gram is one more token before its last k: links from each node to the one without its
// first token, level by level.
void KneserNey::CountContinuations(std::span<const uint32_t> tokens) {
  std::vector<uint32_t> suffix(levels_[0].token.size(), 0);  // of 1-grams: the root
  for (size_t k = 0; k + 1 < levels_.size(); ++k) {
    // suffix[i]: for the (k+1)-gram i, its last k tokens, a node of level k - 1 (the root for k = 0).
    std::vector<uint32_t> next(levels_[k + 1].token.size());
    for (size_t i = 0; i < levels_[k].token.size(); ++i) {
      for (uint32_t child = levels_[k].first[i]; child < levels_[k].first[i + 1]; ++child) {
        const int64_t node = Child(static_cast<int>(k), suffix[i], levels_[k + 1].token[child]);
        next[child] = static_cast<uint32_t>(node);
        ++levels_[k].count[static_cast<size_t>(node)];
      }
    }
    suffix.swap(next);
  }
  int64_t node = 0;
  for (size_t k = 0; k + 1 < levels_.size() && k < tokens.size(); ++k) {
    node = Child(static_cast<int>(k), node, tokens[k]);
    ++levels_[k].count[static_cast<size_t>(node)];
  }
}

void KneserNey::Summarize() {
  const auto summarize = [](Level& parents, size_t num_parents, const Level& children) {
    parents.total.assign(num_parents, 0);
    parents.ones.assign(num_parents, 0);
    parents.twos.assign(num_parents, 0);
    for (size_t i = 0; i < num_parents; ++i) {
      for (uint32_t child = parents.first[i]; child < parents.first[i + 1]; ++child) {
        const uint32_t count = children.count[child];
        parents.total[i] += count;
        parents.ones[i] += count == 1;
        parents.twos[i] += count == 2;
      }
    }
  };
  summarize(root_, 1, levels_[0]);
  for (size_t k = 0; k < levels_.size(); ++k) {
    levels_[k].discounts = Discounts(levels_[k].count);
    if (k + 1 < levels_.size()) summarize(levels_[k], levels_[k].token.size(), levels_[k + 1]);
  }
}

int64_t KneserNey::Child(int k, int64_t parent, uint32_t token) const {
  const Level& parents = k == 0 ? root_ : levels_[static_cast<size_t>(k) - 1];
  const std::vector<uint32_t>& children = levels_[static_cast<size_t>(k)].token;
  const auto begin = children.begin() + parents.first[static_cast<size_t>(parent)];
  const auto end = children.begin() + parents.first[static_cast<size_t>(parent) + 1];
  const auto it = std::lower_bound(begin, end, token);
  return it != end && *it == token ? it - children.begin() : -1;
}

double KneserNey::Probability(std::span<const uint32_t> context, uint32_t token) const {
  double probability = 1.0 / static_cast<double>(vocabulary_size_);
  for (size_t k = 0; k < levels_.size() && k <= context.size(); ++k) {
    int64_t node = 0;  // the context of k tokens
    for (size_t i = 0; i < k && node >= 0; ++i) {
      node = Child(static_cast<int>(i), node, context[context.size() - k + i]);
    }
    if (node < 0) break;  // a longer context was not seen either
    const Level& contexts = k == 0 ? root_ : levels_[k - 1];
    const auto c = static_cast<size_t>(node);
    const double total = contexts.total[c];
    if (total == 0) break;  // seen at the very end only
    const std::array<double, 3>& discount = levels_[k].discounts;
    const double ones = contexts.ones[c];
    const double twos = contexts.twos[c];
    const double more = contexts.first[c + 1] - contexts.first[c] - ones - twos;
    probability *= (discount[0] * ones + discount[1] * twos + discount[2] * more) / total;
    const int64_t seen = Child(static_cast<int>(k), node, token);
    if (seen < 0) continue;
    const uint32_t count = levels_[k].count[static_cast<size_t>(seen)];
    probability += (count - discount[std::min<uint32_t>(count, 3) - 1]) / total;
  }
  return probability;
}

StatusOr<double> KneserNey::Nats(std::span<const uint32_t> tokens, int threads) const {
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] >= vocabulary_size_) {
      return OutOfRange("token {} is {}, expected less than the vocabulary size {}", i, tokens[i],
                        vocabulary_size_);
    }
  }
  // Sums of fixed blocks, added in order: the same bits for any number of threads.
  constexpr int64_t kBlock = 4096;
  const auto n = static_cast<int64_t>(tokens.size());
  const int64_t blocks = (n + kBlock - 1) / kBlock;
  std::vector<double> sums(static_cast<size_t>(blocks), 0);
  ParallelFor(blocks, threads, 1, [&](int64_t begin, int64_t end, int) {
    for (int64_t b = begin; b < end; ++b) {
      double sum = 0;
      for (int64_t i = std::max<int64_t>(1, b * kBlock); i < std::min(n, (b + 1) * kBlock); ++i) {
        const int64_t length = std::min<int64_t>(i, order() - 1);
        sum -=
            std::log(Probability(tokens.subspan(static_cast<size_t>(i - length), static_cast<size_t>(length)),
                                 tokens[static_cast<size_t>(i)]));
      }
      sums[static_cast<size_t>(b)] = sum;
    }
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

}  // namespace weft
