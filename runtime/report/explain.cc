// ExplainJson: see explain.h.
#include "runtime/report/explain.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/pass.h"
#include "compiler/report.h"
#include "runtime/report/modules.h"
#include "runtime/report/table.h"

namespace weft {
namespace {

using Json = nlohmann::json;

const Node& NodeOf(const Program& program, size_t call) {
  return program.graph.node(program.calls[call].node);
}

std::string NameOf(const Program& program, ValueId v) {
  return v == ValueId::kNone ? std::string() : Shortened(program.graph.value(v).name);
}

// Indices of the rows that a table keeps: all, or those of the largest weight; in their order.
template <class Weight>
std::vector<size_t> Kept(size_t size, Weight weight) {
  std::vector<size_t> kept(size);
  for (size_t i = 0; i < size; ++i) kept[i] = i;
  if (size <= kMaxRows) return kept;
  std::stable_sort(kept.begin(), kept.end(), [&](size_t a, size_t b) { return weight(a) > weight(b); });
  kept.resize(kMaxRows);
  std::sort(kept.begin(), kept.end());
  return kept;
}

// "x, w", at most a few.
std::string Operands(const Program& program, const Call& call) {
  constexpr size_t kMost = 8;
  std::string text;
  size_t count = 0;
  for (const CallOperand& o : call.inputs) {
    if (o.value == ValueId::kNone) continue;
    if (++count <= kMost) text += (text.empty() ? "" : ", ") + NameOf(program, o.value);
  }
  if (count > kMost) text += fmt::format(" and {} more", count - kMost);
  return text;
}

// The first result that is there, and its type.
std::pair<std::string, std::string> Result(const Program& program, const Call& call) {
  for (const CallOperand& o : call.outputs) {
    if (o.value == ValueId::kNone) continue;
    return {NameOf(program, o.value), Shortened(program.graph.value(o.value).type.ToString())};
  }
  return {};
}

Json CallTable(const Program& program, const ProgramCost& cost) {
  Json table = NewTable({"call", "operator", "kernel", "module", "phase", "output", "type", "operands",
                         "recomputed", "flops", "bytes", "seconds", "roof_seconds"});
  const std::vector<size_t> kept =
      Kept(program.calls.size(), [&](size_t i) { return cost.calls[i].seconds; });
  table["left_out"] = program.calls.size() - kept.size();
  for (const size_t i : kept) {
    const Call& call = program.calls[i];
    const Node& node = NodeOf(program, i);
    const auto [output, type] = Result(program, call);
    const CallCost& c = cost.calls[i];
    table["rows"].push_back({i, QualifiedName(*node.op), call.kernel, Shortened(node.scope), Name(node.phase),
                             output, type, Operands(program, call), node.clone > 0, c.flops, c.bytes,
                             c.seconds, c.roof_seconds});
  }
  return table;
}

Json OperatorTable(const Program& program, const ProgramCost& cost) {
  struct Row {
    int64_t calls = 0;
    CallCost cost;
  };
  std::map<std::string, Row> by_name;
  for (size_t i = 0; i < program.calls.size(); ++i) {
    const Call& call = program.calls[i];
    if (call.is_view) continue;
    Row& row = by_name[fmt::format("{} {}", QualifiedName(*NodeOf(program, i).op), call.kernel)];
    ++row.calls;
    row.cost = row.cost + cost.calls[i];
  }
  std::vector<std::pair<std::string, Row>> rows(by_name.begin(), by_name.end());
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.second.cost.seconds > b.second.cost.seconds;
  });
  Json table = NewTable({"operator", "calls", "flops", "bytes", "seconds", "roof_seconds"});
  for (const auto& [name, row] : rows) {
    const CallCost& c = row.cost;
    table["rows"].push_back({name, row.calls, c.flops, c.bytes, c.seconds, c.roof_seconds});
  }
  return table;
}

Json ModuleTable(const Program& program, const StageLog& log, const ProgramCost& cost) {
  ModuleTree tree;
  for (const StageLog::Operator& o : log.operators()) tree.At(Shortened(o.scope));  // as the model has them
  for (size_t i = 0; i < program.calls.size(); ++i) {
    const std::string module = Shortened(NodeOf(program, i).scope);
    tree.At(module);
    if (!program.calls[i].is_view) tree.Add(module, cost.calls[i]);
  }
  Json table = NewTable({"module", "name", "parent", "calls", "flops", "bytes", "seconds", "roof_seconds"});
  const std::vector<ModuleTree::Module>& modules = tree.modules();
  for (const ModuleTree::Module& m : modules) {
    if (table["rows"].size() == kMaxRows) break;
    table["rows"].push_back(
        {m.path, m.name, m.parent, m.calls, m.cost.flops, m.cost.bytes, m.cost.seconds, m.cost.roof_seconds});
  }
  table["left_out"] = modules.size() - table["rows"].size();
  return table;
}

