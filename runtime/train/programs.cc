#include "runtime/train/programs.h"

#include <algorithm>
#include <limits>
#include <set>

#include "compiler/choose_saved.h"
#include "compiler/compile.h"
#include "compiler/passes/fuse_composites.h"
#include "compiler/passes/join_siblings.h"
#include "compiler/passes/join_updates.h"
#include "compiler/passes/loss.h"
#include "compiler/passes/optimizer.h"
#include "ir/joined_name.h"
#include "ops/evaluate.h"

namespace weft {
namespace {

OptimizerOptions OptimizerOf(const TrainSettings& s) {
  OptimizerOptions o;
  o.kind = s.optimizer == "sgd" ? OptimizerOptions::kSgd : OptimizerOptions::kAdamW;
  o.beta1 = static_cast<float>(s.beta1), o.beta2 = static_cast<float>(s.beta2);
  o.epsilon = static_cast<float>(s.epsilon), o.momentum = static_cast<float>(s.momentum);
  o.weight_decay = static_cast<float>(s.weight_decay);
  o.decay_vectors = s.decay_vectors, o.decay_embeddings = s.decay_embeddings;
  o.max_norm = static_cast<float>(s.grad_clip);
  return o;
}

// Constants are folded by the CPU's kernels.
StatusOr<std::vector<Tensor>> Fold(const OpDef& op, const void* attributes,
                                   std::span<const Tensor* const> inputs, uint32_t optional_outputs) {
  return EvaluateNode(op, attributes, inputs, optional_outputs);
}

std::vector<const Program*> All(const TrainPrograms& p) {
  std::vector<const Program*> all = {&p.step};
  if (p.apply) all.push_back(&*p.apply);
  if (p.evaluation) all.push_back(&*p.evaluation);
  return all;
}

// Of a state, but for those of its parts that have been seen.
int64_t NewBytes(const Port& state, std::set<std::string>& seen) {
  const int64_t bytes = SizeInBytes(state.dtype, NumElements(state.shape));
  const std::vector<JoinedPart> parts = PartsOf(state.name);
  if (parts.empty()) return seen.insert(state.name).second ? bytes : 0;
  int64_t rows = 0, new_rows = 0;
  for (const JoinedPart& part : parts) {
    rows += part.rows;
    if (seen.emplace(part.name).second) new_rows += part.rows;
  }
  return rows == 0 ? 0 : bytes / rows * new_rows;
}

// Where a program's stages go, or null; emptied of those of an attempt before.
StageLog* NewLog(const TrainProgramOptions& options, const std::string& name) {
  if (options.logs == nullptr) return nullptr;
  StageLog& log = (*options.logs)[name];
  log = {};
  return &log;
}

Status Note(const StatusOr<std::vector<FusionNote>>& fusions, StageLog* log) {
  WEFT_RETURN_IF_ERROR(fusions.status());
  if (log != nullptr)
    log->mutable_fusions()->insert(log->mutable_fusions()->end(), fusions->begin(), fusions->end());
  return OkStatus();
}

// One parameter for those that are read together.
Status JoinParameters(Graph& graph, const Fusions& fuse, StageLog* log) {
  StageTimer stage(log);
  WEFT_RETURN_IF_ERROR(Note(JoinSiblings(graph, fuse), log));
  stage.Done("join_siblings", graph);
  return OkStatus();
}

// The loss behind the model, and the operators of before differentiation.
Status BeginProgram(Graph& graph, const Fusions& fuse, StageLog* log) {
  StageTimer stage(log);
  WEFT_RETURN_IF_ERROR(AddLoss(graph));
  stage.Done("loss", graph);
  WEFT_RETURN_IF_ERROR(Note(FuseComposites(graph, fuse), log));
  stage.Done("fuse_composites", graph);
  return OkStatus();
}

Status CompileEvaluation(const Graph& model, const TrainSettings& settings, const Target& target,
                         const TrainProgramOptions& options, TrainPrograms* programs) {
  Graph graph = model;
  WEFT_ASSIGN_OR_RETURN(const Fusions fuse, Fusions::AllBut(settings.no_fuse));
  StageLog begun;
  begun.Add("", 0, graph);
  WEFT_RETURN_IF_ERROR(BeginProgram(graph, fuse, options.logs == nullptr ? nullptr : &begun));
  for (int64_t batch = options.evaluation_batch;; batch = (batch + 1) / 2) {
    const std::map<std::string, int64_t> binding = {{"batch", batch}, {"seq", settings.context_length}};
    StageLog* const log = NewLog(options, "evaluation");
    if (log != nullptr) *log = begun;
    WEFT_ASSIGN_OR_RETURN(
        Program program,
        Compile(graph, binding, target, {.name = "evaluation", .evaluate = Fold, .fuse = fuse, .log = log}));
    if (batch > 1 && program.arena_bytes > programs->step.arena_bytes) continue;
    programs->evaluation = std::move(program);
    return OkStatus();
  }
}

StatusOr<Program> CompileApplyStep(const Graph& model, const OptimizerOptions& optimizer, const Fusions& fuse,
                                   const Target& target, const TrainProgramOptions& options) {
  WEFT_ASSIGN_OR_RETURN(Graph apply, BuildApplyStep(model, optimizer));
  StageLog* const log = NewLog(options, "apply step");
  if (log != nullptr) log->Add("", 0, apply);
  StageTimer stage(log);
  WEFT_RETURN_IF_ERROR(Note(JoinUpdates(apply, fuse), log));
  stage.Done("join_updates", apply);
  return Compile(std::move(apply), {}, target,
                 {.name = "apply step", .evaluate = Fold, .fuse = fuse, .log = log});
}

// The step program, and the evaluation program beside it, from the bound step graph.
class StepCompiler {
 public:
  StepCompiler(const Graph& evaluation, const TrainSettings& settings, const Fusions& fuse,
               const Target& target, const TrainProgramOptions& options, TrainPrograms* programs)
      : evaluation_(evaluation),
        settings_(settings),
        target_(target),
        options_(options),
        step_options_{.name = "training step", .evaluate = Fold, .fuse = fuse},
        programs_(programs) {}

