// Computes at compile time what depends on constants only.
#pragma once
#include "compiler/pass.h"

namespace weft {

// Replaces nodes all of whose operands are constants by their results, which keep the names. Left alone:
// random operators, results of more than `max_elements`, results of the graph (a constant is none), and nodes
// that the evaluator refuses (they fail, with their data, when they run). Returns the number of nodes folded.
int FoldConstants(Graph& graph, const Evaluator& evaluate, int64_t max_elements);

}  // namespace weft
