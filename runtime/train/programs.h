// The programs of a training run, compiled from the model graph: one step, or micro step and apply step;
// evaluation.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/program.h"
#include "compiler/stage_log.h"
#include "compiler/target.h"
#include "runtime/train/settings.h"

namespace weft {

struct TrainPrograms {
  Program step;                  // one micro batch: forward, backward, update
  std::optional<Program> apply;  // with accumulation: `step` only adds gradients, this updates
  std::optional<Program> evaluation;
};

// The graphs behind them before canonicalize, with symbols batch and seq.
struct TrainGraphs {
  Graph step;
  std::optional<Graph> apply;
  Graph evaluation;
};
// As the model and the optimizer are written: no composite is made, nothing is fused.
StatusOr<TrainGraphs> TrainGraphsAsWritten(const Graph& training, const Graph& evaluation,
                                           const TrainSettings& settings);

struct TrainProgramOptions {
  int64_t evaluation_batch = 0;  // windows at once, at most; 0: no evaluation program
  // Gets what the passes did, by the program's name; null: nobody asks.
  std::map<std::string, StageLog>* logs = nullptr;
};

// training and evaluation: model graphs with output logits [batch, seq, vocab]. Evaluation takes fewer
// windows at once where so many would need more memory than the step does. With recompute = auto the step
// computes again what it must for the session to keep to the memory limit, as far as that helps: the caller
// checks the plan.
StatusOr<TrainPrograms> CompileTrainPrograms(const Graph& training, const Graph& evaluation,
                                             const TrainSettings& settings, const Target& target,
                                             const TrainProgramOptions& options);

// Windows that a trainer evaluates at once, if there are so many: enough for the products to be large.
int64_t EvaluationBatch(int64_t context_length);

// The memory of a session that holds all of them: states once, the largest arena, inputs and outputs of each.
MemoryUse SessionMemory(const TrainPrograms& programs, const Target& target);

}  // namespace weft
