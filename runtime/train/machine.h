// The machine a run is on: what its bits depend on beside the settings, and the memory it takes.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace weft {

// What the bits of a run depend on beside its settings and data: the version of weft and of oneDNN, the
// instruction sets of both, the number of threads. By name, for people.
using MachineFacts = std::map<std::string, std::string>;
MachineFacts FactsOfThisMachine(int threads);
// "threads: 2 before, 4 now", for each that differs. Facts that one side lacks are no difference.
std::vector<std::string> MachineDifferences(const MachineFacts& before, const MachineFacts& now);

// Bytes of memory of the process's own that are resident: without the pages of mapped files, which the system
// takes back whenever it wants (programs and libraries, token shards, weights being read).
int64_t OwnResidentBytes();
// From now on large blocks go back to the system when they are freed, and those freed before do now: what is
// resident is then what lives.
void ReturnFreedMemory();

}  // namespace weft
