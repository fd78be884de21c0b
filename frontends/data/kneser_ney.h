// Interpolated modified Kneser-Ney: the best n-gram model there is without tricks, the one a neural model has
// to beat (Chen and Goodman, "An empirical study of smoothing techniques for language modeling", 1999).
//
//   P_k(w | c) = max(a(cw) - D(a(cw)), 0) / a(c.) + gamma(c) P_{k-1}(w | c without its first token)
//   a(cw)      = how often cw occurs (highest order), or how many different tokens precede it (lower ones)
//   gamma(c)   = (D1 N1(c.) + D2 N2(c.) + D3 N3+(c.)) / a(c.);  P_0(w) = 1 / vocabulary size
//   D_i        = i - (i + 1) Y n_{i+1} / n_i,  Y = n1 / (n1 + 2 n2), from the counts of counts of the order
//
// The k-grams are a trie in sorted arrays, level k holding each k-gram once, children of a node side by side:
// 24 bytes a distinct k-gram. The beginning of the data counts as one more token that precedes.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"

namespace weft {

inline constexpr int kMaxNgramOrder = 8;

class KneserNey {
 public:
  struct Options {
    int order = 5;                          // 1 to kMaxNgramOrder
    int64_t max_memory = int64_t{8} << 30;  // bytes; training that needs more is refused
  };
  // `tokens` are one stream, `vocabulary_size` bounds them. Errors: no tokens, an id outside, memory.
  static StatusOr<KneserNey> Train(std::span<const uint32_t> tokens, int64_t vocabulary_size,
                                   const Options& options);

  // P(token | context), the last tokens before it, oldest first; only the last order-1 count. Sums to 1 over
  // the vocabulary.
  double Probability(std::span<const uint32_t> context, uint32_t token) const;
  // The sum of -ln P(tokens[i] | those before it) for i >= 1, in nats: the first token is given. The same
  // for any number of threads. Errors: an id outside the vocabulary.
  StatusOr<double> Nats(std::span<const uint32_t> tokens, int threads) const;

  int order() const { return static_cast<int>(levels_.size()); }
  int64_t vocabulary_size() const { return vocabulary_size_; }
  int64_t num_ngrams(int k) const { return static_cast<int64_t>(levels_[k - 1].token.size()); }
  // D1, D2, D3+ of order k.
  const std::array<double, 3>& discounts(int k) const { return levels_[k - 1].discounts; }

 private:
  // Level k - 1 of the trie: all k-grams in lexicographic order.
  struct Level {
    std::vector<uint32_t> token;       // the last token
    std::vector<uint32_t> count;       // a(cw)
    std::vector<uint32_t> first;       // the first child, in the next level; one more at the end
    std::vector<uint32_t> total;       // a(c.) with this k-gram as context: the sum of its children's counts
    std::vector<uint32_t> ones, twos;  // of its children
    std::array<double, 3> discounts = {};
  };
  KneserNey() = default;
  Status BuildTrie(std::span<const uint32_t> tokens, const std::vector<uint32_t>& sorted, int64_t max_memory);
  void CountContinuations(std::span<const uint32_t> tokens);
  void Summarize();
  // The child of node `parent` of level k - 1 (k = 0: the root) with this token; -1 if there is none.
  int64_t Child(int k, int64_t parent, uint32_t token) const;

  std::vector<Level> levels_;  // levels_[k]: (k + 1)-grams
  Level root_;                 // one node, the empty context
  int64_t vocabulary_size_ = 0;
};

}  // namespace weft
