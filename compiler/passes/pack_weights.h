// pack_weights: products of activations with a bf16 weight [N, K] read it in the layout that the processor
// multiplies by (weft.PackedProduct), for serving: a call of few rows spends more time on packing a weight
// than on multiplying by it.
//
// The packed weight is a state of role *derived*, `packed.<name>`; what it was packed from goes, where
// nothing else reads it.
#pragma once
#include "ir/graph.h"

namespace weft {

// Weights are states of role parameter or derived that the optimizer does not write. Those that would grow by
// more than a quarter, to whole blocks, stay as they are.
Status PackWeights(Graph& graph);

}  // namespace weft
