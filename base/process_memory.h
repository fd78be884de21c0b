// What the process holds in memory, as Linux counts it.
#pragma once
#include <cstdint>

namespace weft {

// Bytes resident now; 0 where /proc does not tell.
int64_t ResidentBytes();

// The largest ResidentBytes since the process began, or since ResetPeakResident() where that worked.
int64_t PeakResidentBytes();

// Lets the peak begin anew at what is resident now. False where the kernel does not allow it: the peak is
// then that of the whole life.
bool ResetPeakResident();

}  // namespace weft
