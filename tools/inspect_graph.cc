#include "tools/inspect_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/human.h"
#include "base/json.h"
#include "ir/graph_file.h"
#include "ir/graph_format.h"
#include "ops/text.h"

namespace weft {
namespace {

std::map<std::string, int64_t> CountNodes(const Graph& graph, bool by_phase) {
  std::map<std::string, int64_t> counts;
  for (NodeId id : graph.NodeIds()) {
    const Node& n = graph.node(id);
    ++counts[by_phase               ? std::string(Name(n.phase))
             : n.op->domain.empty() ? std::string(n.op->name)
                                    : fmt::format("{}.{}", n.op->domain, n.op->name)];
  }
  return counts;
}

Json ToJson(const Graph& graph, const std::vector<ValueId>& values) {
  Json json = Json::array();
  for (ValueId id : values) {
    const Value& v = graph.value(id);
    json.push_back({{"name", v.name}, {"dtype", Name(v.type.dtype)}, {"shape", Json::array()}});
    for (const Dim& d : v.type.shape) {
      json.back()["shape"].push_back(d.is_constant() ? Json(d.value()) : Json(d.ToString()));
    }
  }
  return json;
}

// Inputs that are no states.
std::vector<ValueId> Inputs(const Graph& graph) {
  std::vector<ValueId> inputs;
  for (ValueId v : graph.inputs()) {
    if (graph.FindState(v) == nullptr) inputs.push_back(v);
  }
  return inputs;
}

Json ToJson(const std::string& path, uint32_t version, const Graph& graph) {
  Json json = {{"path", path},
               {"graph", graph.name},
               {"nodes", graph.num_nodes()},
               {"phases", CountNodes(graph, true)},
               {"operators", CountNodes(graph, false)},
               {"bounds", graph.symbol_bounds},
               {"inputs", ToJson(graph, Inputs(graph))},
               {"outputs", ToJson(graph, graph.outputs())},
               {"constants", ToJson(graph, graph.ConstantIds())},
               {"states", Json::array()}};
  if (version != 0) json["version"] = version;
  for (const State& s : graph.states()) {
    Json state = ToJson(graph, {s.value})[0];
    state["name"] = s.name;
    state["role"] = Name(s.role);
    state["changes"] = s.next != ValueId::kNone;
    state["initial_value"] = s.init != nullptr;
    json["states"].push_back(std::move(state));
  }
  return json;
}

struct Row {
  std::string name, text;
};

void Print(std::string_view title, const std::vector<Row>& rows) {
  if (rows.empty()) return;
  fmt::print("{}\n", title);
  size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row.name.size());
  for (const Row& row : rows) fmt::print("  {:<{}}  {}\n", row.name, width, row.text);
}

std::vector<Row> Rows(const Graph& graph, const std::vector<ValueId>& values) {
  std::vector<Row> rows;
  for (ValueId v : values) rows.push_back({graph.value(v).name, graph.value(v).type.ToString()});
  return rows;
}
std::vector<Row> Rows(const std::map<std::string, int64_t>& counts) {
  std::vector<Row> rows;
  for (const auto& [name, count] : counts) rows.push_back({name, fmt::format("{}", count)});
  return rows;
}
std::vector<Row> StateRows(const Graph& graph) {
  std::vector<Row> rows;
  for (const State& s : graph.states()) {
    rows.push_back({s.name, fmt::format("{:<11} {}{}", Name(s.role), graph.value(s.value).type.ToString(),
                                        s.next == ValueId::kNone ? "" : ", changes")});
  }
  return rows;
}

void Print(const std::string& path, uint32_t version, double bytes, const Graph& graph) {
  fmt::print("{}: {}, {}; graph {}: {} nodes\n", path,
             version == 0 ? "ONNX text" : fmt::format("weft's file form, version {}", version),
             HumanBytes(bytes), graph.name, graph.num_nodes());
  std::vector<Row> bounds;
  for (const auto& [symbol, bound] : graph.symbol_bounds)
    bounds.push_back({symbol, fmt::format("<= {}", bound)});
  Print("symbols", bounds);
  Print("inputs", Rows(graph, Inputs(graph)));
  Print("outputs", Rows(graph, graph.outputs()));
  Print("states", StateRows(graph));
  Print("constants", Rows(graph, graph.ConstantIds()));
  Print("nodes by phase", Rows(CountNodes(graph, true)));
  Print("nodes by operator", Rows(CountNodes(graph, false)));
}

}  // namespace

bool NamesGraph(const std::string& path) { return path.ends_with(".weft") || path.ends_with(".onnxtxt"); }

Status InspectGraph(const std::string& path, bool json) {
  WEFT_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  WEFT_ASSIGN_OR_RETURN(const Graph graph, LoadGraphFrom(bytes, path, WithOperators()));
  const uint32_t version = GraphFormatVersion(bytes);
  if (json) {
    fmt::print("{}\n", DumpJson(ToJson(path, version, graph), 2));
  } else {
    Print(path, version, static_cast<double>(bytes.size()), graph);
  }
  return OkStatus();
}

}  // namespace weft
