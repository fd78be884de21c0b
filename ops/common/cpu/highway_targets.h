// Before hwy/foreach_target.h: the instruction sets our vector kernels are compiled for (SSE4, AVX2, AVX-512
// and the portable fallback on x86). Each costs compile time in every such file.
#pragma once

// Before detect_targets.h, which takes "none" where nothing is said.
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS HWY_SSSE3
#endif
#include <hwy/detect_targets.h>
