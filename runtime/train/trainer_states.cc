// Trainer: its states, at the beginning of a run, from a checkpoint and into one.
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "base/suggest.h"
#include "compiler/compile.h"
#include "runtime/train/machine.h"
#include "runtime/train/trainer_impl.h"

namespace weft {
namespace {

// "295783 tokens, 0123456789abcdef 0123456789abcdef": of the shards, as their headers say.
std::string Fingerprint(const TokenDataset& data) {
  std::string text = fmt::format("{} tokens", data.size());
  for (const TokenShard& shard : data.shards()) {
    text += fmt::format("{} {}", &shard == &data.shards().front() ? "," : "", HashText(shard.content_hash()));
  }
  return text;
}

std::map<std::string, std::string> Fingerprints(const TrainJob& job) {
  return {{"train", Fingerprint(job.train)}, {"val", Fingerprint(job.val)}};
}

}  // namespace

Status Trainer::Impl::LoadStates(const std::vector<NamedTensor>& tensors, StateRole role,
                                 std::string_view from) {
  size_t expected = 0;
  for (const auto& state : session_.states()) expected += state->role == role;
  for (const NamedTensor& t : tensors) {
    const SessionState* state = session_.FindState(t.name);
    if (state == nullptr || state->role != role) {
      std::vector<std::string> names;
      for (const auto& s : session_.states()) {
        if (s->role == role) names.push_back(s->name);
      }
      return InvalidArgument("{}: tensor '{}' is not one of this model's {} tensors{}", from, t.name,
                             Name(role), DidYouMean(t.name, names));
    }
    if (state->shape != t.tensor.shape()) {
      return InvalidArgument("{}: tensor '{}' has shape {}, expected {}", from, t.name,
                             ToString(t.tensor.shape()), ToString(state->shape));
    }
    WEFT_RETURN_IF_ERROR(Prefix(from, session_.SetState(t.name, t.tensor)));
  }
  if (tensors.size() == expected) return OkStatus();
  for (const auto& state : session_.states()) {
    const bool there =
        std::any_of(tensors.begin(), tensors.end(), [&](auto& t) { return t.name == state->name; });
    if (state->role == role && !there)
      return InvalidArgument("{}: tensor '{}' is missing", from, state->name);
  }
  return InvalidArgument("{}: {} {} tensors, expected {}", from, tensors.size(), Name(role), expected);
}

Status Trainer::Impl::AddPrograms() {
  WEFT_ASSIGN_OR_RETURN(step_.step, session_.AddProgram("step", std::move(programs_->step)));
  if (programs_->apply) {
    WEFT_ASSIGN_OR_RETURN(step_.apply, session_.AddProgram("apply", *std::move(programs_->apply)));
  }
  if (programs_->evaluation) {
    WEFT_ASSIGN_OR_RETURN(evaluation_, session_.AddProgram("evaluation", *std::move(programs_->evaluation)));
  }
  return OkStatus();
}

Status Trainer::Impl::Prepare(bool resume, InitialWeights init) {
  WEFT_RETURN_IF_ERROR(AddPrograms());
  // Every program's states: moments of the apply step are not in the model graph.
  const auto compile = [&](const Graph& graph, const std::string& name) {
    return weft::Compile(graph, {}, target_, {.name = "initial value of " + name});
  };
  for (const Executor* e : {step_.step, step_.apply}) {
    if (e != nullptr) WEFT_RETURN_IF_ERROR(session_.RunInit(e->program().graph, compile, job_.settings.seed));
  }
  if (!init.tensors.empty()) {
    WEFT_RETURN_IF_ERROR(LoadStates(init.tensors, StateRole::kParameter, init.from));
    init = {};  // the weights are in their place: what they were read into may go
  }
  if (resume) WEFT_RETURN_IF_ERROR(Restore());
  state_.machine = FactsOfThisMachine(threads());
  state_.data = Fingerprints(job_);
  WEFT_ASSIGN_OR_RETURN(MetricsFile file,
                        MetricsFile::Open(JoinPath(job_.directory, "metrics.jsonl"), state_.step));
  metrics_.emplace(std::move(file));
  return OkStatus();
}

Status Trainer::Impl::Restore() {
  const CheckpointDirectory checkpoints(job_.directory);
  WEFT_ASSIGN_OR_RETURN(std::optional<Checkpoint> checkpoint, checkpoints.LoadLatest());
  if (!checkpoint) return OkStatus();  // none yet: from the beginning
  const std::string from = checkpoints.PathOf(checkpoint->state.step);
  WEFT_RETURN_IF_ERROR(CheckSameData(checkpoint->state, from));
  WEFT_RETURN_IF_ERROR(LoadStates(checkpoint->parameters, StateRole::kParameter, from));
  WEFT_RETURN_IF_ERROR(LoadStates(checkpoint->optimizer, StateRole::kOptimizer, from));
  state_ = checkpoint->state;
  const auto differences = MachineDifferences(state_.machine, FactsOfThisMachine(threads()));
  if (!differences.empty()) {
    std::fputs(fmt::format("note: the last bits of what follows may differ from an uninterrupted run: {}\n",
                           fmt::join(differences, "; "))
                   .c_str(),
               stderr);
  }
  return OkStatus();
}

Status Trainer::Impl::CheckSameData(const TrainerState& before, const std::string& from) const {
  for (const auto& [split, now] : Fingerprints(job_)) {
    const auto it = before.data.find(split);
    if (it == before.data.end() || it->second == now) continue;
    return FailedPrecondition("{}: trained on other data: {} had {}, has {} now", from, split, it->second,
                              now);
  }
  return OkStatus();
}

std::vector<NamedTensor> Trainer::Impl::StatesOf(StateRole role) const {
  std::vector<NamedTensor> tensors;
  for (const auto& state : session_.states()) {
    if (state->role == role) tensors.push_back({state->name, state->tensor()});
  }
  return tensors;
}

Status Trainer::Impl::Save(int64_t step) {
  WEFT_RETURN_IF_ERROR(metrics_->Sync());
  if (last_.step == step && last_.val_loss && comparable_loss_ < state_.best_val_loss.value_or(INFINITY)) {
    state_.best_val_loss = comparable_loss_;
    state_.best_step = step;
  }
  Checkpoint checkpoint;
  checkpoint.state = state_;
  checkpoint.parameters = StatesOf(StateRole::kParameter);
  checkpoint.optimizer = StatesOf(StateRole::kOptimizer);
  WEFT_ASSIGN_OR_RETURN(const Json config, ParseJson(job_.config_json, "config.json"));
  const CheckpointDirectory checkpoints(job_.directory);
  WEFT_RETURN_IF_ERROR(Prefix(fmt::format("saving step {}", step),
                              checkpoints.Save(checkpoint, config, job_.tokenizer_json, job_.settings.keep)));
  if (job_.saved) job_.saved();
  return OkStatus();
}

}  // namespace weft
