// Interposes malloc and its kin (and so operator new) and counts who asks, by the first frame of the call
// stack that is not the C or C++ library's.
#pragma once
#include <cstdint>
#include <string>

namespace weft::test {

struct Allocations {
  int64_t ours = 0;
  int64_t library = 0;  // oneDNN
  int64_t library_bytes = 0;
  int64_t openmp = 0;
  std::string first_of_ours;  // "weft::Executor::Run"-like symbol of the first one, where known
};

// False where the allocator cannot be interposed: under a sanitizer, which does so itself.
bool CanCountAllocations();
// All threads count until Stop.
void StartCountingAllocations();
Allocations StopCountingAllocations();

}  // namespace weft::test
