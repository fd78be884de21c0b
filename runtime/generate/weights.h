// A model's weights: the parameters of its graph, from safetensors.
#pragma once
#include "base/safetensors.h"
#include "ir/graph.h"
#include "runtime/executor/session.h"

namespace weft {

// Binds every parameter of the graph to the tensor of its name, where it lies in the file (read-only); floats
// of another type are converted when something reads them in the graph's type. Names of `ignored` may be in
// the file without being in the graph. The error, one line, lists tensors that are missing, unexpected (with
// what they may have been called) or of another shape or type.
Status BindWeights(const Graph& model, const SafetensorsSet& weights, std::span<const std::string> ignored,
                   Session* session);

}  // namespace weft
