// Graphs with one of everything that a file must keep, and what makes damaged files look whole.
#pragma once
#include <string>

#include "ir/graph.h"

namespace weft::test {

// Scopes, phases, clones, absent operands and outputs, formulas, bounds, names that need quotes.
Graph GraphOfNodes();
// A field of every kind, with floats that compare oddly.
Graph GraphOfAttributes();
// Constants of every element type, empty ones, odd floats.
Graph GraphOfConstants();
// Every role, initial values (one shared by two), next values that are results and that are not.
Graph GraphOfStates();
// A few nodes, a state with its initial value: a file of some hundred bytes.
Graph SmallGraph();

// The file's last bytes again as its writer would have left them, with that version.
void Seal(std::string* bytes, uint32_t version = 1);

}  // namespace weft::test