  // Keeps the session of all programs within the memory limit, as far as computing again helps.
  Status Run(Graph step, StageLog* log) {
    step_options_.log = log;
    const std::map<std::string, int64_t> binding = {{"batch", settings_.batch_size},
                                                    {"seq", settings_.context_length}};
    WEFT_CHECK(FromName(settings_.recompute, &mode_));
    WEFT_ASSIGN_OR_RETURN(const int64_t limit, MemoryLimit(settings_));
    WEFT_RETURN_IF_ERROR(PrepareGraph(step, binding, step_options_, times_));
    if (log != nullptr) begun_ = *log;
    for (int64_t allowed = std::numeric_limits<int64_t>::max();;) {
      WEFT_ASSIGN_OR_RETURN(const SavedChoice choice, CompileWithin(step, allowed));
      const int64_t excess = SessionMemory(*programs_, target_).Total() - limit;
      if (mode_ != RecomputeMode::kAuto || limit == 0 || excess <= 0 || !choice.fits) return OkStatus();
      // The choice sees the step's own values alone, without workspaces, gaps and what libraries keep.
      allowed = choice.peak_bytes - excess;
    }
  }

 private:
  StatusOr<SavedChoice> CompileWithin(Graph step, int64_t allowed) {
    if (step_options_.log != nullptr) *step_options_.log = begun_;
    StageTimer stage(step_options_.log);
    WEFT_ASSIGN_OR_RETURN(const SavedChoice choice, ChooseSaved(step, target_, mode_, allowed));
    stage.Done("choose_saved", step);
    WEFT_ASSIGN_OR_RETURN(programs_->step, CompileBound(std::move(step), target_, step_options_));
    programs_->step.pass_times.insert(programs_->step.pass_times.begin(), times_.begin(), times_.end());
    if (options_.evaluation_batch > 0) {
      WEFT_RETURN_IF_ERROR(CompileEvaluation(evaluation_, settings_, target_, options_, programs_));
    }
    return choice;
  }

