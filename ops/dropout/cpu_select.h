// The vector loop of the fast kernel.
#pragma once
#include <cstdint>

namespace weft::ops::dropout {

// Kept: words[i] >> 8 < threshold. y[i] = x[i] * (kept ? scale : 0); mask[i] = kept unless mask is null.
void ScaleKept(const uint32_t* words, uint32_t threshold, float scale, const float* x, int64_t n, float* y,
               bool* mask);

}  // namespace weft::ops::dropout
