// The inside of Trainer: one object that lives as long as a run.
#pragma once
#include <chrono>

#include "frontends/data/windows.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/train/programs.h"
#include "runtime/train/step.h"
#include "runtime/train/trainer.h"

namespace weft {

class Trainer::Impl {
 public:
  explicit Impl(TrainJob job);
  Status Compile();
  const TrainPlan& plan() const { return plan_; }
  const StepMetrics& last() const { return last_; }
  const TrainerState& state() const { return state_; }
  const Program& step_program() const {
    return step_.step != nullptr ? step_.step->program() : programs_->step;
  }
  const Profile* profile() const { return profile_ ? &*profile_ : nullptr; }
  void ProfileTo(std::string path) { profile_path_ = std::move(path); }
  Status Run(bool resume, InitialWeights init);

 private:
  using Clock = std::chrono::steady_clock;

  int threads() const;
  // trainer_states.cc: the states and where they come from and go to.
  Status Prepare(bool resume, InitialWeights init);
  Status AddPrograms();
  Status Restore();
  Status CheckSameData(const TrainerState& before, const std::string& from) const;
  Status Save(int64_t step);
  std::vector<NamedTensor> StatesOf(StateRole role) const;
  Status LoadStates(const std::vector<NamedTensor>& tensors, StateRole role, std::string_view from);
  // trainer_loop.cc
  Status Loop();
  Status Step(int64_t step);
  StepInputs InputsOf(int64_t step) const;
  // Runs the step again from the same states, looking at every value, and returns an error that names the
  // node.
  Status NameTheCulprit(int64_t step);
  Status Evaluate(int64_t max_windows, double* loss, double* bits_per_byte);
  Status EvaluateAt(int64_t step);
  void Report(int64_t step, double seconds);
  bool IsEvaluationStep(int64_t step) const;

  TrainJob job_;
  CpuTarget target_;
  std::optional<TrainWindows> train_windows_;
  std::optional<EvalWindows> val_windows_;
  std::optional<TrainPrograms> programs_;
  TrainPlan plan_;
  Session session_;
  StepPrograms step_;
  Executor* evaluation_ = nullptr;
  TrainerState state_;
  StepMetrics last_;
  double comparable_loss_ = 0;  // of the last evaluation, over the same windows each time: which step is best
  std::optional<MetricsFile> metrics_;
  double seconds_per_step_ = 0;  // smoothed, for the time left
  double peak_flops_ = 0;        // of the machine, for MFU
  int64_t memory_before_ = 0;    // OwnResidentBytes() before anything of the run was made
  std::string profile_path_;
  std::optional<Profile> profile_;
};

}  // namespace weft
