// The data behind unicode.h: letters and numbers as sorted, disjoint ranges of code points.
#pragma once
#include <cstddef>
#include <cstdint>

namespace weft {

struct CodeRange {
  uint32_t first, last;  // both included
};
extern const CodeRange kLetterRanges[];
extern const size_t kLetterRangesCount;
extern const CodeRange kNumberRanges[];
extern const size_t kNumberRangesCount;

}  // namespace weft
