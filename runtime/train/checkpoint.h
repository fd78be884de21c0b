// Checkpoints: checkpoints/step-00001000/ is a model directory (config.json, model.safetensors,
// tokenizer.json) with optimizer.safetensors and trainer_state.json. It appears whole or not at all, and says
// the hash of each tensor file, so that one that was damaged later is not taken for whole. `latest` and
// `best` are links replaced by rename.
#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/safetensors.h"
#include "base/status.h"

namespace weft {

struct TrainerState {
  int64_t step = 0;    // updates done
  int64_t tokens = 0;  // seen
  std::optional<double> best_val_loss;
  int64_t best_step = 0;  // the checkpoint of the smallest val loss; 0: none was evaluated
  // What the bits depend on beside the settings: of the machine (machine.h), and of the data ("train": "1000
  // tokens, 0123456789abcdef").
  std::map<std::string, std::string> machine, data;
};

struct Checkpoint {
  TrainerState state;
  std::vector<NamedTensor> parameters;  // by their names in Hugging Face's state_dict
  std::vector<NamedTensor> optimizer;   // moments, by state name
};

class CheckpointDirectory {
 public:
  // `run` is the run directory; nothing is read or written yet.
  explicit CheckpointDirectory(std::string run) : root_(std::move(run) + "/checkpoints") {}

  // Writes step-N beside its place and renames it; then points `best` at the best checkpoint and `latest` at
  // this one; then removes, of the steps up to N, all but the last `keep` and the best. What was there stays
  // intact if anything fails, and `latest` always names a whole checkpoint.
  Status Save(const Checkpoint& checkpoint, const nlohmann::json& config, const std::string& tokenizer_json,
              int64_t keep) const;
  // The checkpoint `latest` points to; nothing if there is none. Damaged files are errors that name the file.
  StatusOr<std::optional<Checkpoint>> LoadLatest() const;
  static StatusOr<Checkpoint> Load(const std::string& directory);
  std::string PathOf(int64_t step) const;

 private:
  Status RemoveOld(int64_t keep, const TrainerState& now) const;
  std::string root_;
};

}  // namespace weft
