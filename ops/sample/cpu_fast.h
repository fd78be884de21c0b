// The fast kernel's parts. A row's tokens are candidates (z, id), by id; each filter finds the last one that
// stays by radix selection (three passes over bits of z, in linear time, nothing sorted) and moves those that
// stay together, still by id.
#pragma once
#include <cstdint>

#include "ops/common/cpu/rows.h"
#include "ops/sample/cpu_settings.h"

namespace weft::ops::sample {

// ---- vectors (cpu_simd.cc)

// w[i] = exp((z[i] - max) * inverse_temperature) unless w is null; the sum of them.
double Exponentials(const float* z, int64_t n, float max, float inverse_temperature, float* w);

// ---- selection (cpu_select.cc)

struct Candidates {
  float* z;
  float* w;     // filled by Exponentials
  int32_t* id;  // ascending
  int64_t count;
};
// Counters of one digit.
struct Histogram {
  static constexpr int kDigits = 1 << 11;
  double weight[kDigits];
};
// Fills `to` with the k (1 <= k < n) largest of z[0..n), of equals those first; uses to->w for itself.
void KeepLargest(const float* z, int64_t n, int64_t k, Histogram* histogram, Candidates* to);
// Keeps those before which (by z, downwards) less than `share` of `sum`, the sum of w, lies.
void KeepShare(double share, double sum, Histogram* histogram, Candidates* all);
// Keeps those with w >= least.
void KeepLikely(float least, Candidates* all);

// ---- a row (cpu_row.cc)

struct RowScratch {
  float* z;  // each `vocab` long
  float* w;
  int32_t* id;
  Histogram* histogram;
  static int64_t Bytes(int64_t vocab);
  static RowScratch At(void* memory, int64_t vocab);
};
RowResult SampleRow(const float* logits, int64_t vocab, const RowSettings& s, const RowScratch& scratch);

}  // namespace weft::ops::sample
