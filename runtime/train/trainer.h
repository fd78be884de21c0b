// The training loop: programs compiled from the model graph, run over windows of token shards, with
// evaluation, metrics and checkpoints. Stops cleanly on Ctrl-C; goes on from a checkpoint with the same bits.
#pragma once
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "base/shards.h"
#include "ir/graph.h"
#include "runtime/executor/session.h"
#include "runtime/train/checkpoint.h"
#include "runtime/train/metrics.h"
#include "runtime/train/settings.h"

namespace weft {

// What a run is about: handed in by the tool, which knows layers and files.
struct TrainJob {
  TrainSettings settings;
  std::string directory;       // of the run
  Graph training_model;        // outputs logits [batch, seq, vocab]; with dropout's inputs if it has any
  Graph evaluation_model;      // the same without dropout
  std::string config_json;     // config.json of the checkpoints
  std::string tokenizer_json;  // tokenizer.json of the checkpoints; empty: none
  TokenDataset train, val;
  // Bytes of the held-out tokens that are asked for (all but the first), for bits per byte; 0: not known.
  double val_bytes = 0;
  std::optional<double> floor_bits;  // bits per byte of the held-out text under its own grammar
  // Called behind each checkpoint, also the one after Ctrl-C: metrics.jsonl has all steps up to it.
  std::function<void()> saved = {};
};

// The parameters a run begins with, and where they come from, for messages.
struct InitialWeights {
  std::vector<NamedTensor> tensors;  // empty: those of the initialisers
  std::string from;
};

// The plan of all programs the job will run, known before anything runs.
struct TrainPlan {
  int64_t parameters = 0;      // elements
  double flops_per_token = 0;  // of the training step, without what runs a second time
  double recomputed_flops_per_token = 0;
  int64_t recomputed_nodes = 0;  // that run a second time in backward
  MemoryUse memory;              // of the session: the largest arena, all states
  int64_t arena_lower_bound = 0;
};

class Trainer {
 public:
  // Compiles the programs and checks that the data is enough for one window. Nothing is allocated for running
  // yet.
  static StatusOr<std::unique_ptr<Trainer>> Create(TrainJob job);
  ~Trainer();
  const TrainPlan& plan() const;

  // Runs from the beginning, or from the run directory's latest checkpoint if `resume`. Ok also after Ctrl-C,
  // once the step is finished and saved. A loss or a gradient norm that is not finite ends the run with an
  // error that names step, node and scope; the checkpoints are those from before.
  Status Run(bool resume, InitialWeights init = {});
  const StepMetrics& last() const;    // the last step's metrics; step 0: Run made none
  const TrainerState& state() const;  // after the last step
  const Program& step_program() const;
  const Profile* profile() const;  // null: none was asked for, or nothing has run yet

  // Writes a Chrome trace of the steps that follow to `path` when Run ends.
  void ProfileTo(std::string path);

 private:
  class Impl;
  explicit Trainer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weft
