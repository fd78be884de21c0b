// What the process holds in memory and may hold, as Linux counts it.
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

// Bytes the process may hold: those of the machine, or as many of them as the cgroup allows.
int64_t MachineMemory();

}  // namespace weft
