#include "runtime/train/checkpoint.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"

namespace weft {
namespace {

constexpr const char* kStateFile = "trainer_state.json";
constexpr const char* kTensorFiles[] = {"model.safetensors", "optimizer.safetensors"};

std::string StepName(int64_t step) { return fmt::format("step-{:08}", step); }

Status WriteAll(const std::string& directory, const Checkpoint& c, const Json& config,
                const std::string& tokenizer) {
  WEFT_RETURN_IF_ERROR(
      WriteSafetensors(JoinPath(directory, kTensorFiles[0]), c.parameters, {{"format", "pt"}}));
  WEFT_RETURN_IF_ERROR(WriteSafetensors(JoinPath(directory, kTensorFiles[1]), c.optimizer));
  WEFT_RETURN_IF_ERROR(WriteJsonFile(JoinPath(directory, "config.json"), config));
  if (!tokenizer.empty()) {
    WEFT_RETURN_IF_ERROR(WriteFileAtomically(JoinPath(directory, "tokenizer.json"), tokenizer));
  }
  Json generation = {{"do_sample", true}, {"temperature", 1.0}};
  WEFT_RETURN_IF_ERROR(WriteJsonFile(JoinPath(directory, "generation_config.json"), generation));
  Json state = {{"step", c.state.step},
                {"tokens", c.state.tokens},
                {"best_step", c.state.best_step},
                {"machine", c.state.machine},
                {"data", c.state.data}};
  if (c.state.best_val_loss) state["best_val_loss"] = *c.state.best_val_loss;
  for (const char* file : kTensorFiles) {
    WEFT_ASSIGN_OR_RETURN(const uint64_t hash, HashFile(JoinPath(directory, file)));
    state["hashes"][file] = HashText(hash);
  }
  return WriteJsonFile(JoinPath(directory, kStateFile), state);
}

StatusOr<std::vector<NamedTensor>> ReadTensors(const std::string& directory, const char* file,
                                               const Json& hashes) {
  const std::string path = JoinPath(directory, file);
  WEFT_ASSIGN_OR_RETURN(const std::string expected, GetString(hashes, file, JoinPath(directory, kStateFile)));
  WEFT_ASSIGN_OR_RETURN(const uint64_t hash, HashFile(path));
  if (HashText(hash) != expected) {
    return DataLoss("{}: damaged: its bytes hash to {}, expected {} ({})", path, HashText(hash), expected,
                    kStateFile);
  }
  WEFT_ASSIGN_OR_RETURN(const SafetensorsFile tensors, SafetensorsFile::Open(path));
  std::vector<NamedTensor> result;
  for (const SafetensorsEntry& e : tensors.entries()) {
    WEFT_ASSIGN_OR_RETURN(Tensor t, tensors.Get(e.name));
    result.push_back({e.name, std::move(t)});
  }
  return result;
}

Status ReadTexts(const Json& json, std::string_view field, const std::string& path,
                 std::map<std::string, std::string>* texts) {
  if (!json.contains(field)) return OkStatus();
  WEFT_ASSIGN_OR_RETURN(const Json* object, GetObject(json, field, path));
  for (const auto& [key, value] : object->items()) {
    WEFT_ASSIGN_OR_RETURN((*texts)[key], GetString(*object, key, path));
  }
  return OkStatus();
}

bool ParseStep(const std::string& name, int64_t* step) {
  constexpr size_t kMostDigits = 18;
  if (!name.starts_with("step-") || name.size() < 6 || name.size() > 5 + kMostDigits) return false;
  *step = 0;
  for (char c : name.substr(5)) {
    if (c < '0' || c > '9') return false;
    *step = *step * 10 + (c - '0');
  }
  return true;
}

// Out of the way first, so that a kill half-way leaves no half checkpoint under a checkpoint's name.
Status Remove(const std::string& root, const std::string& name) {
  const std::string doomed = JoinPath(root, ".removed-" + name);
  WEFT_RETURN_IF_ERROR(RemoveAll(doomed));
  if (std::rename(JoinPath(root, name).c_str(), doomed.c_str()) != 0) {
    return FailedPrecondition("{}: cannot be removed", JoinPath(root, name));
  }
  return RemoveAll(doomed);
}

}  // namespace

std::string CheckpointDirectory::PathOf(int64_t step) const { return JoinPath(root_, StepName(step)); }

Status CheckpointDirectory::Save(const Checkpoint& c, const Json& config, const std::string& tokenizer,
                                 int64_t keep) const {
  WEFT_RETURN_IF_ERROR(CreateDirectories(root_));
  const std::string path = PathOf(c.state.step);
  if (Exists(path)) WEFT_RETURN_IF_ERROR(Remove(root_, StepName(c.state.step)));
  WEFT_RETURN_IF_ERROR(WriteDirectoryAtomically(
      path, [&](const std::string& temporary) { return WriteAll(temporary, c, config, tokenizer); }));
  if (c.state.best_step > 0) {
    WEFT_RETURN_IF_ERROR(ReplaceLink(JoinPath(root_, "best"), StepName(c.state.best_step)));
  }
  WEFT_RETURN_IF_ERROR(ReplaceLink(JoinPath(root_, "latest"), StepName(c.state.step)));
  return RemoveOld(keep, c.state);
}

Status CheckpointDirectory::RemoveOld(int64_t keep, const TrainerState& now) const {
  WEFT_ASSIGN_OR_RETURN(const std::vector<std::string> names, ListDirectory(root_));
  std::vector<int64_t> steps;
  for (const std::string& name : names) {
    int64_t step = 0;
    if (name.starts_with(".removed-")) WEFT_RETURN_IF_ERROR(RemoveAll(JoinPath(root_, name)));
    // Later steps are those of a run that was killed before `latest` named them: they are written again.
    if (ParseStep(name, &step) && step != now.best_step && step <= now.step) steps.push_back(step);
  }
  std::sort(steps.begin(), steps.end());
  for (size_t i = 0; i + static_cast<size_t>(keep) < steps.size(); ++i)
    WEFT_RETURN_IF_ERROR(Remove(root_, StepName(steps[i])));
  return OkStatus();
}

StatusOr<std::optional<Checkpoint>> CheckpointDirectory::LoadLatest() const {
  const std::string latest = JoinPath(root_, "latest");
  if (!Exists(latest)) return std::optional<Checkpoint>();
  WEFT_ASSIGN_OR_RETURN(Checkpoint c, Load(latest));
  return std::optional<Checkpoint>(std::move(c));
}

StatusOr<Checkpoint> CheckpointDirectory::Load(const std::string& directory) {
  const std::string path = JoinPath(directory, kStateFile);
  WEFT_ASSIGN_OR_RETURN(const Json json, ReadJsonFile(path));
  Checkpoint c;
  WEFT_ASSIGN_OR_RETURN(c.state.step, GetInt(json, "step", path));
  WEFT_ASSIGN_OR_RETURN(c.state.tokens, GetInt(json, "tokens", path));
  WEFT_ASSIGN_OR_RETURN(c.state.best_step, GetInt(json, "best_step", path));
  if (json.contains("best_val_loss")) {
    WEFT_ASSIGN_OR_RETURN(c.state.best_val_loss, GetDouble(json, "best_val_loss", path));
  }
  WEFT_RETURN_IF_ERROR(ReadTexts(json, "machine", path, &c.state.machine));
  WEFT_RETURN_IF_ERROR(ReadTexts(json, "data", path, &c.state.data));
  WEFT_ASSIGN_OR_RETURN(const Json* hashes, GetObject(json, "hashes", path));
  WEFT_ASSIGN_OR_RETURN(c.parameters, ReadTensors(directory, kTensorFiles[0], *hashes));
  WEFT_ASSIGN_OR_RETURN(c.optimizer, ReadTensors(directory, kTensorFiles[1], *hashes));
  return c;
}

}  // namespace weft
