// weft graph dump|stats|memory|explain: the programs of a model as the compiler made them.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/threads.h"
#include "compiler/compile.h"
#include "compiler/dot.h"
#include "compiler/report.h"
#include "frontends/models/model_directory.h"
#include "frontends/models/transformer.h"
#include "ir/text_printer.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/generate/engine.h"
#include "runtime/train/programs.h"
#include "tools/commands.h"
#include "tools/explain_command.h"

namespace weft {
namespace {

// Of presets that leave the vocabulary to the data.
constexpr int64_t kUsualVocabulary = 4096;

struct Flags {
  std::string preset, model, program = "train";
  int64_t batch_size = 0, context_length = 0, vocab_size = 0;
  int threads = 0;
  bool json = false, dot = false, offsets = false;
};

StatusOr<TransformerConfig> ConfigOf(const Flags& flags) {
  if (flags.preset.empty() == flags.model.empty()) {
    return UsageError(InvalidArgument("give either --preset NAME or --model DIRECTORY"));
  }
  if (!flags.model.empty()) {
    WEFT_ASSIGN_OR_RETURN(const std::string directory, FindModelDirectory(flags.model));
    return ReadModelConfig(directory);
  }
  StatusOr<TransformerConfig> preset = FindPreset(flags.preset);
  if (!preset.ok()) return UsageError(preset.status());
  TransformerConfig config = *std::move(preset);
  if (flags.vocab_size != 0) config.vocab_size = flags.vocab_size;
  if (config.vocab_size == 0) config.vocab_size = kUsualVocabulary;
  if (flags.context_length != 0) config.context_length = flags.context_length;
  WEFT_RETURN_IF_ERROR(config.Complete());
  return config;
}

StatusOr<Program> TrainingProgram(const Flags& flags, const TransformerConfig& config, const Target& target) {
  TrainSettings settings;
  if (flags.batch_size != 0) settings.batch_size = flags.batch_size;
  settings.context_length = config.context_length;
  WEFT_ASSIGN_OR_RETURN(const Graph training, BuildTransformer(config, true));
  WEFT_ASSIGN_OR_RETURN(const Graph evaluation, BuildTransformer(config, false));
  const bool eval = flags.program == "eval";
  WEFT_ASSIGN_OR_RETURN(TrainPrograms programs,
                        CompileTrainPrograms(training, evaluation, settings, target,
                                             {.evaluation_batch = eval ? settings.batch_size : 0}));
  return eval ? *std::move(programs.evaluation) : std::move(programs.step);
}

StatusOr<Program> GenerationProgram(const Flags& flags, const TransformerConfig& config,
                                    const Target& target) {
  WEFT_ASSIGN_OR_RETURN(Graph model, BuildTransformer(config, false));
  const int64_t batch = flags.batch_size != 0 ? flags.batch_size : 1;
  const EngineOptions options{.context = config.context_length, .max_sequences = batch};
  WEFT_RETURN_IF_ERROR(MakeGenerationGraph(model, options));
  const int64_t seq = flags.program == "decode" ? 1 : PrefillChunks(config.context_length).back();
  return Compile(std::move(model), {{"batch", batch}, {"seq", seq}, {"history", 0}}, target,
                 {.name = flags.program});
}

StatusOr<Program> ProgramOf(const Flags& flags) {
  if (flags.batch_size < 0)
    return UsageError(InvalidArgument("--batch-size is {}, expected 1 or more", flags.batch_size));
  WEFT_ASSIGN_OR_RETURN(const TransformerConfig config, ConfigOf(flags));
  const CpuTarget target({flags.threads, false});
  const bool trains = flags.program == "train" || flags.program == "eval";
  return trains ? TrainingProgram(flags, config, target) : GenerationProgram(flags, config, target);
}

// "y: arena 1024 + 4096", for each of the node's outputs.
std::string Offsets(const Program& program, const Call& call) {
  std::string text = call.is_view ? "view" : std::string(call.kernel);
  for (const CallOperand& o : call.outputs) {
    if (o.value == ValueId::kNone) continue;
    const Storage& s = program.storages[static_cast<size_t>(o.storage)];
    const int64_t bytes = SizeInBytes(o.operand.dtype, o.operand.num_elements());
    text += fmt::format("; {}: {} {} + {}", program.graph.value(o.value).name, Name(s.kind),
                        s.offset + o.offset, bytes);
  }
  return text;
}

void PrintGraph(const Flags& flags, const Graph& graph, const PrintOptions& options) {
  fmt::print("{}", flags.dot ? DotOf(graph) : PrintText(graph, options));
}

// The model as the layers wrote it, before any pass: what `weft opt` can be given to see each pass at work.
Status DumpModel(const Flags& flags) {
  WEFT_ASSIGN_OR_RETURN(const TransformerConfig config, ConfigOf(flags));
  WEFT_ASSIGN_OR_RETURN(const Graph model, BuildTransformer(config, true));
  PrintGraph(flags, model, {});
  return OkStatus();
}

Status Dump(const Flags& flags, const Program& program) {
  std::map<NodeId, const Call*> calls;
  for (const Call& call : program.calls) calls[call.node] = &call;
  PrintOptions options;
  if (flags.offsets) {
    options.comment = [&](NodeId node) {
      const auto call = calls.find(node);
      return call == calls.end() ? std::string() : Offsets(program, *call->second);
    };
  }
  PrintGraph(flags, program.graph, options);
  return OkStatus();
}

void AddPart(CLI::App* parent, const std::string& name, const std::string& description, Status* result,
             Status (*run)(const Flags&, const Program&)) {
  auto flags = std::make_shared<Flags>();
  flags->threads = AvailableProcessors();
  CLI::App* command = parent->add_subcommand(name, description);
  command->option_defaults()->always_capture_default();
  command->add_option("--preset", flags->preset,
                      "a model's shape under a name: tiny, small, cs336-17m, 124m");
  command->add_option("--model", flags->model,
                      "a model directory, or a run directory (its latest checkpoint)");
  std::vector<std::string> programs = {"train", "eval", "prefill", "decode"};
  if (name == "dump") programs.insert(programs.begin(), "model");
  command
      ->add_option("--program", flags->program,
                   name == "dump" ? "what it is compiled for; model: as it was built, before any pass"
                                  : "what it is compiled for")
      ->check(CLI::IsMember(programs));
  command->add_option("--batch-size", flags->batch_size,
                      "sequences; 0: training's default, 1 for prefill and decode");
  command->add_option("--context-length", flags->context_length, "of a preset; 0: its own");
  command->add_option("--vocab-size", flags->vocab_size,
                      "of a preset; 0: its own, or 4096 where the data decides it");
  command->add_option("--threads", flags->threads, "threads the program is planned for")
      ->check(CLI::PositiveNumber);
  if (name == "dump") {
    command->add_flag("--dot", flags->dot, "as Graphviz draws it");
    command->add_flag("--offsets", flags->offsets,
                      "behind each node, as a comment: its kernel and where its results lie");
  } else {
    command->add_flag("--json", flags->json, "as JSON");
  }
  command->callback([flags, result, run] {
    if (flags->program == "model") {
      *result = DumpModel(*flags);
      return;
    }
    StatusOr<Program> program = ProgramOf(*flags);
    *result = program.ok() ? run(*flags, *program) : program.status();
  });
}

}  // namespace

void RegisterGraphCommand(CLI::App& app, Status* result) {
  CLI::App* graph = app.add_subcommand("graph", "Show what the compiler makes of a model");
  graph->require_subcommand(1);
  AddPart(graph, "dump", "The graph in ONNX's textual syntax", result, Dump);
  AddPart(graph, "stats", "Calls, floating-point operations and bytes by operator, phase and scope", result,
          [](const Flags& flags, const Program& program) {
            fmt::print("{}", flags.json ? DumpJson(StatsJson(program), 2) + "\n" : StatsReport(program));
            return OkStatus();
          });
  AddPart(graph, "memory", "The peak, its lower bound and what lives there", result,
          [](const Flags& flags, const Program& program) {
            fmt::print("{}", flags.json ? DumpJson(MemoryJson(program), 2) + "\n" : MemoryReport(program));
            return OkStatus();
          });
  AddExplainCommand(graph, result);
}

}  // namespace weft
