#include "runtime/train/programs.h"

#include <algorithm>
#include <set>

#include "compiler/compile.h"
#include "compiler/joined_name.h"
#include "compiler/passes/fuse_composites.h"
#include "compiler/passes/join_siblings.h"
#include "compiler/passes/loss.h"
#include "compiler/passes/optimizer.h"
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

Status CompileEvaluation(const Graph& model, const TrainSettings& settings, const Target& target,
                         const TrainProgramOptions& options, TrainPrograms* programs) {
  Graph graph = model;
  WEFT_ASSIGN_OR_RETURN(const Fusions fuse, Fusions::AllBut(settings.no_fuse));
  WEFT_RETURN_IF_ERROR(AddLoss(graph));
  WEFT_RETURN_IF_ERROR(FuseComposites(graph, fuse).status());
  for (int64_t batch = options.evaluation_batch;; batch = (batch + 1) / 2) {
    const std::map<std::string, int64_t> binding = {{"batch", batch}, {"seq", settings.context_length}};
    WEFT_ASSIGN_OR_RETURN(Program program, Compile(graph, binding, target,
                                                   {.name = "evaluation", .evaluate = Fold, .fuse = fuse}));
    if (batch > 1 && program.arena_bytes > programs->step.arena_bytes) continue;
    programs->evaluation = std::move(program);
    return OkStatus();
  }
}

}  // namespace

StatusOr<TrainPrograms> CompileTrainPrograms(const Graph& training, const Graph& evaluation,
                                             const TrainSettings& settings, const Target& target,
                                             const TrainProgramOptions& options) {
  const OptimizerOptions optimizer = OptimizerOf(settings);
  const std::map<std::string, int64_t> binding = {{"batch", settings.batch_size},
                                                  {"seq", settings.context_length}};
  WEFT_ASSIGN_OR_RETURN(const Fusions fuse, Fusions::AllBut(settings.no_fuse));
  TrainPrograms programs;
  Graph joined = training;
  WEFT_RETURN_IF_ERROR(JoinSiblings(joined, fuse).status());
  Graph step = joined;
  WEFT_RETURN_IF_ERROR(AddLoss(step));
  WEFT_RETURN_IF_ERROR(FuseComposites(step, fuse).status());
  if (settings.grad_accumulation == 1) {
    WEFT_RETURN_IF_ERROR(AddTrainingStep(step, optimizer));
  } else {
    WEFT_RETURN_IF_ERROR(AddMicroStep(step));
    WEFT_ASSIGN_OR_RETURN(Graph apply, BuildApplyStep(joined, optimizer));
    WEFT_ASSIGN_OR_RETURN(programs.apply, Compile(std::move(apply), {}, target,
                                                  {.name = "apply step", .evaluate = Fold, .fuse = fuse}));
  }
  WEFT_ASSIGN_OR_RETURN(programs.step, Compile(std::move(step), binding, target,
                                               {.name = "training step", .evaluate = Fold, .fuse = fuse}));
  if (options.evaluation_batch > 0) {
    WEFT_RETURN_IF_ERROR(CompileEvaluation(evaluation, settings, target, options, &programs));
  }
  return programs;
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
