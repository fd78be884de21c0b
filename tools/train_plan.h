// What a training run will take, for people and for scripts; and whether it may.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "runtime/train/trainer.h"

namespace weft {

void PrintPlan(const TrainPlan& plan, const TrainSettings& settings);
nlohmann::json PlanJson(const TrainPlan& plan);
// ResourceExhausted if the planned peak is above settings.memory_limit, or, where there is none, above the
// memory that this machine or its cgroup has, with what would fit.
Status CheckMemoryLimit(const TrainPlan& plan, const TrainSettings& settings);

}  // namespace weft
