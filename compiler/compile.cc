#include "compiler/compile.h"

#include <chrono>

#include "base/process_memory.h"
#include "compiler/assemble.h"
#include "compiler/in_place.h"
#include "compiler/memory_use.h"
#include "compiler/place.h"
#include "compiler/schedule.h"
#include "compiler/verify_plan.h"

namespace weft {
namespace {

using Clock = std::chrono::steady_clock;

class PassTimer {
 public:
  explicit PassTimer(std::vector<PassTime>& times) : times_(times), start_(Clock::now()) {}
  void Done(std::string_view pass) {
    const Clock::time_point now = Clock::now();
    times_.push_back({pass, std::chrono::duration<double>(now - start_).count()});
    start_ = now;
  }

 private:
  std::vector<PassTime>& times_;
  Clock::time_point start_;
};

Status RunPasses(Graph& graph, std::string_view names, PassContext context, const CompileOptions& options,
                 std::vector<PassTime>& times) {
  PassRunner runner;
  runner.log = options.log;
  WEFT_ASSIGN_OR_RETURN(const std::vector<const Pass*> passes, PassesByName(names));
  WEFT_RETURN_IF_ERROR(Prefix(options.name, runner.Run(graph, passes, context)));
  for (const PassRecord& record : runner.records) times.push_back({record.name, record.seconds});
  return OkStatus();
}

}  // namespace

Status PrepareGraph(Graph& graph, const std::map<std::string, int64_t>& binding,
                    const CompileOptions& options, std::vector<PassTime>& times) {
  PassContext context;
  context.bindings = binding;
  context.evaluate = options.evaluate;
  context.fuse = options.fuse;
  if (options.bf16) context.mixed_precision = *options.bf16;
  return RunPasses(graph,
                   options.bf16
                       ? "bind,canonicalize,mixed_precision,canonicalize,join_updates,fuse,fuse_regions"
                       : "bind,canonicalize,join_updates,fuse,fuse_regions",
                   std::move(context), options, times);
}

StatusOr<Program> Compile(Graph graph, const std::map<std::string, int64_t>& binding, const Target& target,
                          const CompileOptions& options) {
  std::vector<PassTime> times;
  WEFT_RETURN_IF_ERROR(PrepareGraph(graph, binding, options, times));
  if (options.pack_weights && target.packs_weights())
    WEFT_RETURN_IF_ERROR(RunPasses(graph, "pack_weights", {}, options, times));
  WEFT_ASSIGN_OR_RETURN(Program program, CompileBound(std::move(graph), target, options));
  program.pass_times.insert(program.pass_times.begin(), times.begin(), times.end());
  return program;
}

namespace {

// What this machine cannot hold is refused or only told; replaying 10^12 rows of it would never end.
bool Fits(const Program& program) {
  const int64_t machine = MachineMemory();
  return machine == 0 || program.memory.Total() <= machine;
}

}  // namespace

StatusOr<Program> CompileBound(Graph graph, const Target& target, const CompileOptions& options) {
  Program program;
  program.name = options.name;
  program.graph = std::move(graph);
  PassTimer timer(program.pass_times);
  StageTimer stage(options.log);
  WEFT_ASSIGN_OR_RETURN(Placement placement, Place(program.graph, target));
  program.copies = placement.copies;
  timer.Done("place");
  stage.Done("place", program.graph);
  WEFT_ASSIGN_OR_RETURN(const std::vector<NodeId> order, Schedule(program.graph, placement));
  timer.Done("schedule");
  ShareInPlace(program.graph, order, placement);
  timer.Done("in_place");
  WEFT_RETURN_IF_ERROR(Assemble(target, std::move(placement), order, program));
  timer.Done("prepare");
  PlanArena(program);
  timer.Done("plan_memory");
  program.memory = MeasureMemory(program, target);
  if (options.verify_plan && Fits(program)) WEFT_RETURN_IF_ERROR(VerifyPlan(program));
  timer.Done("verify_plan");
  return program;
}

}  // namespace weft
