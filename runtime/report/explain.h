// What the compiler made of a program, as data: `weft graph explain --json`, and what its page shows.
//
//   program, time       name; where seconds come from ("measured" or "estimated"), their sum, that of the
//   roofs stats, memory       what `weft graph stats --json` and `weft graph memory --json` say (without the
//   values at
//                       the peak, which `storages` has)
//   modules             a row for each module path, with all that is inside: calls, flops, bytes, seconds
//   operators           the same by operator and kernel
//   calls               the program, in its order
//   storages            the arena: who lies where, from which call to which
//   stages, operators_by_stage   which operators were there after which pass
//   fusions             what rules did, and nearly did and why not
//
// Lists that grow with the model are tables (table.h).
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "compiler/program.h"
#include "compiler/stage_log.h"
#include "runtime/report/cost.h"

namespace weft {

nlohmann::json ExplainJson(const Program& program, const StageLog& log, const ProgramCost& cost);

// The part that is about memory: memory, storages and, for what is said at a call, call_names.
nlohmann::json MemoryPictureJson(const Program& program);

}  // namespace weft
