// The subcommands of `weft`, each in its own file. Register*(app, result) adds the subcommand; when it is the
// one that was called, its callback puts the outcome into *result.
#pragma once
#include <CLI/App.hpp>
#include <string>

#include "base/status.h"

namespace weft {

// Marks a mistake in how a command was called, rather than in what it found: exit code 2 and the hint to
// --help. Ok stays ok.
Status UsageError(Status status);
bool IsUsageError(const Status& status);
// Marks an outcome that is told by the exit code 1 alone, because the output says all: that two graphs
// differ.
Status Silent(Status status);
bool IsSilent(const Status& status);

void RegisterTrainCommand(CLI::App& app, Status* result);
void RegisterEvalCommand(CLI::App& app, Status* result);
void RegisterGenerateCommand(CLI::App& app, Status* result);
void RegisterTokenizerCommand(CLI::App& app, Status* result);
void RegisterDataCommand(CLI::App& app, Status* result);
void RegisterGraphCommand(CLI::App& app, Status* result);
void RegisterOptCommand(CLI::App& app, Status* result);
void RegisterRunCommand(CLI::App& app, Status* result);
void RegisterVerifyCommand(CLI::App& app, Status* result);
void RegisterQuantizeCommand(CLI::App& app, Status* result);
void RegisterInspectCommand(CLI::App& app, Status* result);
void RegisterBenchCommand(CLI::App& app, Status* result);
void RegisterDoctorCommand(CLI::App& app, Status* result);

}  // namespace weft
