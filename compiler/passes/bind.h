// Gives every symbol of a model graph its number: batch = 8, seq = 256. Nothing is planned before.
#pragma once
#include <map>
#include <string>

#include "ir/graph.h"

namespace weft {

// Replaces symbols in types, attributes and states' initial values, and infers all types again. An error for
// a symbol that `bindings` lacks (naming a value that has it), a number that is negative or above the
// symbol's bound, a name that is no symbol of the graph, a dimension that comes out negative.
Status Bind(Graph& graph, const std::map<std::string, int64_t>& bindings);

// The graph's symbols in order of appearance: inputs, then the values of nodes, attributes.
std::vector<std::string> SymbolsOf(const Graph& graph);

}  // namespace weft
