#include "runtime/report/cost.h"

#include <algorithm>
#include <cmath>

namespace weft {

CallCost operator+(const CallCost& a, const CallCost& b) {
  return {a.flops + b.flops, a.bytes + b.bytes, a.seconds + b.seconds, a.roof_seconds + b.roof_seconds};
}

StatusOr<ProgramCost> CostOf(const Program& program, const Roof& roof, const Trace* trace) {
  for (const double rate : {roof.flops, roof.bytes}) {
    if (!(rate > 0) || !std::isfinite(rate)) return InvalidArgument("a roof is {}, expected above 0", rate);
  }
  ProgramCost cost;
  std::vector<Trace::CallTime> times;
  if (trace != nullptr) {
    WEFT_ASSIGN_OR_RETURN(times, trace->TimesOf(program));
  }
  cost.measured = !times.empty();
  for (size_t i = 0; i < program.calls.size(); ++i) {
    const Call& call = program.calls[i];
    CallCost& c = cost.calls.emplace_back();
    if (!call.is_view) {
      c.flops = call.flops, c.bytes = call.bytes;
      c.roof_seconds = std::max(call.flops / roof.flops, call.bytes / roof.bytes);
      c.seconds = cost.measured ? times[i].mean_seconds : c.roof_seconds;
      if (cost.measured) cost.runs = std::max(cost.runs, times[i].count);
    }
    cost.total = cost.total + c;
  }
  return cost;
}

}  // namespace weft
