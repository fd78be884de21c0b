#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ops/sample/cpu_fast.h"

namespace weft::ops::sample {
namespace {

int64_t RoundUp(int64_t bytes) { return (bytes + 63) / 64 * 64; }

int64_t FirstMax(const float* z, int64_t n, float max) { return std::find(z, z + n, max) - z; }

// Copies the logits and lays the penalty on those of the history; twice is as once.
void CopyPenalised(const float* logits, int64_t vocab, const RowSettings& s, float* z) {
  std::copy(logits, logits + vocab, z);
  for (int64_t i = 0; i < s.history_size; ++i) {
    const int64_t token = s.history[i];
    if (token >= 0) z[token] = Penalise(logits[token], static_cast<float>(s.penalty));
  }
}

// In four sums, so that additions do not wait for each other.
double SumOf(const float* w, int64_t n) {
  double sum[4] = {};
  int64_t i = 0;
  for (; i + 4 <= n; i += 4) {
    for (int64_t j = 0; j < 4; ++j) sum[j] += w[i + j];
  }
  for (; i < n; ++i) sum[0] += w[i];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

// The first candidate at which the running sum of w exceeds u times the sum: first its block, then itself.
int64_t DrawFrom(const Candidates& all, const RandomKey& key) {
  constexpr int64_t kBlock = 256;
  double sum = 0, running = 0;
  for (int64_t i = 0; i < all.count; i += kBlock) sum += SumOf(all.w + i, std::min(kBlock, all.count - i));
  const double target = Draw(key) * sum;
  int64_t begin = 0;
  while (begin + kBlock < all.count) {
    const double block = SumOf(all.w + begin, kBlock);
    if (running + block > target) break;
    running += block;
    begin += kBlock;
  }
  for (int64_t i = begin; i < all.count; ++i) {
    running += all.w[i];
    if (all.w[i] > 0 && running > target) return all.id[i];
  }
  int64_t last = all.count - 1;  // rounding may leave none: the last that can come
  while (all.w[last] == 0) --last;
  return all.id[last];
}

// z in `scratch` or still in the logits.
int64_t DrawToken(const float* z, int64_t vocab, float max, const RowSettings& s, const RowScratch& scratch) {
  Candidates all{scratch.z, scratch.w, scratch.id, vocab};
  if (s.top_k > 0 && s.top_k < vocab) {
    KeepLargest(z, vocab, s.top_k, scratch.histogram, &all);
  } else {
    if (z != all.z) std::copy(z, z + vocab, all.z);
    std::iota(all.id, all.id + vocab, 0);
  }
  const auto inverse =
      static_cast<float>(std::min(1 / s.temperature, static_cast<double>(std::numeric_limits<float>::max())));
  const double sum = Exponentials(all.z, all.count, max, inverse, all.w);
  if (s.top_p < 1) KeepShare(s.top_p, sum, scratch.histogram, &all);
  if (s.min_p > 0) KeepLikely(static_cast<float>(s.min_p), &all);
  return DrawFrom(all, s.key);
}

}  // namespace

int64_t RowScratch::Bytes(int64_t vocab) { return 3 * RoundUp(4 * vocab) + RoundUp(sizeof(Histogram)); }

RowScratch RowScratch::At(void* memory, int64_t vocab) {
  char* at = static_cast<char*>(memory);
  const int64_t each = RoundUp(4 * vocab);
  return {reinterpret_cast<float*>(at), reinterpret_cast<float*>(at + each),
          reinterpret_cast<int32_t*>(at + 2 * each), reinterpret_cast<Histogram*>(at + 3 * each)};
}

RowResult SampleRow(const float* logits, int64_t vocab, const RowSettings& s, const RowScratch& scratch) {
  const Extent raw = FindMax(logits, vocab);
  if (raw.has_nan) return {RowResult::kNotANumber};
  if (std::isinf(raw.max)) return {raw.max > 0 ? RowResult::kInfinite : RowResult::kNothingPossible};
  const float* z = logits;
  float max = raw.max;
  if (s.penalised()) {
    CopyPenalised(logits, vocab, s, scratch.z);
    z = scratch.z;
    max = FindMax(z, vocab).max;
  }
  RowResult result;
  result.token = s.temperature == 0 ? FirstMax(z, vocab, max) : DrawToken(z, vocab, max, s, scratch);
  const double sum = Exponentials(logits, vocab, raw.max, 1, nullptr);
  result.logprob = static_cast<double>(logits[result.token]) - raw.max - std::log(sum);
  return result;
}

}  // namespace weft::ops::sample
