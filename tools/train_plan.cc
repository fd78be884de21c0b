#include "tools/train_plan.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/human.h"
#include "base/json.h"
#include "base/process_memory.h"

namespace weft {
namespace {

// "600MB", "2GB", "1.5GiB" in bytes; empty: 0.
StatusOr<int64_t> ParseMemory(const std::string& text) {
  if (text.empty()) return 0;
  size_t used = 0;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  used = static_cast<size_t>(end - text.data());
  const std::pair<std::string_view, double> units[] = {{"", 1},       {"B", 1},         {"kB", 1e3},
                                                       {"KB", 1e3},   {"MB", 1e6},      {"GB", 1e9},
                                                       {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}};
  for (const auto& [unit, factor] : units) {
    if (error == std::errc() && value > 0 && text.substr(used) == unit)
      return static_cast<int64_t>(value * factor);
  }
  return InvalidArgument("--memory-limit: expected a size such as 600MB or 2GB, got '{}'", text);
}

}  // namespace

void PrintPlan(const TrainPlan& plan, const TrainSettings& s) {
  const MemoryUse& m = plan.memory;
  fmt::print("parameters        {:>14}\n", GroupedDigits(plan.parameters));
  fmt::print("FLOPs per token   {:>14}\n", GroupedDigits(static_cast<int64_t>(plan.flops_per_token)));
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
  WEFT_ASSIGN_OR_RETURN(int64_t limit, ParseMemory(settings.memory_limit));
  const bool machine = limit == 0;
  if (machine) limit = MachineMemory();
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
  return ResourceExhausted("the planned peak is {}, above {}: {}", HumanBytes(static_cast<double>(m.Total())),
                           what, advice);
}

}  // namespace weft
