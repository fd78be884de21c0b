// What `weft bench` prints: for people, and as JSON whose keys stay.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "frontends/tokenizer/bench.h"
#include "runtime/generate/bench.h"
#include "runtime/train/bench.h"
#include "runtime/train/bench_fusions.h"

namespace weft {

nlohmann::json ToJson(const TrainBench& bench);
nlohmann::json ToJson(const FusionsBench& bench);
nlohmann::json ToJson(const GenerateBench& bench);
nlohmann::json ToJson(const TokenizerBench& bench);

std::string ToText(const TrainBench& bench);
std::string ToText(const FusionsBench& bench);
std::string ToText(const GenerateBench& bench);
std::string ToText(const TokenizerBench& bench);

}  // namespace weft