  const Graph& evaluation_;
  const TrainSettings& settings_;
  const Target& target_;
  const TrainProgramOptions& options_;
  CompileOptions step_options_;
  TrainPrograms* programs_;
  RecomputeMode mode_ = RecomputeMode::kNone;
  std::vector<PassTime> times_;
  StageLog begun_;  // up to the bound step: what follows may be tried several times
};

}  // namespace

StatusOr<TrainPrograms> CompileTrainPrograms(const Graph& training, const Graph& evaluation,
                                             const TrainSettings& settings, const Target& target,
                                             const TrainProgramOptions& options) {
  const OptimizerOptions optimizer = OptimizerOf(settings);
  WEFT_ASSIGN_OR_RETURN(const Fusions fuse, Fusions::AllBut(settings.no_fuse));
  TrainPrograms programs;
  Graph step = training;
  StageLog* const log = NewLog(options, "training step");
  if (log != nullptr) log->Add("", 0, step);
  WEFT_RETURN_IF_ERROR(JoinParameters(step, fuse, log));
  const Graph joined = step;
  WEFT_RETURN_IF_ERROR(BeginProgram(step, fuse, log));
  StageTimer stage(log);
  if (settings.grad_accumulation == 1) {
    WEFT_RETURN_IF_ERROR(AddTrainingStep(step, optimizer));
    stage.Done("optimizer", step);
    WEFT_RETURN_IF_ERROR(Note(JoinUpdates(step, fuse), log));
    stage.Done("join_updates", step);
  } else {
    WEFT_RETURN_IF_ERROR(AddMicroStep(step));
    stage.Done("accumulate", step);
    WEFT_ASSIGN_OR_RETURN(programs.apply, CompileApplyStep(joined, optimizer, fuse, target, options));
  }
  WEFT_RETURN_IF_ERROR(
      StepCompiler(evaluation, settings, fuse, target, options, &programs).Run(std::move(step), log));
  return programs;
}

StatusOr<TrainGraphs> TrainGraphsAsWritten(const Graph& training, const Graph& evaluation,
                                           const TrainSettings& settings) {
  TrainGraphs graphs{training, std::nullopt, evaluation};
  for (Graph* graph : {&graphs.step, &graphs.evaluation}) WEFT_RETURN_IF_ERROR(AddLoss(*graph));
  if (settings.grad_accumulation == 1) {
    WEFT_RETURN_IF_ERROR(AddTrainingStep(graphs.step, OptimizerOf(settings)));
    return graphs;
  }
  WEFT_RETURN_IF_ERROR(AddMicroStep(graphs.step));
  WEFT_ASSIGN_OR_RETURN(graphs.apply, BuildApplyStep(training, OptimizerOf(settings)));
  return graphs;
}

int64_t EvaluationBatch(int64_t context_length) {
  constexpr int64_t kTokens = 4096;
  return std::max<int64_t>(1, kTokens / context_length);
}

MemoryUse SessionMemory(const TrainPrograms& programs, const Target& target) {
  const Program* largest = &programs.step;
  int64_t kernels = 0;
  for (const Program* p : All(programs)) {
    kernels += p->num_kernel_calls();
    if (p->arena_bytes > largest->arena_bytes) largest = p;
  }
  MemoryUse use = largest->memory;
  use.parameters = use.optimizer = use.gradients = use.cache = use.buffers = use.inputs_outputs =
      use.constants = 0;
  // Gradients in the largest program's arena are counted there; accumulators are states.
  use.gradients = largest->memory.gradients;
  use.library = target.LibraryBytes(kernels);
  std::set<std::string> seen;
  for (const Program* p : All(programs)) {
    use.inputs_outputs += p->memory.inputs_outputs;
    use.constants += p->memory.constants;
    for (const Port& state : p->states) {
      const int64_t bytes = NewBytes(state, seen);
      if (bytes == 0) continue;
      switch (state.role) {
        case StateRole::kParameter:
          use.parameters += bytes;
          break;
        case StateRole::kOptimizer:
          use.optimizer += bytes;
          break;
        case StateRole::kAccumulator:
          if (largest->FindState(state.name) == nullptr) use.gradients += bytes;
          break;
        case StateRole::kCache:
          use.cache += bytes;
          break;
        default:
          use.buffers += bytes;
          break;
      }
    }
  }
  return use;
}

}  // namespace weft
