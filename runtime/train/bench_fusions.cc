#include "runtime/train/bench_fusions.h"

#include <algorithm>
#include <chrono>

#include "base/interrupt.h"
#include "compiler/compile.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/executor/session.h"
#include "runtime/train/bench_step.h"
#include "runtime/train/programs.h"

namespace weft {
namespace {

using Clock = std::chrono::steady_clock;

class Bench {
 public:
  Bench(const Graph& model, const TrainSettings& settings, const TrainBenchOptions& options)
      : model_(model), settings_(settings), options_(options), target_({options.threads, false}) {}

  StatusOr<FusionsBench> Run() {
    result_.threads = options_.threads;
    WEFT_ASSIGN_OR_RETURN(vocab_size_, VocabularyOf(model_));
    WEFT_RETURN_IF_ERROR(AddVariant(""));
    WEFT_RETURN_IF_ERROR(Init());
    for (std::string_view name : FusionNames()) WEFT_RETURN_IF_ERROR(AddVariant(std::string(name)));
    WEFT_RETURN_IF_ERROR(AddVariant("all"));
    for (int64_t round = 1; round <= options_.warm_up + options_.steps; ++round) {
      WEFT_RETURN_IF_ERROR(CheckInterrupt());
      WEFT_RETURN_IF_ERROR(Round(round, round > options_.warm_up));
    }
    return std::move(result_);
  }

 private:
  // A variant that is the same as the first one's calls is left out.
  Status AddVariant(const std::string& without) {
    TrainSettings settings = settings_;
    settings.no_fuse = without;
    WEFT_ASSIGN_OR_RETURN(TrainPrograms programs,
                          CompileTrainPrograms(model_, model_, settings, target_, {}));
    FusionBench variant{.without = without, .bytes = programs.step.bytes()};
    variant.calls = programs.step.num_kernel_calls();
    variant.arena_bytes = programs.step.arena_bytes;
    if (!result_.variants.empty()) {
      const FusionBench& first = result_.variants[0];
      if (variant.calls == first.calls && variant.bytes == first.bytes) return OkStatus();
    }
    WEFT_ASSIGN_OR_RETURN(Executor * executor,
                          session_.AddProgram("without " + without, std::move(programs.step)));
    executors_.push_back(executor);
    result_.variants.push_back(std::move(variant));
    return OkStatus();
  }

  Status Init() {
    const auto compile = [&](const Graph& graph, const std::string& name) {
      return weft::Compile(graph, {}, target_, {.name = "initial value of " + name});
    };
    return session_.RunInit(executors_[0]->program().graph, compile, settings_.seed);
  }

  // Each begins a round in its turn.
  Status Round(int64_t round, bool timed) {
    for (size_t i = 0; i < executors_.size(); ++i) {
      const size_t at = (i + static_cast<size_t>(round)) % executors_.size();
      WEFT_RETURN_IF_ERROR(FillMicroStep({executors_[at]}, RandomStep(settings_, vocab_size_, round), 0));
      const Clock::time_point begin = Clock::now();
      WEFT_RETURN_IF_ERROR(executors_[at]->Run(round));
      const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
      if (timed) result_.variants[at].step_seconds.push_back(seconds);
    }
    return OkStatus();
  }

  const Graph& model_;
  const TrainSettings& settings_;
  const TrainBenchOptions& options_;
  CpuTarget target_;
  int64_t vocab_size_ = 0;
  Session session_;
  std::vector<Executor*> executors_;  // by variant
  FusionsBench result_;
};

}  // namespace

double FusionsBench::TimeRatio(const FusionBench& variant) const {
  std::vector<double> ratios;
  for (size_t i = 0; i < variant.step_seconds.size(); ++i) {
    ratios.push_back(variant.step_seconds[i] / variants[0].step_seconds[i]);
  }
  return Median(ratios);
}

StatusOr<FusionsBench> BenchFusions(const Graph& model, const TrainSettings& settings,
                                    const TrainBenchOptions& options) {
  WEFT_RETURN_IF_ERROR(Check(options));
  if (settings.grad_accumulation != 1)
    return InvalidArgument("--grad-accumulation is {}, expected 1", settings.grad_accumulation);
  return Bench(model, settings, options).Run();
}

}  // namespace weft
