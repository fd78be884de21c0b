// StatsReport, StatsJson: see report.h.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/human.h"
#include "compiler/report.h"

namespace weft {
namespace {

using Json = nlohmann::json;

struct Row {
  std::string name;
  int64_t calls = 0;
  double flops = 0, bytes = 0;
};

// Calls but views, summed by key, those with the most operations first.
template <class Key>
std::vector<Row> SumBy(const Program& program, Key key) {
  std::map<std::string, Row> sums;
  for (const Call& call : program.calls) {
    if (call.is_view) continue;
    Row& row = sums[key(call, program.graph.node(call.node))];
    ++row.calls;
    row.flops += call.flops;
    row.bytes += call.bytes;
  }
  std::vector<Row> rows;
  for (auto& [name, row] : sums) rows.push_back({name, row.calls, row.flops, row.bytes});
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return a.flops != b.flops ? a.flops > b.flops : a.bytes > b.bytes;
  });
  return rows;
}

std::vector<Row> ByOp(const Program& program) {
  return SumBy(program, [](const Call& call, const Node& node) {
    const std::string domain = node.op->domain.empty() ? "" : std::string(node.op->domain) + ".";
    return fmt::format("{}{} {}", domain, node.op->name, call.kernel);
  });
}
std::vector<Row> ByPhase(const Program& program) {
  return SumBy(program, [](const Call&, const Node& node) { return std::string(Name(node.phase)); });
}
std::vector<Row> ByScope(const Program& program) {
  return SumBy(program, [](const Call&, const Node& node) {
    return node.scope.empty() ? std::string("(no scope)") : ScopePattern(node.scope);
  });
}

std::string Table(std::string_view title, const std::vector<Row>& rows) {
  std::string text = fmt::format("{}\n", title);
  for (const Row& r : rows) {
    text += fmt::format("  {:>6} call{} {:>8} FLOP {:>12}  {}\n", r.calls, r.calls == 1 ? " " : "s",
                        HumanCount(r.flops), HumanBytes(r.bytes), r.name);
  }
  return text;
}

Json Rows(const std::vector<Row>& rows) {
  Json json = Json::array();
  for (const Row& r : rows) {
    json.push_back({{"name", r.name}, {"calls", r.calls}, {"flops", r.flops}, {"bytes", r.bytes}});
  }
  return json;
}

struct Totals {
  int64_t calls = 0, views = 0;
  double bytes = 0;
};
Totals TotalsOf(const Program& program) {
  Totals totals;
  for (const Call& call : program.calls) {
    ++(call.is_view ? totals.views : totals.calls);
    totals.bytes += call.bytes;
  }
  return totals;
}

}  // namespace

std::string StatsReport(const Program& program) {
  const Totals totals = TotalsOf(program);
  std::string text =
      fmt::format("program {}: {} calls and {} views, {} FLOP, {} read and written\n", program.name,
                  totals.calls, totals.views, HumanCount(program.flops()), HumanBytes(totals.bytes));
  text += Table("by phase:", ByPhase(program));
  text += Table("by operator and kernel:", ByOp(program));
  text += Table("by scope:", ByScope(program));
  return text;
}

nlohmann::json StatsJson(const Program& program) {
  const Totals totals = TotalsOf(program);
  Json passes = Json::array();
  for (const PassTime& p : program.pass_times) {
    passes.push_back({{"pass", std::string(p.name)}, {"seconds", p.seconds}});
  }
  return {{"program", program.name},
          {"calls", totals.calls},
          {"views", totals.views},
          {"flops", program.flops()},
          {"bytes", totals.bytes},
          {"by_phase", Rows(ByPhase(program))},
          {"by_operator", Rows(ByOp(program))},
          {"by_scope", Rows(ByScope(program))},
          {"passes", std::move(passes)}};
}

}  // namespace weft
