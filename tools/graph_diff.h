// weft graph diff A B: two graph files compared by structure.
#pragma once
#include <CLI/App.hpp>

#include "base/status.h"

namespace weft {

// Adds `diff` to `weft graph`. Its status is Silent where the graphs differ: exit code 1 and no message.
void AddGraphDiff(CLI::App* graph, Status* result);

}  // namespace weft
