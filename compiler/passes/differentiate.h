// Reverse-mode differentiation on the graph: backward nodes are emitted after the forward ones, each with the
// scope of the node it came from and phase backward.
#pragma once
#include <span>
#include <vector>

#include "ir/graph.h"

namespace weft {

// A value whose gradient is given: d loss / d `value` = `gradient` (both in the graph, of one type).
struct GradientSeed {
  ValueId value;
  ValueId gradient;
};

// Emits d loss / d w for each w of `wrt` and returns them in that order, with w's type; kNone where the loss
// does not depend on w. Nodes without a gradient of their own are first replaced by their decomposition. An
// error names the node: an operator that has no gradient on every path from w, a w that is not float, an
// operator that is neither differentiable nor decomposed.
StatusOr<std::vector<ValueId>> Differentiate(Graph& graph, std::span<const GradientSeed> seeds,
                                             std::span<const ValueId> wrt);

// The same for one scalar loss, seeded with 1.
StatusOr<std::vector<ValueId>> Differentiate(Graph& graph, ValueId loss, std::span<const ValueId> wrt);

// Gradients of the output `loss_sum`, or of the only output, as new outputs "<name>.grad": by every state of
// role parameter, or by every float input where there are no states. A parameter that the loss does not
// depend on is an error: it would silently stay as it is. Returns them in the order of the states or inputs.
StatusOr<std::vector<ValueId>> AddParameterGradients(Graph& graph);
// The same as a pass: they become outputs.
Status AddGradients(Graph& graph);

}  // namespace weft
