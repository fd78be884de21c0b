// weft tokenizer train|encode|decode.
#pragma once
#include <CLI/App.hpp>

#include "base/status.h"

namespace weft {

// Adds the subcommand; when it is the one that was called, its callback puts the outcome into *result.
void RegisterTokenizerCommand(CLI::App& app, Status* result);

}  // namespace weft
