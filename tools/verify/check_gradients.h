// Gradients against finite differences. The objective is <dy, outputs> for the float outputs, dy given.
#pragma once
#include <string>
#include <vector>

#include "tools/verify/finding.h"
#include "tools/verify/interpret.h"

namespace weft {

// Graph outputs through which a gradient flows: floats, not those that an operator keeps for backward alone.
std::vector<ValueId> SeededOutputs(const Graph& graph);

// The graph of the gradients of <dy, outputs> by those inputs and states: its outputs are "<name>.grad", its
// new inputs "dy.<output>" for each of SeededOutputs. All shapes bound. What nothing flows to has zeros.
StatusOr<Graph> GradientGraph(const Graph& forward, const std::vector<std::string>& by);

// `gradient` is GradientGraph(forward, by); `feed` holds the dy as well. In f64, by the plain kernels: each
// input along a random direction, then all together. Where the numbers disagree smaller steps are tried, and
// a point at which the one-sided differences disagree is a kink, which is counted. The error: one of them
// does not run.
Status CheckGradients(const Graph& forward, const Graph& gradient, const std::vector<std::string>& by,
                      const Feed& feed, VerifyReport* report);

}  // namespace weft
