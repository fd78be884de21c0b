// report.html of a run directory: its curves, memory plan and, where it was profiled, time by operator.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "runtime/report/trace.h"
#include "runtime/train/trainer.h"

namespace weft {

// What the report shows: settings, plan, metrics.jsonl as curves, the arena of the training step. Time by
// operator is that of `trace`, or of the trainer's profile; null where there is neither. Errors:
// metrics.jsonl cannot be read.
StatusOr<nlohmann::json> TrainReportJson(const std::string& directory, const TrainSettings& settings,
                                         const Trainer& trainer, const Trace* trace = nullptr);
// Replaces DIRECTORY/report.html.
Status WriteTrainReport(const std::string& directory, const nlohmann::json& report);

}  // namespace weft
