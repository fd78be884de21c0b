#include <algorithm>
#include <bit>

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

void KeepLargest(const float* z, int64_t n, int64_t k, Histogram* histogram, Candidates* to) {
  const Cut cut = FindCut(z, n, static_cast<double>(k), histogram, [](int64_t) { return 1.0; });
  int64_t ties = k - static_cast<int64_t>(cut.before), count = 0;
  for (int64_t i = 0; i < n; ++i) {
    const uint32_t key = Key(z[i]);
    if (key < cut.key || (key == cut.key && ties-- <= 0)) continue;
    to->z[count] = z[i];
    to->id[count++] = static_cast<int32_t>(i);
  }
  to->count = count;
}

void KeepShare(double share, double sum, Histogram* histogram, Candidates* all) {
  const double target = share * sum;
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
  for (int64_t i = 0; i < all->count; ++i) {
    if (!(all->w[i] >= least)) continue;
    all->w[count] = all->w[i];
    all->id[count++] = all->id[i];
  }
  all->count = count;
}

}  // namespace weft::ops::sample
