// A program run call by call, on memory that holds NaN where nothing was written, with a look at every call's
// operands. Independent of the executor, and it checks the plan as it goes: what a call reads must be what
// was written.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "compiler/program.h"
#include "tools/verify/finding.h"
#include "tools/verify/interpret.h"

namespace weft {

// A call with dense copies of its operands; an absent one is empty.
struct CallSeen {
  const Call* call;
  std::vector<Tensor> inputs, outputs;
};

// Runs the program once. `seen` is called after each call. Adds a finding and stops at the first value that
// is not what its producer wrote, and at a kernel's error. Errors: those of `seen`, of the feed, of memory.
Status WalkProgram(const Program& program, const Feed& feed,
                   const std::function<Status(const CallSeen&)>& seen, VerifyReport* report);

}  // namespace weft
