// The largest single request to operator new since Reset: readers of hostile files must not ask for more than
// the file justifies. Always 0 under the thread sanitizer.
#pragma once
#include <cstddef>

namespace weft {

void ResetLargestAllocation();
size_t LargestAllocation();

}  // namespace weft
