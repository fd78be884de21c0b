// Bytes of a planned program by what they are for, and what lives at its peak.
#pragma once
#include <vector>

#include "compiler/program.h"
#include "compiler/target.h"

namespace weft {

// The arena is split as it is at peak_call; what is left of it there is `unused`.
MemoryUse MeasureMemory(const Program& program, const Target& target);

// The arena storages live at a call, the largest first.
std::vector<int32_t> LiveAt(const Program& program, int32_t call);

}  // namespace weft
