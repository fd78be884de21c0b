#include "tools/explain_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/human.h"
#include "base/json.h"
#include "base/threads.h"
#include "base/version.h"
#include "frontends/models/transformer_config.h"
#include "ops/roofs.h"
#include "runtime/report/explain.h"
#include "runtime/report/page.h"
#include "tools/commands.h"
#include "tools/explain_source.h"
#include "tools/standard_streams.h"

namespace weft {
namespace {

StatusOr<Roof> RoofOf(const ExplainFlags& flags, DataType products) {
  for (const auto& [flag, rate] :
       {std::pair{"--roof-flops", flags.roof_flops}, {"--roof-bandwidth", flags.roof_bandwidth}}) {
    if (!(rate >= 0) || rate > 1e30)
      return UsageError(InvalidArgument("{} is {}, expected above 0", flag, rate));
  }
  Roof roof{flags.roof_flops, flags.roof_bandwidth};
  if (roof.flops == 0) {
    WEFT_ASSIGN_OR_RETURN(roof.flops, MeasureMatmulFlops(flags.threads, products));
  }
  if (roof.bytes == 0) {
    WEFT_ASSIGN_OR_RETURN(roof.bytes, MeasureReadBandwidth(flags.threads));
  }
  return roof;
}

int64_t ParametersOf(const ExplainSource& source) {
  int64_t parameters = 0;
  for (const Port& state : source.programs.front().program.states) {
    if (state.role == StateRole::kParameter) parameters += NumElements(state.shape);
  }
  return parameters;
}

StatusOr<Json> Explain(const ExplainFlags& flags) {
  WEFT_ASSIGN_OR_RETURN(const ExplainSource source, ReadExplainSource(flags));
  WEFT_ASSIGN_OR_RETURN(const Roof roof, RoofOf(flags, source.products));
  std::optional<Trace> trace;
  if (!flags.profile.empty()) {
    WEFT_ASSIGN_OR_RETURN(trace, Trace::Read(flags.profile));
  }
  Json json = {{"weft", kVersion},
               {"title", source.title},
               {"facts", source.facts},
               {"parameters", ParametersOf(source)},
               {"threads", flags.threads},
               {"roof", {{"flops_per_second", roof.flops}, {"bytes_per_second", roof.bytes}}},
               {"programs", Json::array()}};
  bool measured = false;
  for (const ExplainedProgram& p : source.programs) {
    WEFT_ASSIGN_OR_RETURN(const ProgramCost cost, CostOf(p.program, roof, trace ? &*trace : nullptr));
    measured = measured || cost.measured;
    json["programs"].push_back(ExplainJson(p.program, p.log, cost));
  }
  if (trace && !measured) {
    return InvalidArgument("{}: it has spans of {}, and none of what is explained: {}", flags.profile,
                           fmt::join(trace->programs(), ", "), source.programs.front().program.name);
  }
  return json;
}

Status RunExplain(const ExplainFlags& flags) {
  if (flags.output.empty() && !flags.json)
    return UsageError(InvalidArgument("give -o FILE for the page, --json for its numbers, or both"));
  WEFT_ASSIGN_OR_RETURN(const Json json, Explain(flags));
  if (!flags.output.empty()) {
    const std::string page = Page(PageKind::kExplain, "weft: " + json["title"].get<std::string>(), json);
    WEFT_RETURN_IF_ERROR(WriteFileAtomically(flags.output, page));
    Say(fmt::format("{}: {}\n", flags.output, HumanBytes(static_cast<double>(page.size()))));
  }
  return flags.json ? WriteOut(DumpJson(json) + "\n") : OkStatus();
}

}  // namespace

void AddExplainCommand(CLI::App* graph, Status* result) {
  auto flags = std::make_shared<ExplainFlags>();
  flags->threads = AvailableProcessors();
  CLI::App* command = graph->add_subcommand(
      "explain", "A page that shows what the compiler did: passes, fusions, time and bytes, memory");
  command->option_defaults()->always_capture_default();
  command->add_option(
      "PATH", flags->path,
      "a run directory (with its own settings), a model directory, or a graph's file: .weft or ONNX text");
  command->add_option("--preset", flags->preset, "a model's shape under a name: " + PresetNames());
  command->add_option("-o,--output", flags->output, "the page: one HTML file that needs no network");
  command->add_flag("--json", flags->json, "the page's numbers as JSON, on standard output");
  command->add_option("--program", flags->programs, "which of them, with commas between; without it all")
      ->delimiter(',')
      ->check(CLI::IsMember({"train", "eval", "prefill", "decode"}));
  command->add_option(
      "--profile", flags->profile,
      "the trace that --profile of `weft train`, `run`, `generate` or `bench` wrote: times are measured "
      "ones; without it they follow from FLOPs, bytes and the roofs");
  command->add_option("--batch-size", flags->batch_size,
                      "sequences; 0: the run's, training's default, 1 for prefill and decode");
  command->add_option("--context-length", flags->context_length, "of a preset; 0: its own");
  command->add_option("--vocab-size", flags->vocab_size,
                      "of a preset; 0: its own, or 4096 where the data decides it");
  AddPrecisionOptions(command, &flags->precision, "of a preset or model directory: ");
  command->add_option("--threads", flags->threads, "threads the programs are planned for")
      ->check(CLI::PositiveNumber);
  command->add_option("--roof-flops", flags->roof_flops,
                      "FLOP/s the machine can do; 0: measured on a product of two matrices");
  command->add_option("--roof-bandwidth", flags->roof_bandwidth,
                      "bytes/s it can read from memory; 0: measured");
  command->add_option("--passes", flags->passes, "of a graph's file: names with commas between");
  command->add_option("--bind", flags->bind, "of a graph's file: numbers for symbols: batch=8,seq=256");
  command->add_option("--set", flags->set,
                      "of a graph's file: settings of passes, see weft opt --list-passes");
  command->callback([flags, result] { *result = RunExplain(*flags); });
}

}  // namespace weft
