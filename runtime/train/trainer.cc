#include "runtime/train/trainer.h"

#include <unistd.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/process_memory.h"
#include "base/threads.h"
#include "compiler/compile.h"
#include "ops/roofs.h"
#include "runtime/train/batches.h"
#include "runtime/train/schedule.h"
#include "runtime/train/trainer_impl.h"

namespace weft {

Trainer::Trainer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Trainer::~Trainer() = default;
const TrainPlan& Trainer::plan() const { return impl_->plan(); }
const StepMetrics& Trainer::last() const { return impl_->last(); }
void Trainer::ProfileTo(std::string path) { impl_->ProfileTo(std::move(path)); }
Status Trainer::Run(bool resume, std::vector<NamedTensor> init) {
  return impl_->Run(resume, std::move(init));
}

StatusOr<std::unique_ptr<Trainer>> Trainer::Create(TrainJob job) {
  auto impl = std::make_unique<Impl>(std::move(job));
  WEFT_RETURN_IF_ERROR(impl->Compile());
  return std::unique_ptr<Trainer>(new Trainer(std::move(impl)));
}

namespace {

int Threads(const TrainSettings& s) {
  return s.threads > 0 ? static_cast<int>(s.threads) : AvailableProcessors();
}

// Windows evaluated at once: enough for the products to be large.
constexpr int64_t kEvaluationTokens = 4096;

}  // namespace

Trainer::Impl::Impl(TrainJob job) : job_(std::move(job)), target_({Threads(job_.settings), false}) {}

Status Trainer::Impl::Compile() {
  const TrainSettings& s = job_.settings;
  // Without data only the plan is wanted (a dry run); Run refuses it.
  if (job_.train.size() > 0) {
    WEFT_ASSIGN_OR_RETURN(train_windows_,
                          TrainWindows::Create(&job_.train, s.context_length, static_cast<uint64_t>(s.seed)));
  }
  TrainProgramOptions options;
  if (job_.val.size() >= 2) {
    WEFT_ASSIGN_OR_RETURN(val_windows_, EvalWindows::Create(&job_.val, s.context_length));
    options.evaluation_batch =
        std::min(val_windows_->size(), std::max<int64_t>(1, kEvaluationTokens / s.context_length));
  }
  WEFT_ASSIGN_OR_RETURN(
      programs_, CompileTrainPrograms(job_.training_model, job_.evaluation_model, s, target_, options));
  plan_.memory = SessionMemory(*programs_);
  plan_.arena_lower_bound = programs_->step.arena_lower_bound;
  for (const Port& state : programs_->step.states) {
    if (state.role == StateRole::kParameter) plan_.parameters += NumElements(state.shape);
  }
  double flops = programs_->step.flops() * static_cast<double>(s.grad_accumulation);
  if (programs_->apply) flops += programs_->apply->flops();
  plan_.flops_per_token = flops / static_cast<double>(s.batch_size * s.context_length * s.grad_accumulation);
  return OkStatus();
}

Status Trainer::Impl::LoadStates(const std::vector<NamedTensor>& tensors, StateRole role,
                                 std::string_view from) {
  size_t expected = 0;
  for (const auto& state : session_.states()) expected += state->role == role;
  for (const NamedTensor& t : tensors) {
    const SessionState* state = session_.FindState(t.name);
    if (state == nullptr || state->role != role) {
      return InvalidArgument("{}: tensor '{}' is not one of this model's {} tensors", from, t.name,
                             Name(role));
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

Status Trainer::Impl::Prepare(bool resume, std::vector<NamedTensor> init) {
  WEFT_ASSIGN_OR_RETURN(step_, session_.AddProgram("step", std::move(programs_->step)));
  if (programs_->apply) {
    WEFT_ASSIGN_OR_RETURN(apply_, session_.AddProgram("apply", *std::move(programs_->apply)));
  }
  if (programs_->evaluation) {
    WEFT_ASSIGN_OR_RETURN(evaluation_, session_.AddProgram("evaluation", *std::move(programs_->evaluation)));
  }
  // Every program's states: moments of the apply step are not in the model graph.
  const auto compile = [&](const Graph& graph, const std::string& name) {
    return weft::Compile(graph, {}, target_, {.name = "initial value of " + name});
  };
  for (const Executor* e : {step_, apply_}) {
    if (e != nullptr) WEFT_RETURN_IF_ERROR(session_.RunInit(e->program().graph, compile, job_.settings.seed));
  }
  if (!init.empty()) WEFT_RETURN_IF_ERROR(LoadStates(init, StateRole::kParameter, "--init-from"));
  if (resume) {
    const CheckpointDirectory checkpoints(job_.directory);
    WEFT_ASSIGN_OR_RETURN(std::optional<Checkpoint> checkpoint, checkpoints.LoadLatest());
    if (checkpoint) {
      const std::string from = checkpoints.PathOf(checkpoint->state.step);
      WEFT_RETURN_IF_ERROR(LoadStates(checkpoint->parameters, StateRole::kParameter, from));
      WEFT_RETURN_IF_ERROR(LoadStates(checkpoint->optimizer, StateRole::kOptimizer, from));
      state_ = checkpoint->state;
    }
  }
  WEFT_ASSIGN_OR_RETURN(MetricsFile file,
                        MetricsFile::Open(JoinPath(job_.directory, "metrics.jsonl"), state_.step));
  metrics_.emplace(std::move(file));
  return OkStatus();
}

Status Trainer::Impl::Run(bool resume, std::vector<NamedTensor> init) {
  if (!train_windows_) return FailedPrecondition("there is no training text");
  WEFT_RETURN_IF_ERROR(Prepare(resume, std::move(init)));
  WEFT_ASSIGN_OR_RETURN(peak_flops_, MeasureMatmulFlops(Threads(job_.settings)));
  if (!profile_path_.empty()) {
    profile_.emplace();
    for (Executor* e : {step_, apply_, evaluation_}) {
      if (e != nullptr) e->set_profile(&*profile_);
    }
  }
  const Status status = Loop();
  if (profile_) WEFT_RETURN_IF_ERROR(profile_->WriteChromeTrace(profile_path_));
  return status;
}

bool Trainer::Impl::IsEvaluationStep(int64_t step) const {
  const TrainSettings& s = job_.settings;
  return evaluation_ != nullptr && (step == s.steps || (s.eval_every > 0 && step % s.eval_every == 0));
}

Status Trainer::Impl::Loop() {
  const TrainSettings& s = job_.settings;
  int64_t saved = state_.step;
  while (state_.step < s.steps && !InterruptRequested()) {
    const int64_t step = state_.step + 1;
    const Clock::time_point begin = Clock::now();
    WEFT_RETURN_IF_ERROR(Step(step));
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    state_.step = step;
    state_.tokens = last_.tokens;
    if (IsEvaluationStep(step)) WEFT_RETURN_IF_ERROR(EvaluateAt(step));
    Report(step, seconds);
    WEFT_RETURN_IF_ERROR(metrics_->Append(last_));
    if (step == s.steps || (s.save_every > 0 && step % s.save_every == 0) || InterruptRequested()) {
      WEFT_RETURN_IF_ERROR(Save(step));
      saved = step;
    }
  }
  if (saved != state_.step) return Save(state_.step);
  return OkStatus();
}

// The inputs of one scalar each that a program has among lr, step, seed and row.
Status Trainer::Impl::SetScalars(int64_t step, int64_t micro) {
  const auto lr = static_cast<float>(LearningRate(job_.settings, step));
  for (Executor* e : {step_, apply_}) {
    if (e == nullptr) continue;
    const std::pair<std::string_view, Tensor> inputs[] = {
        {"lr", Tensor::Scalar<float>(lr)},
        {"step", Tensor::Scalar<int64_t>(step)},
        {"seed", Tensor::Scalar<int64_t>(job_.settings.seed)},
        {"row", Tensor::Scalar<int64_t>(micro * job_.settings.batch_size)}};
    for (const auto& [name, value] : inputs) {
      if (e->program().FindInput(name) != nullptr) WEFT_RETURN_IF_ERROR(e->SetInput(name, value));
    }
  }
  return OkStatus();
}

StatusOr<double> Trainer::Impl::Scalar(Executor& program, std::string_view output) const {
  WEFT_ASSIGN_OR_RETURN(const Tensor value, program.Output(output));
  return static_cast<double>(value.as<float>()[0]);
}

Status Trainer::Impl::MicroStep(int64_t step, int64_t micro) {
  WEFT_RETURN_IF_ERROR(SetScalars(step, micro));
  const int64_t data_step = job_.settings.overfit_one_batch ? 1 : step;
  return FillTrainingBatch(*step_, *train_windows_, data_step, micro * job_.settings.batch_size);
}

Status Trainer::Impl::Step(int64_t step) {
  double loss = 0, count = 0;
  for (int64_t micro = 0; micro < job_.settings.grad_accumulation; ++micro) {
    WEFT_RETURN_IF_ERROR(MicroStep(step, micro));
    WEFT_RETURN_IF_ERROR(step_->Run(step));
    WEFT_ASSIGN_OR_RETURN(const double sum, Scalar(*step_, "loss_sum"));
    WEFT_ASSIGN_OR_RETURN(const double tokens, Scalar(*step_, "token_count"));
    loss += sum;
    count += tokens;
  }
  Executor* update = apply_ != nullptr ? apply_ : step_;
  if (apply_ != nullptr) WEFT_RETURN_IF_ERROR(apply_->Run(step));
  WEFT_ASSIGN_OR_RETURN(const double norm, Scalar(*update, "grad_norm"));
  if (!std::isfinite(norm) || !std::isfinite(loss)) return NameTheCulprit(step);
  last_ = {};
  last_.step = step;
  last_.loss = loss / count;
  last_.lr = LearningRate(job_.settings, step);
  last_.grad_norm = norm;
  last_.tokens = state_.tokens + static_cast<int64_t>(count);
  return OkStatus();
}

Status Trainer::Impl::NameTheCulprit(int64_t step) {
  // The update left parameters and moments alone, so that the step can be run again as it was.
  for (int64_t micro = 0; micro < job_.settings.grad_accumulation; ++micro) {
    WEFT_RETURN_IF_ERROR(MicroStep(step, micro));
    WEFT_RETURN_IF_ERROR(step_->RunChecked(step));
  }
  if (apply_ != nullptr) WEFT_RETURN_IF_ERROR(apply_->RunChecked(step));
  return Internal("step {}: the loss or the gradient norm is not finite, but every value of the step is",
                  step);
}

Status Trainer::Impl::Evaluate(int64_t max_windows, double* loss, double* bits_per_byte) {
  const int64_t all = val_windows_->size();
  const int64_t stride = max_windows > 0 ? std::max<int64_t>(1, all / max_windows) : 1;
  const int64_t windows = max_windows > 0 ? std::min(all, max_windows) : all;
  const int64_t batch = evaluation_->program().FindInput("tokens")->shape[0];
  double sum = 0, count = 0;
  for (int64_t first = 0; first < windows; first += batch) {
    WEFT_RETURN_IF_ERROR(FillEvaluationBatch(*evaluation_, *val_windows_, first, windows, stride));
    WEFT_RETURN_IF_ERROR(evaluation_->Run());
    WEFT_ASSIGN_OR_RETURN(const double part, Scalar(*evaluation_, "loss_sum"));
    WEFT_ASSIGN_OR_RETURN(const double tokens, Scalar(*evaluation_, "token_count"));
    sum += part;
    count += tokens;
  }
  *loss = sum / count;
  *bits_per_byte = 0;
  if (job_.val_bytes > 0) {
    const double tokens_per_byte = static_cast<double>(job_.val.size()) / job_.val_bytes;
    *bits_per_byte = *loss / M_LN2 * tokens_per_byte;
  }
  return OkStatus();
}

Status Trainer::Impl::EvaluateAt(int64_t step) {
  double loss = 0, bits = 0;
  const bool last = step == job_.settings.steps;
  WEFT_RETURN_IF_ERROR(Evaluate(last ? 0 : job_.settings.eval_windows, &loss, &bits));
  last_.val_loss = loss;
  if (bits > 0) last_.val_bits_per_byte = bits;
  if (!state_.best_val_loss || loss < *state_.best_val_loss) {
    state_.best_val_loss = loss;
    state_.best_step = step;
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
  Checkpoint checkpoint;
  checkpoint.state = state_;
  checkpoint.parameters = StatesOf(StateRole::kParameter);
  checkpoint.optimizer = StatesOf(StateRole::kOptimizer);
  WEFT_ASSIGN_OR_RETURN(const Json config, ParseJson(job_.config_json, "config.json"));
  const CheckpointDirectory checkpoints(job_.directory);
  return Prefix(fmt::format("saving step {}", step),
                checkpoints.Save(checkpoint, config, job_.tokenizer_json, job_.settings.keep));
}

void Trainer::Impl::Report(int64_t step, double seconds) {
  const TrainSettings& s = job_.settings;
  seconds_per_step_ = seconds_per_step_ == 0 ? seconds : 0.95 * seconds_per_step_ + 0.05 * seconds;
  const auto tokens = static_cast<double>(s.batch_size * s.context_length * s.grad_accumulation);
  last_.ms = seconds * 1e3;
  last_.tok_s = tokens / seconds;
  last_.mfu = plan_.flops_per_token * tokens / seconds / peak_flops_;
  last_.memory = ResidentBytes();
  last_.eta_s = seconds_per_step_ * static_cast<double>(s.steps - step);
  const bool terminal = isatty(STDERR_FILENO) != 0;
  const bool milestone =
      step == 1 || step == s.steps || last_.val_loss || step % std::max<int64_t>(1, s.steps / 20) == 0;
  if (!terminal && !milestone) return;
  const std::string line = ToStepLine(last_, s.steps);
  // On a terminal the line is redrawn in place; milestones stay.
  if (!terminal) {
    fmt::print(stderr, "{}\n", line);
  } else {
    fmt::print(stderr, "\r{}\x1b[K{}", line, milestone ? "\n" : "");
  }
}

}  // namespace weft
