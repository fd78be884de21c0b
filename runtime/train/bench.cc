#include "runtime/train/bench.h"

#include <chrono>
#include <cmath>

#include "base/interrupt.h"
#include "base/process_memory.h"
#include "compiler/compile.h"
#include "ops/roofs.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/executor/session.h"
#include "runtime/train/bench_step.h"
#include "runtime/train/machine.h"
#include "runtime/train/programs.h"
#include "runtime/train/step.h"

namespace weft {
namespace {

using Clock = std::chrono::steady_clock;
double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

class Bench {
 public:
  Bench(const Graph& model, const TrainSettings& settings, const TrainBenchOptions& options)
      : model_(model), settings_(settings), options_(options), target_({options.threads, false}) {}

  StatusOr<TrainBench> Run() {
    ReturnFreedMemory();
    ResetPeakResident();
    const int64_t before = OwnResidentBytes();
    WEFT_RETURN_IF_ERROR(Compile());
    WEFT_RETURN_IF_ERROR(Init());
    for (int64_t step = 1; step <= options_.warm_up + options_.steps; ++step) {
      WEFT_RETURN_IF_ERROR(CheckInterrupt());
      if (step == options_.warm_up + 1) BeginProfile();
      const Clock::time_point begin = Clock::now();
      WEFT_RETURN_IF_ERROR(Step(step));
      if (step > options_.warm_up) result_.step_seconds.push_back(SecondsSince(begin));
    }
    // The peak counts mapped files as well (libraries), which are taken off as they are at the end.
    const int64_t files = ResidentBytes() - OwnResidentBytes();
    result_.measured_bytes = PeakResidentBytes() - files - before;
    result_.products = ProductsOf(settings_);
    WEFT_ASSIGN_OR_RETURN(result_.roof_flops, MeasureMatmulFlops(options_.threads, result_.products));
    return std::move(result_);
  }

 private:
  Status Compile() {
    const Clock::time_point begin = Clock::now();
    WEFT_ASSIGN_OR_RETURN(vocab_size_, VocabularyOf(model_));
    WEFT_ASSIGN_OR_RETURN(TrainPrograms programs,
                          CompileTrainPrograms(model_, model_, settings_, target_, {}));
    const auto micro_steps = static_cast<double>(settings_.grad_accumulation);
    result_.threads = options_.threads;
    result_.tokens_per_step = settings_.batch_size * settings_.context_length * settings_.grad_accumulation;
    result_.flops_per_step = micro_steps * (programs.step.flops() - programs.step.recomputed_flops());
    result_.bytes_per_step = micro_steps * programs.step.bytes();
    if (programs.apply) {
      result_.flops_per_step += programs.apply->flops();
      result_.bytes_per_step += programs.apply->bytes();
    }
    result_.planned = SessionMemory(programs, target_);
    result_.arena_bytes = programs.step.arena_bytes;
    result_.arena_lower_bound = programs.step.arena_lower_bound;
    for (const Port& state : programs.step.states) {
      if (state.role == StateRole::kParameter) result_.parameters += NumElements(state.shape);
    }
    WEFT_ASSIGN_OR_RETURN(programs_.step, session_.AddProgram("step", std::move(programs.step)));
    if (programs.apply) {
      WEFT_ASSIGN_OR_RETURN(programs_.apply, session_.AddProgram("apply", *std::move(programs.apply)));
    }
    result_.compile_seconds = SecondsSince(begin);
    return OkStatus();
  }

  Status Init() {
    const Clock::time_point begin = Clock::now();
    const auto compile = [&](const Graph& graph, const std::string& name) {
      return weft::Compile(graph, {}, target_, {.name = "initial value of " + name});
    };
    for (const Executor* e : {programs_.step, programs_.apply}) {
      if (e != nullptr) WEFT_RETURN_IF_ERROR(session_.RunInit(e->program().graph, compile, settings_.seed));
    }
    for (const Executor* e : {programs_.step, programs_.apply}) {
      if (e != nullptr) WEFT_RETURN_IF_ERROR(session_.Derive(e->program().graph, compile));
    }
    result_.init_seconds = SecondsSince(begin);
    return OkStatus();
  }

  void BeginProfile() {
    for (Executor* e : {programs_.step, programs_.apply}) {
      if (e != nullptr && options_.profile != nullptr) e->set_profile(options_.profile);
    }
  }

  Status Step(int64_t step) {
    WEFT_ASSIGN_OR_RETURN(const StepResult ran, RunStep(programs_, RandomStep(settings_, vocab_size_, step)));
    result_.last_loss = ran.loss_sum / ran.token_count;
    if (step == 1) result_.first_loss = result_.last_loss;
    if (std::isfinite(result_.last_loss)) return OkStatus();
    return Internal("step {}: the loss on random tokens is {}, expected a finite number", step,
                    result_.last_loss);
  }

  const Graph& model_;
  const TrainSettings& settings_;
  const TrainBenchOptions& options_;
  CpuTarget target_;
  int64_t vocab_size_ = 0;
  Session session_;
  StepPrograms programs_;
  TrainBench result_;
};

}  // namespace

Status Check(const TrainBenchOptions& options) {
  if (options.steps < 1) return InvalidArgument("--steps is {}, expected 1 or more", options.steps);
  if (options.warm_up < 0) return InvalidArgument("--warm-up is {}, expected 0 or more", options.warm_up);
  return OkStatus();
}

StatusOr<TrainBench> BenchTraining(const Graph& model, const TrainSettings& settings,
                                   const TrainBenchOptions& options) {
  WEFT_RETURN_IF_ERROR(Check(options));
  return Bench(model, settings, options).Run();
}

}  // namespace weft