Json Stages(const StageLog& log) {
  Json stages = Json::array();
  for (const StageLog::Stage& stage : log.stages()) {
    std::string_view description = stage.pass.empty() ? "the model as its layers wrote it" : "";
    if (stage.pass == "choose_saved") description = "what backward keeps, and what it computes again";
    if (stage.pass == "place")
      description = "decide whose bytes each value lives in; copies where that fails";
    for (const Pass& pass : AllPasses()) {
      if (pass.name == stage.pass) description = pass.description;
    }
    stages.push_back({{"pass", stage.pass.empty() ? "as built" : stage.pass},
                      {"description", std::string(description)},
                      {"seconds", stage.seconds},
                      {"operators", stage.nodes}});
  }
  return stages;
}

Json OperatorsByStage(const StageLog& log) {
  Json table = NewTable({"operator", "output", "module", "phase", "type", "first", "last", "position"});
  for (const StageLog::Operator& o : log.operators()) {
    if (table["rows"].size() == kMaxRows) break;
    table["rows"].push_back({o.op, Shortened(o.output), Shortened(o.scope), Name(o.phase), Shortened(o.type),
                             o.first, o.last, o.position});
  }
  table["left_out"] = log.operators().size() - table["rows"].size();
  return table;
}

Json FusionTable(const StageLog& log) {
  Json table = NewTable({"rule", "fired", "place", "reason"});
  std::set<std::tuple<std::string_view, std::string, std::string>>
      seen;  // a pass that runs twice says so twice
  for (const FusionNote& note : log.fusions()) {
    if (!note.reason.empty() && !seen.emplace(note.rule, note.node, note.reason).second) continue;
    if (table["rows"].size() == kMaxRows) {
      table["left_out"] = table["left_out"].get<int64_t>() + 1;
      continue;
    }
    table["rows"].push_back({note.rule, note.reason.empty(), Shortened(note.node), Shortened(note.reason)});
  }
  return table;
}

// "forward", "backward", "optimizer": the phase that first writes it; or "workspace".
std::string_view KindOf(const Program& program, const Storage& s) {
  if (s.value == ValueId::kNone) return "workspace";
  const size_t call = static_cast<size_t>(std::max(s.first, 0));
  return call < program.calls.size() ? Name(NodeOf(program, call).phase) : "forward";
}

Json StorageTable(const Program& program) {
  std::vector<size_t> arena;
  for (size_t i = 0; i < program.storages.size(); ++i) {
    const Storage& s = program.storages[i];
    if (s.kind == StorageKind::kArena && s.last >= s.first) arena.push_back(i);
  }
  const std::vector<size_t> kept =
      Kept(arena.size(), [&](size_t i) { return program.storages[arena[i]].bytes; });
  Json table = NewTable({"value", "type", "module", "kind", "offset", "bytes", "first", "last"});
  table["left_out"] = arena.size() - kept.size();
  for (const size_t i : kept) {
    const Storage& s = program.storages[arena[i]];
    const std::string name = s.value == ValueId::kNone
                                 ? Shortened(program.DescribeStorage(static_cast<int32_t>(arena[i])))
                                 : NameOf(program, s.value);
    const std::string type =
        s.value == ValueId::kNone ? std::string() : Shortened(program.graph.value(s.value).type.ToString());
    const auto call = static_cast<size_t>(std::max(s.first, 0));
    const std::string module =
        call < program.calls.size() ? Shortened(NodeOf(program, call).scope) : std::string();
    table["rows"].push_back(
        {name, type, module, KindOf(program, s), s.offset, AlignStorage(s.bytes), s.first, s.last});
  }
  return table;
}

Json MemoryWithoutValues(const Program& program) {
  Json memory = MemoryJson(program);
  memory.erase("peak_values");
  return memory;
}

}  // namespace

Json ExplainJson(const Program& program, const StageLog& log, const ProgramCost& cost) {
  return {{"program", program.name},
          {"time",
           {{"source", cost.measured ? "measured" : "estimated"},
            {"runs", cost.runs},
            {"seconds", cost.total.seconds},
            {"roof_seconds", cost.total.roof_seconds}}},
          {"stats", StatsJson(program)},
          {"memory", MemoryWithoutValues(program)},
          {"modules", ModuleTable(program, log, cost)},
          {"operators", OperatorTable(program, cost)},
          {"calls", CallTable(program, cost)},
          {"storages", StorageTable(program)},
          {"stages", Stages(log)},
          {"operators_by_stage", OperatorsByStage(log)},
          {"fusions", FusionTable(log)}};
}

Json MemoryPictureJson(const Program& program) {
  Json names = NewTable({"call", "operator", "module", "phase"});
  const size_t kept = std::min(program.calls.size(), kMaxRows);
  for (size_t i = 0; i < kept; ++i) {
    const Node& node = NodeOf(program, i);
    names["rows"].push_back({i, QualifiedName(*node.op), Shortened(node.scope), Name(node.phase)});
  }
  names["left_out"] = program.calls.size() - kept;
  return {{"program", program.name},
          {"memory", MemoryWithoutValues(program)},
          {"storages", StorageTable(program)},
          {"calls", std::move(names)}};
}

}  // namespace weft
