// weft inspect on a graph's file.
#pragma once
#include <string>

#include "base/status.h"

namespace weft {

// Whether the name is that of a graph: .weft, or .onnxtxt for text.
bool NamesGraph(const std::string& path);
// What the graph has: inputs, outputs, states, constants, nodes by phase and operator. Errors: what LoadGraph
// says.
Status InspectGraph(const std::string& path, bool json);

}  // namespace weft
