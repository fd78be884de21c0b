// f32 in cache that stands for bf16.
#pragma once
#include <cstdint>

namespace weft::ops {

// y[i] = x[i] rounded to bf16, as NarrowToBf16 and WidenBf16 one after the other; y may be x.
void RoundToBf16(const float* x, int64_t n, float* y);

}  // namespace weft::ops
