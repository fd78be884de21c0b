// Quantised weights of a model that is served.
#pragma once
#include <string>
#include <vector>

#include "compiler/passes/quantize_weights.h"
#include "ir/graph.h"

namespace weft {

// Products of the model graph with a parameter read it in 8 or 4 bits, after MatMul and Gemm have become
// products. Returns the parameters' names. Errors: those of the pass, and that nothing was quantised.
StatusOr<std::vector<std::string>> QuantizeModel(Graph& model, const QuantizeWeightsOptions& options);

}  // namespace weft
