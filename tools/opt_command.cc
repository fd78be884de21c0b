// weft opt: passes over a graph.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <set>

#include "compiler/pass.h"
#include "ir/graph_file.h"
#include "ops/evaluate.h"
#include "ops/text.h"
#include "tools/commands.h"
#include "tools/no_fuse_flag.h"
#include "tools/numbers.h"
#include "tools/standard_streams.h"

namespace weft {
namespace {

struct OptFlags {
  std::string file, output, passes, before, after, no_fuse;
  std::vector<std::string> bind, set;
  bool list = false, timing = false, explain = false, no_bodies = false, no_verify = false;
};

void ListPasses() {
  for (const Pass& pass : AllPasses()) {
    fmt::print("{:<24} {}\n", pass.name, pass.description);
    for (const PassSetting& s : pass.settings) {
      fmt::print("{:<24}   --set {}={:g}: {}\n", "", s.name, s.default_value, s.description);
    }
  }
}

// The names of passes given to --print-before or --print-after; "all" for all.
StatusOr<std::set<std::string_view>> Watched(const std::string& names) {
  std::set<std::string_view> watched;
  if (names == "all") {
    for (const Pass& pass : AllPasses()) watched.insert(pass.name);
    return watched;
  }
  WEFT_ASSIGN_OR_RETURN(const std::vector<const Pass*> passes, PassesByName(names));
  for (const Pass* pass : passes) watched.insert(pass->name);
  return watched;
}

// What the flags ask for.
struct Plan {
  std::vector<const Pass*> passes;
  std::set<std::string_view> before, after;
  PassContext context;
};

StatusOr<Plan> ReadFlags(const OptFlags& flags) {
  Plan plan;
  WEFT_ASSIGN_OR_RETURN(plan.passes, PassesByName(flags.passes));
  WEFT_ASSIGN_OR_RETURN(plan.before, Watched(flags.before));
  WEFT_ASSIGN_OR_RETURN(plan.after, Watched(flags.after));
  WEFT_ASSIGN_OR_RETURN(plan.context.bindings, ReadNumbers<int64_t>(flags.bind, "--bind"));
  WEFT_ASSIGN_OR_RETURN(plan.context.settings, ReadNumbers<double>(flags.set, "--set"));
  WEFT_ASSIGN_OR_RETURN(plan.context.fuse, FusionsWithout(flags.no_fuse));
  plan.context.evaluate = [](const OpDef& op, const void* attributes, std::span<const Tensor* const> inputs,
                             uint32_t optional_outputs) {
    return EvaluateNode(op, attributes, inputs, optional_outputs);
  };
  return plan;
}

Status RunOpt(const OptFlags& flags) {
  if (flags.list) {
    ListPasses();
    return OkStatus();
  }
  StatusOr<Plan> plan = ReadFlags(flags);
  if (!plan.ok()) return UsageError(plan.status());
  WEFT_ASSIGN_OR_RETURN(Graph graph, LoadGraph(flags.file, WithOperators()));

  std::vector<FusionNote> fusions;
  if (flags.explain) plan->context.fusions = &fusions;
  PrintOptions print;
  print.bodies = !flags.no_bodies;
  PassRunner runner;
  runner.verify = !flags.no_verify;
  const auto show = [&](const std::set<std::string_view>& watched, std::string_view when) {
    return [&watched, &print, when](const Pass& pass, const Graph& g) {
      if (watched.contains(pass.name)) fmt::print("# {} {}\n{}", when, pass.name, PrintText(g, print));
    };
  };
  runner.before = show(plan->before, "before");
  runner.after = show(plan->after, "after");
  const Status run = runner.Run(graph, plan->passes, plan->context);
  for (const PassRecord& r : runner.records) {
    if (flags.timing) {
      Say(fmt::format("{:<24} {:9.3f} ms  {} -> {} nodes\n", r.name, r.seconds * 1e3, r.nodes_before,
                      r.nodes_after));
    }
  }
  for (const FusionNote& n : fusions) {
    Say(fmt::format("{:<20} {:<8} {}{}{}\n", n.rule, n.reason.empty() ? "fused" : "not", n.node,
                    n.reason.empty() ? "" : ": ", n.reason));
  }
  WEFT_RETURN_IF_ERROR(run);
  if (!flags.output.empty()) return SaveGraph(graph, flags.output, print);
  if (plan->before.empty() && plan->after.empty()) fmt::print("{}", PrintText(graph, print));
  return OkStatus();
}

}  // namespace

void RegisterOptCommand(CLI::App& app, Status* result) {
  CLI::App* command =
      app.add_subcommand("opt", "Run passes over a graph (.weft, or ONNX's textual syntax) and print it.");
  auto flags = std::make_shared<OptFlags>();
  command->add_option("FILE", flags->file, "the graph: .weft or ONNX text, '-' for standard input");
  command->add_option("-o,--output", flags->output,
                      "write it there instead: in weft's file form if the name ends in .weft, else as text");
  command->add_option("--passes", flags->passes, "names with commas between, run in that order");
  command->add_option("--bind", flags->bind, "numbers for symbols: batch=8,seq=256")->allow_extra_args(false);
  command->add_option("--set", flags->set, "settings of passes, see --list-passes: name=number")
      ->allow_extra_args(false);
  command->add_option("--print-before", flags->before,
                      "print the graph before these passes ('all'), not at the end");
  command->add_option("--print-after", flags->after,
                      "print the graph after these passes ('all'), not at the end");
  command->add_flag("--list-passes", flags->list, "list all passes and their settings");
  command->add_flag("--timing", flags->timing, "time and number of nodes for each pass, on standard error");
  command->add_flag("--explain", flags->explain,
                    "what fusion rules did, and nearly did and why not, on standard error");
  AddNoFuseFlag(command, &flags->no_fuse);
  command->add_flag("--no-bodies", flags->no_bodies, "leave out the functions of weft's own operators");
  command->add_flag("--no-verify", flags->no_verify, "do not verify the graph after each pass");
  command->callback([flags, result] {
    if (!flags->list && flags->file.empty())
      throw CLI::RequiredError("FILE");  // caught with the flags' errors
    *result = RunOpt(*flags);
  });
}

}  // namespace weft
