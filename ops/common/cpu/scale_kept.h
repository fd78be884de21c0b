// Dropout on drawn words.
#pragma once
#include <cmath>
#include <cstdint>

namespace weft::ops {

// u < 1 - ratio as the comparison of u's 24 bits with a whole number.
inline uint32_t KeptThreshold(float ratio) {
  return static_cast<uint32_t>(std::ceil((1.0f - ratio) * 0x1p24f));
}

// Kept: words[i] >> 8 < threshold. y[i] = x[i] * (kept ? scale : 0); mask[i] = kept unless mask is null.
void ScaleKept(const uint32_t* words, uint32_t threshold, float scale, const float* x, int64_t n, float* y,
               bool* mask);

}  // namespace weft::ops
