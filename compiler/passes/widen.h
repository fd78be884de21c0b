// Every float as f64: what `verify` computes both sides of a comparison in.
#pragma once
#include "ir/graph.h"

namespace weft {

// Inputs, constants, attributes that name a float type (Cast's `to`), states' initial values; types are
// inferred again. An error if an operator does not take f64.
Status Widen(Graph& graph);

}  // namespace weft
