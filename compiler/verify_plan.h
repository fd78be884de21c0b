// Replays a program's flat list of calls on byte ranges, knowing nothing of how they were placed:
//
//   every operand lies inside its storage, every arena storage inside the arena, aligned;
//   the calls are the graph's nodes, each once, with the graph's operands at their types;
//   a view's outputs lie where the operator says its input's elements are;
//   every read finds in all its bytes the value it names;
//   a call overwrites what it reads only in a declared in-place pair, at the same place, and its outputs and
//   its workspace do not overlap;
//   inputs, constants and unchanged states are not written; at the end each state holds its next value and
//   each output its value.
//
// The error names the call, the value that was expected and the one that is there.
#pragma once
#include "compiler/program.h"

namespace weft {

Status VerifyPlan(const Program& program);

}  // namespace weft
