#include "tools/train_plan.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/human.h"
#include "base/json.h"

namespace weft {

void PrintPlan(const TrainPlan& plan, const TrainSettings& s) {
  const MemoryUse& m = plan.memory;
  fmt::print("parameters        {:>14}\n", GroupedDigits(plan.parameters));
  fmt::print("FLOPs per token   {:>14}\n", GroupedDigits(static_cast<int64_t>(plan.flops_per_token)));
  if (plan.recomputed_nodes > 0) {
    fmt::print("computed again    {:>14}  operators, {:.1f} % of the FLOPs beside\n", plan.recomputed_nodes,
               100 * plan.recomputed_flops_per_token / plan.flops_per_token);
  }
  fmt::print("tokens per step   {:>14}\n",
             GroupedDigits(s.batch_size * s.context_length * s.grad_accumulation));
  const std::pair<std::string_view, int64_t> lines[] = {
      {"parameters", m.parameters},          {"optimizer", m.optimizer}, {"gradients", m.gradients},
      {"activations", m.activations},        {"workspace", m.workspace}, {"buffers", m.buffers},
      {"inputs, outputs", m.inputs_outputs}, {"constants", m.constants}, {"unused", m.unused},
      {"libraries, at most", m.library}};
  fmt::print("planned peak      {:>14}\n", HumanBytes(static_cast<double>(m.Total())));
  for (const auto& [name, bytes] : lines) {
    if (bytes > 0) fmt::print("  {:<20}{:>10}\n", name, HumanBytes(static_cast<double>(bytes)));
  }
}

Json PlanJson(const TrainPlan& plan) {
  const MemoryUse& m = plan.memory;
  return {{"parameters", plan.parameters},
          {"flops_per_token", plan.flops_per_token},
          {"recomputed_nodes", plan.recomputed_nodes},
          {"recomputed_flops_per_token", plan.recomputed_flops_per_token},
          {"peak_bytes", m.Total()},
          {"memory",
           {{"parameters", m.parameters},
            {"optimizer", m.optimizer},
            {"gradients", m.gradients},
            {"activations", m.activations},
            {"workspace", m.workspace},
            {"buffers", m.buffers},
            {"inputs_outputs", m.inputs_outputs},
            {"constants", m.constants},
            {"unused", m.unused},
            {"library", m.library}}}};
}

Status CheckMemoryLimit(const TrainPlan& plan, const TrainSettings& settings) {
  WEFT_ASSIGN_OR_RETURN(const int64_t limit, MemoryLimit(settings));
  const bool machine = settings.memory_limit.empty();
  const MemoryUse& m = plan.memory;
  if (limit == 0 || m.Total() <= limit) return OkStatus();
  const int64_t fixed = m.parameters + m.optimizer + m.gradients + m.buffers + m.constants + m.library;
  const int64_t rest = std::max<int64_t>(m.Total() - fixed, 1);
  const int64_t batch = limit > fixed ? settings.batch_size * (limit - fixed) / rest : 0;
  const std::string advice =
      batch < 1
          ? "no batch fits: make the model smaller"
          : fmt::format("about --batch-size {} would fit (--grad-accumulation keeps the step's size)", batch);
  const std::string what =
      machine ? fmt::format("the {} that this machine has", HumanBytes(static_cast<double>(limit)))
              : fmt::format("--memory-limit {}", settings.memory_limit);
  const std::string_view least =
      settings.recompute == "auto" ? "even with all that can be computed again, " : std::string_view();
  return ResourceExhausted("{}the planned peak is {}, above {}: {}", least,
                           HumanBytes(static_cast<double>(m.Total())), what, advice);
}

}  // namespace weft
