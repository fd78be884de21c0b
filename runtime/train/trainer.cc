#include "runtime/train/trainer.h"

#include "base/threads.h"
#include "ops/roofs.h"
#include "runtime/train/machine.h"
#include "runtime/train/trainer_impl.h"

namespace weft {

Trainer::Trainer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Trainer::~Trainer() = default;
const TrainPlan& Trainer::plan() const { return impl_->plan(); }
const StepMetrics& Trainer::last() const { return impl_->last(); }
const TrainerState& Trainer::state() const { return impl_->state(); }
const Program& Trainer::step_program() const { return impl_->step_program(); }
const Profile* Trainer::profile() const { return impl_->profile(); }
void Trainer::ProfileTo(std::string path) { impl_->ProfileTo(std::move(path)); }
Status Trainer::Run(bool resume, InitialWeights init) { return impl_->Run(resume, std::move(init)); }

StatusOr<std::unique_ptr<Trainer>> Trainer::Create(TrainJob job) {
  auto impl = std::make_unique<Impl>(std::move(job));
  WEFT_RETURN_IF_ERROR(impl->Compile());
  return std::unique_ptr<Trainer>(new Trainer(std::move(impl)));
}

namespace {

int Threads(const TrainSettings& s) {
  return s.threads > 0 ? static_cast<int>(s.threads) : AvailableProcessors();
}

}  // namespace

Trainer::Impl::Impl(TrainJob job) : job_(std::move(job)), target_({Threads(job_.settings), false}) {
  ReturnFreedMemory();
  memory_before_ = OwnResidentBytes();
}

int Trainer::Impl::threads() const { return Threads(job_.settings); }

Status Trainer::Impl::Compile() {
  const TrainSettings& s = job_.settings;
  TrainProgramOptions options;
  if (job_.train.size() > 0) {
    WEFT_ASSIGN_OR_RETURN(train_windows_,
                          TrainWindows::Create(&job_.train, s.context_length, static_cast<uint64_t>(s.seed)));
  } else if (s.val_fraction > 0) {
    // Without data only the plan is wanted (a dry run); Run refuses it. There will be held-out text.
    options.evaluation_batch = EvaluationBatch(s.context_length);
  }
  if (job_.val.size() >= 2) {
    WEFT_ASSIGN_OR_RETURN(val_windows_, EvalWindows::Create(&job_.val, s.context_length));
    options.evaluation_batch = std::min(val_windows_->size(), EvaluationBatch(s.context_length));
  }
  WEFT_ASSIGN_OR_RETURN(
      programs_, CompileTrainPrograms(job_.training_model, job_.evaluation_model, s, target_, options));
  plan_.memory = SessionMemory(*programs_, target_);
  plan_.arena_lower_bound = programs_->step.arena_lower_bound;
  for (const Port& state : programs_->step.states) {
    if (state.role == StateRole::kParameter) plan_.parameters += NumElements(state.shape);
  }
  const auto micro_steps = static_cast<double>(s.grad_accumulation);
  const double tokens = static_cast<double>(s.batch_size * s.context_length) * micro_steps;
  const double again = programs_->step.recomputed_flops() * micro_steps;
  double flops = programs_->step.flops() * micro_steps - again;
  if (programs_->apply) flops += programs_->apply->flops();
  plan_.flops_per_token = flops / tokens;
  plan_.recomputed_flops_per_token = again / tokens;
  for (const Call& call : programs_->step.calls) {
    plan_.recomputed_nodes += programs_->step.graph.node(call.node).clone > 0;
  }
  return OkStatus();
}

Status Trainer::Impl::Run(bool resume, InitialWeights init) {
  if (!train_windows_) return FailedPrecondition("there is no training text");
  WEFT_RETURN_IF_ERROR(Prepare(resume, std::move(init)));
  WEFT_ASSIGN_OR_RETURN(peak_flops_, MeasureMatmulFlops(threads()));
  if (!profile_path_.empty()) {
    profile_.emplace();
    for (Executor* e : {step_.step, step_.apply, evaluation_}) {
      if (e != nullptr) e->set_profile(&*profile_);
    }
  }
  const Status status = Loop();
  if (profile_) WEFT_RETURN_IF_ERROR(profile_->WriteChromeTrace(profile_path_));
  return status;
}

}  // namespace weft
