// Random words and what is made of them, vectorised: the same bits as base/philox.h and base/normal.h give.
#pragma once
#include <cstdint>

#include "base/philox.h"

namespace weft::ops {

// words[i] = RandomWord(key, first + i) for i < n.
void RandomWords(const RandomKey& key, uint64_t first, int64_t n, uint32_t* words);

// y[i] = float(mean + scale * x), x = NormalQuantile(CenteredUniform(words[i]) * mass) clamped to [-cut,
// cut]. mass = 1 and cut = infinity: the whole distribution.
struct NormalSettings {
  double mean, scale, mass, cut;
};
void NormalsOfWords(const NormalSettings& settings, const uint32_t* words, int64_t n, float* y);

}  // namespace weft::ops
