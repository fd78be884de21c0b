// Trainer: step after step, evaluation, and what to do where a number is not finite.
#include <unistd.h>

#include <cmath>

#include "base/interrupt.h"
#include "runtime/train/batches.h"
#include "runtime/train/machine.h"
#include "runtime/train/schedule.h"
#include "runtime/train/trainer_impl.h"

namespace weft {

bool Trainer::Impl::IsEvaluationStep(int64_t step) const {
  const TrainSettings& s = job_.settings;
  return evaluation_ != nullptr && (step == s.steps || (s.eval_every > 0 && step % s.eval_every == 0));
}

Status Trainer::Impl::Loop() {
  const TrainSettings& s = job_.settings;
  ReturnFreedMemory();  // what compiling and the first values took
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
    if (step == s.steps || (s.save_every > 0 && step % s.save_every == 0)) {
      WEFT_RETURN_IF_ERROR(Save(step));
      saved = step;
    }
  }
  if (saved != state_.step) return Save(state_.step);  // interrupted
  return OkStatus();
}

StepInputs Trainer::Impl::InputsOf(int64_t step) const {
  const TrainSettings& s = job_.settings;
  const int64_t data_step = s.overfit_one_batch ? 1 : step;
  return {.step = step,
          .micro_steps = s.grad_accumulation,
          .batch_size = s.batch_size,
          .seed = s.seed,
          .lr = LearningRate(s, step),
          .fill_batch = [this, data_step](Executor& program, int64_t micro) {
            return FillTrainingBatch(program, *train_windows_, data_step, micro * job_.settings.batch_size);
          }};
}

Status Trainer::Impl::Step(int64_t step) {
  const StepInputs inputs = InputsOf(step);
  WEFT_ASSIGN_OR_RETURN(const StepResult ran, RunStep(step_, inputs));
  if (!std::isfinite(ran.grad_norm) || !std::isfinite(ran.loss_sum)) return NameTheCulprit(step);
  last_ = {};
  last_.step = step;
  last_.loss = ran.loss_sum / ran.token_count;
  last_.lr = inputs.lr;
  last_.grad_norm = ran.grad_norm;
  last_.tokens = state_.tokens + static_cast<int64_t>(ran.token_count);
  return OkStatus();
}

Status Trainer::Impl::NameTheCulprit(int64_t step) {
  // The update left parameters and moments alone, so that the step can be run again as it was; with sums that
  // begin as it did, at zero.
  for (const auto& state : session_.states()) {
    if (state->role != StateRole::kAccumulator) continue;
    WEFT_RETURN_IF_ERROR(session_.SetState(state->name, Tensor::Zeros(state->dtype, state->shape)));
  }
  const StepInputs inputs = InputsOf(step);
  for (int64_t micro = 0; micro < inputs.micro_steps; ++micro) {
    WEFT_RETURN_IF_ERROR(FillMicroStep(step_, inputs, micro));
    WEFT_RETURN_IF_ERROR(step_.step->RunChecked(step, /*finite_outputs=*/true));
  }
  if (step_.apply != nullptr) WEFT_RETURN_IF_ERROR(step_.apply->RunChecked(step, /*finite_outputs=*/true));
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
    WEFT_ASSIGN_OR_RETURN(const double part, ScalarOutput(*evaluation_, "loss_sum"));
    WEFT_ASSIGN_OR_RETURN(const double tokens, ScalarOutput(*evaluation_, "token_count"));
    sum += part;
    count += tokens;
  }
  *loss = sum / count;
  *bits_per_byte = 0;
  if (job_.val_bytes > 0) {
    const double tokens_per_byte = static_cast<double>(val_windows_->num_targets()) / job_.val_bytes;
    *bits_per_byte = *loss / M_LN2 * tokens_per_byte;
  }
  return OkStatus();
}

Status Trainer::Impl::EvaluateAt(int64_t step) {
  double loss = 0, bits = 0;
  const int64_t some = job_.settings.eval_windows;
  WEFT_RETURN_IF_ERROR(Evaluate(some, &loss, &bits));
  comparable_loss_ = loss;
  // The last number is of all held-out text.
  if (step == job_.settings.steps && some > 0 && some < val_windows_->size()) {
    WEFT_RETURN_IF_ERROR(Evaluate(0, &loss, &bits));
  }
  last_.val_loss = loss;
  if (bits > 0) last_.val_bits_per_byte = bits;
  last_.floor_bits_per_byte = job_.floor_bits;
  return OkStatus();
}

void Trainer::Impl::Report(int64_t step, double seconds) {
  const TrainSettings& s = job_.settings;
  seconds_per_step_ = seconds_per_step_ == 0 ? seconds : 0.95 * seconds_per_step_ + 0.05 * seconds;
  const auto tokens = static_cast<double>(s.batch_size * s.context_length * s.grad_accumulation);
  last_.ms = seconds * 1e3;
  last_.tok_s = tokens / seconds;
  // A roof measured while others were busy is too low.
  peak_flops_ = std::max(peak_flops_, plan_.flops_per_token * tokens / seconds);
  last_.mfu = plan_.flops_per_token * tokens / seconds / peak_flops_;
  last_.memory = OwnResidentBytes() - memory_before_;
  last_.eta_s = seconds_per_step_ * static_cast<double>(s.steps - step);
  const bool terminal = isatty(STDERR_FILENO) != 0;
  const bool milestone =
      step == 1 || step == s.steps || last_.val_loss || step % std::max<int64_t>(1, s.steps / 20) == 0;
  if (!terminal && !milestone) return;
  const std::string line = ToStepLine(last_, s.steps);
  // On a terminal the line is redrawn in place; milestones stay.
  if (!terminal) {
    std::fputs((line + "\n").c_str(), stderr);  // closed or full: the run goes on
  } else {
    std::fputs(fmt::format("\r{}\x1b[K{}", line, milestone ? "\n" : "").c_str(), stderr);
  }
}

}  // namespace weft
