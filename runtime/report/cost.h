// What each call of a program takes: seconds as a profile measured them, or as they follow from FLOPs and
// bytes where there is none; and the least that the machine's roofs allow.
//
//   roof_seconds = max(flops / roof.flops, bytes / roof.bytes)
#pragma once
#include <cstdint>
#include <vector>

#include "compiler/program.h"
#include "runtime/report/trace.h"

namespace weft {

// What the machine can do in a second: floating-point operations, bytes between memory and processor.
struct Roof {
  double flops = 0, bytes = 0;
};

struct CallCost {
  double flops = 0, bytes = 0;
  double seconds = 0;       // of one run; a view takes none
  double roof_seconds = 0;  // no less is possible
};

struct ProgramCost {
  bool measured = false;
  int64_t runs = 0;             // in the profile
  std::vector<CallCost> calls;  // as the program's
  CallCost total;
};

// Where `trace` is null or does not know the program, times are the roofs'. Errors: roofs that are not above
// 0; the trace is of another program of that name.
StatusOr<ProgramCost> CostOf(const Program& program, const Roof& roof, const Trace* trace);

CallCost operator+(const CallCost& a, const CallCost& b);

}  // namespace weft
