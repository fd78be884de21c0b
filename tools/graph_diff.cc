#include "tools/graph_diff.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "ir/graph_diff.h"
#include "ir/graph_file.h"
#include "ops/text.h"
#include "tools/commands.h"

namespace weft {
namespace {

struct Flags {
  std::string a, b;
  bool json = false;
};

Json ToJson(const Flags& flags, const GraphDiff& diff) {
  Json json = {{"a", flags.a},
               {"b", flags.b},
               {"same", diff.differences.empty()},
               {"nodes", {{"a", diff.nodes_a}, {"b", diff.nodes_b}, {"same", diff.same_nodes}}}};
  for (const auto kind : {GraphDifference::kRemoved, GraphDifference::kAdded, GraphDifference::kChanged}) {
    Json& list = json[std::string(Name(kind))] = Json::array();
    for (const GraphDifference& d : diff.differences) {
      if (d.kind != kind) continue;
      Json item = {{"what", d.what}, {"name", d.name}};
      if (d.what == "node") item["scope"] = d.scope;
      if (!d.summary.empty()) item["summary"] = d.summary;
      if (!d.changes.empty()) item["changes"] = d.changes;
      list.push_back(std::move(item));
    }
  }
  return json;
}

Status Run(const Flags& flags) {
  WEFT_ASSIGN_OR_RETURN(const Graph a, LoadGraph(flags.a, WithOperators()));
  WEFT_ASSIGN_OR_RETURN(const Graph b, LoadGraph(flags.b, WithOperators()));
  const GraphDiff diff = DiffGraphs(a, b);
  fmt::print("{}", flags.json ? DumpJson(ToJson(flags, diff), 2) + "\n" : DiffReport(diff));
  return diff.differences.empty() ? OkStatus() : Silent(FailedPrecondition("the graphs differ"));
}

}  // namespace

void AddGraphDiff(CLI::App* graph, Status* result) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = graph->add_subcommand("diff",
                                            "What two graphs differ in, by structure: what was removed (-), "
                                            "added (+), changed (~). Exit code 1 if anything");
  command->add_option("A", flags->a, "a graph: .weft or ONNX text")->required();
  command->add_option("B", flags->b, "another")->required();
  command->add_flag("--json", flags->json, "as JSON");
  command->callback([flags, result] { *result = Run(*flags); });
}

}  // namespace weft
