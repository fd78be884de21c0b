#include "tools/train_report.h"

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "base/version.h"
#include "runtime/report/explain.h"
#include "runtime/report/metrics.h"
#include "runtime/report/page.h"
#include "runtime/report/table.h"
#include "tools/train_plan.h"

namespace weft {
namespace {

template <class Total>
Json OperatorTimes(const std::vector<Total>& totals) {
  Json table = NewTable({"operator", "calls", "seconds", "flops", "bytes"});
  for (const Total& t : totals) {
    if (table["rows"].size() == kMaxRows) break;
    table["rows"].push_back({Shortened(t.name), t.count, t.seconds, t.flops, t.bytes});
  }
  table["left_out"] = totals.size() - table["rows"].size();
  return table;
}

Json OperatorTimes(const Trainer& trainer, const Trace* trace) {
  if (trace != nullptr) return OperatorTimes(trace->ByOperator());
  if (trainer.profile() == nullptr) return nullptr;
  return OperatorTimes(trainer.profile()->ByOp());
}

}  // namespace

StatusOr<Json> TrainReportJson(const std::string& directory, const TrainSettings& settings,
                               const Trainer& trainer, const Trace* trace) {
  WEFT_ASSIGN_OR_RETURN(Json metrics, ReadMetrics(JoinPath(directory, "metrics.jsonl")));
  return Json{{"weft", kVersion},
              {"title", directory},
              {"settings", ToJson(settings)},
              {"plan", PlanJson(trainer.plan())},
              {"metrics", std::move(metrics)},
              {"step_program", MemoryPictureJson(trainer.step_program())},
              {"time_by_operator", OperatorTimes(trainer, trace)}};
}

Status WriteTrainReport(const std::string& directory, const Json& report) {
  return WriteFileAtomically(JoinPath(directory, "report.html"),
                             Page(PageKind::kReport, "weft: " + directory, report));
}

}  // namespace weft
