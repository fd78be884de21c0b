// The subcommands of `weft`, each in its own file. Register*(app, result) adds the subcommand; when it is the
// one that was called, its callback puts the outcome into *result.
#pragma once
#include <CLI/App.hpp>
#include <string>

#include "base/status.h"

namespace weft {

void RegisterRunCommand(CLI::App& app, Status* result);
void RegisterTrainCommand(CLI::App& app, Status* result);
void RegisterTokenizerCommand(CLI::App& app, Status* result);
void RegisterDataCommand(CLI::App& app, Status* result);

}  // namespace weft
