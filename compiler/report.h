// What a planned program needs, for people and for scripts: memory, its peak and what lives there; calls,
// floating-point operations and bytes moved.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "compiler/program.h"

namespace weft {

// By category; the arena, its lower bound and its use over time as a line of bars; what lives at the peak by
// scope, and the largest values there; copies and why.
std::string MemoryReport(const Program& program);
nlohmann::json MemoryJson(const Program& program);

// Calls, floating-point operations and bytes by operator and kernel, by phase and by scope.
std::string StatsReport(const Program& program);
nlohmann::json StatsJson(const Program& program);

// "blocks.3.attn.q_proj" -> "blocks.*.attn.q_proj": layers of one kind are counted together.
std::string ScopePattern(std::string_view scope);

}  // namespace weft
