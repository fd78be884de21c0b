// Whether two graphs are the same: name, inputs, constants, nodes in order with operator, attributes, scope,
// phase and clone number, the names and types of all values, outputs, states with their initial values,
// bounds.
#pragma once
#include <string>

#include "ir/graph.h"

namespace weft {

// *why (if given) names the first difference. NaNs with the same sign are equal.
bool Equal(const Graph& a, const Graph& b, std::string* why = nullptr);

// The same element type, shape and bits (NaNs of one sign count as the same).
bool Equal(const Tensor& a, const Tensor& b);

}  // namespace weft
