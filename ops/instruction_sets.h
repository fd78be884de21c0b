// Which instruction sets the kernels use on this processor, and how to use fewer.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace weft {

// Those that weft's vector kernels may take, the best first: what they were compiled for, the processor has
// and LimitInstructionSets left. "AVX3_DL", "AVX3", "AVX2", "SSE4", "SSE2", ...
std::vector<std::string> InstructionSets();
// Only these from now on (names with commas between, in any case); those that the processor lacks are no
// mistake, but one must be left. Call it before the first kernel runs. WEFT_CPU_TARGETS is given to it.
Status LimitInstructionSets(std::string_view names);
// What oneDNN takes, ONEDNN_MAX_CPU_ISA considered: "avx2", "avx512_core", ...
std::string OneDnnInstructionSet();
// Whether this processor (and ONEDNN_MAX_CPU_ISA) multiplies matrices of bf16. Where it does not, they are
// widened and multiplied in f32.
bool HasBf16Products();
std::string OneDnnVersion();   // "2.6.3"
std::string HighwayVersion();  // "1.0.3"

}  // namespace weft
