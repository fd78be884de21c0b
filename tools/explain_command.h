// weft graph explain: a page, or its numbers.
#pragma once
#include "base/status.h"

namespace CLI {
class App;
}  // namespace CLI

namespace weft {

void AddExplainCommand(CLI::App* graph, Status* result);

}  // namespace weft
