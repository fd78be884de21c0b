// Kernels are equal: each operator of a program, on the inputs it really got, against the operator's body in
// f64. For each output, with `one rounding` = half a unit in the last place of its largest magnitude M:
//
//   error <= 2 max(error of the body run node by node at the same types, one rounding) + one rounding
//            + sqrt(n) * (what the result changes when the inputs' last bits do)
//
// A primitive's body is its plain kernel. The body is run three times: as it is, and twice with every value
// rounded to a neighbour at random, since on a few numbers the errors of one run are luck. The last term is
// what a sum of n terms in f32, in any order, may lose (plain kernels add in f64): n is the operator's
// operations for each element of the result. Integers and truth values have no rounding: they may differ only
// where the body at the same types does.
#pragma once
#include <functional>

#include "compiler/program.h"
#include "tools/verify/finding.h"
#include "tools/verify/interpret.h"

namespace weft {

struct KernelOptions {
  std::function<Status(const Call& call)> before = {};  // each call that is compared
  int64_t max_findings = 1;                             // then it stops
};

// Runs the program once, call by call, and adds what it finds; a value that the plan lost too.
Status CheckKernels(const Program& program, const Feed& feed, const KernelOptions& options,
                    VerifyReport* report);

}  // namespace weft
