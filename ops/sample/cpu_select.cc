#include <algorithm>
#include <bit>
#include <functional>
#include <limits>

#include "ops/sample/cpu_fast.h"

namespace weft::ops::sample {
namespace {

// Ascending as z is; 0 and -0 are equal.
uint32_t Key(float z) {
  const auto bits = std::bit_cast<uint32_t>(z + 0.0f);
  return bits ^ (bits >> 31 != 0 ? 0xFFFFFFFFu : 0x80000000u);
}

// Numbers with greater keys weigh `before` (< target) in all, with those of `key` at least target.
struct Cut {
  uint32_t key;
  double before;
};

// 11, 11 and 10 bits of the key, from the top: in each pass the digit is found at which the weights, added up
// from the largest digit down, reach the target. The target must not exceed the sum of the weights; where
// rounding made it so, the smallest key is taken.
template <class WeightOf>
Cut FindCut(const float* z, int64_t n, double target, Histogram* histogram, WeightOf weight_of) {
  uint32_t prefix = 0;
  double before = 0;
  for (const auto& [shift, bits] : {std::pair{21, 11}, {10, 11}, {0, 10}}) {
    double* weight = histogram->weight;
    std::fill_n(weight, 1 << bits, 0.0);
    const uint32_t mask = (1u << bits) - 1;
    uint32_t lowest = mask, highest = 0;
    for (int64_t i = 0; i < n; ++i) {
      const uint32_t digits = Key(z[i]) >> shift;
      if (shift != 21 && digits >> bits != prefix) continue;
      weight[digits & mask] += weight_of(i);
      lowest = std::min(lowest, digits & mask);
      highest = std::max(highest, digits & mask);
    }
    uint32_t digit = highest;
    while (digit > lowest && before + weight[digit] < target) before += weight[digit--];
    prefix = prefix << bits | digit;
  }
  return {prefix, before};
}

}  // namespace

namespace {

constexpr int64_t kBlock = 64;

// A number that at least k of z[0..n) are not below: the k-th largest of the maxima of blocks. `maxima` has
// room for two numbers a block.
float LowerBound(const float* z, int64_t n, int64_t k, float* maxima) {
  const int64_t blocks = (n + kBlock - 1) / kBlock;
  for (int64_t b = 0; b < blocks; ++b)
    maxima[b] = FindMax(z + b * kBlock, std::min(kBlock, n - b * kBlock)).max;
  float* ordered = maxima + blocks;
  std::copy(maxima, maxima + blocks, ordered);
  std::nth_element(ordered, ordered + (k - 1), ordered + blocks, std::greater<>());
  return ordered[k - 1];
}

}  // namespace

void KeepLargest(const float* z, int64_t n, int64_t k, Histogram* histogram, Candidates* to) {
  to->count = 0;
  const auto take = [&](int64_t begin, int64_t end, float least) {
    for (int64_t i = begin; i < end; ++i) {
      if (!(z[i] >= least)) continue;
      to->z[to->count] = z[i];
      to->id[to->count++] = static_cast<int32_t>(i);
    }
  };
  if (k < n / kBlock) {
    const float* maxima = to->w;
    const float least = LowerBound(z, n, k, to->w);
    for (int64_t i = 0; i < n; i += kBlock) {
      if (maxima[i / kBlock] >= least) take(i, std::min(i + kBlock, n), least);
    }
  } else {
    take(0, n, -std::numeric_limits<float>::infinity());
  }
  const Cut cut = FindCut(to->z, to->count, static_cast<double>(k), histogram, [](int64_t) { return 1.0; });
  int64_t ties = k - static_cast<int64_t>(cut.before), count = 0;
  for (int64_t i = 0; i < to->count; ++i) {
    const uint32_t key = Key(to->z[i]);
    if (key < cut.key || (key == cut.key && ties-- <= 0)) continue;
    to->z[count] = to->z[i];
    to->id[count++] = to->id[i];
  }
  to->count = count;
}

void KeepShare(double share, double sum, Histogram* histogram, Candidates* all) {
  const double target = share * sum;
  // All below this weigh less together than what may go: they lie behind the cut.
  KeepLikely(static_cast<float>((1 - share) * sum / static_cast<double>(all->count) * 0.999), all);
  const Cut cut =
      FindCut(all->z, all->count, target, histogram, [&](int64_t i) { return double{all->w[i]}; });
  double before = cut.before;
  bool first = true;  // of those at the cut: stays in any case
  int64_t count = 0;
  for (int64_t i = 0; i < all->count; ++i) {
    const uint32_t key = Key(all->z[i]);
    if (key < cut.key) continue;
    if (key == cut.key) {
      if (!first && before >= target) continue;
      before += all->w[i];
      first = false;
    }
    all->z[count] = all->z[i];
    all->w[count] = all->w[i];
    all->id[count++] = all->id[i];
  }
  all->count = count;
}

void KeepLikely(float least, Candidates* all) {
  int64_t count = 0;
  for (int64_t i = 0; i < all->count; ++i) {  // without a branch, which would often be guessed wrong
    all->z[count] = all->z[i];
    all->w[count] = all->w[i];
    all->id[count] = all->id[i];
    count += all->w[i] >= least ? 1 : 0;
  }
  all->count = count;
}

}  // namespace weft::ops::sample
