// weft graph dump|stats|memory|explain|diff: the programs of a model, or a graph from a file, as the compiler
// made them.
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
#include "ir/graph_file.h"
#include "ops/evaluate.h"
#include "ops/text.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/generate/engine.h"
#include "runtime/train/programs.h"
#include "tools/commands.h"
#include "tools/explain_command.h"
#include "tools/graph_diff.h"
#include "tools/no_fuse_flag.h"
#include "tools/numbers.h"
#include "tools/precision_flags.h"
#include "tools/train_settings.h"

namespace weft {
namespace {

struct Flags {
  std::string file, preset, model, program = "train", output, no_fuse;
  std::vector<std::string> bind;
  int64_t batch_size = 0, context_length = 0, vocab_size = 0;
  PrecisionFlags precision;
  int threads = 0;
  bool json = false, dot = false, offsets = false;
};

StatusOr<TransformerConfig> ConfigOf(const Flags& flags) {
  if (flags.preset.empty() == flags.model.empty()) {
    return UsageError(InvalidArgument("give either --preset NAME or --model DIRECTORY, or a graph's FILE"));
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
  WEFT_RETURN_IF_ERROR(ToMixedPrecision(flags.precision).status());
  settings.precision = flags.precision.precision;
  settings.keep_f32 = flags.precision.keep_f32;
  settings.no_fuse = flags.no_fuse;
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
  EngineOptions options{.context = config.context_length, .max_sequences = batch};
  WEFT_ASSIGN_OR_RETURN(options.fuse, FusionsWithout(flags.no_fuse));
  WEFT_RETURN_IF_ERROR(MakeGenerationGraph(model, options));
  const int64_t seq = flags.program == "decode" ? 1 : PrefillChunks(config.context_length).back();
  WEFT_ASSIGN_OR_RETURN(const auto bf16, ToMixedPrecision(flags.precision));
  return Compile(std::move(model), {{"batch", batch}, {"seq", seq}, {"history", 0}}, target,
                 {.name = flags.program, .fuse = options.fuse, .bf16 = bf16, .pack_weights = true});
}

StatusOr<Program> FileProgram(const Flags& flags, const Target& target) {
  StatusOr<std::map<std::string, int64_t>> bindings = ReadNumbers<int64_t>(flags.bind, "--bind");
  if (!bindings.ok()) return UsageError(bindings.status());
  WEFT_ASSIGN_OR_RETURN(const Fusions fuse, FusionsWithout(flags.no_fuse));
  WEFT_ASSIGN_OR_RETURN(Graph graph, LoadGraph(flags.file, WithOperators()));
  CompileOptions options{.name = graph.name, .fuse = fuse};
  options.evaluate = [](const OpDef& op, const void* attributes, std::span<const Tensor* const> inputs,
                        uint32_t optional) { return EvaluateNode(op, attributes, inputs, optional); };
  return Compile(std::move(graph), *bindings, target, options);
}

StatusOr<Program> ProgramOf(const Flags& flags) {
  if (!flags.file.empty()) return FileProgram(flags, CpuTarget({flags.threads, false}));
  if (flags.batch_size < 0)
    return UsageError(InvalidArgument("--batch-size is {}, expected 1 or more", flags.batch_size));
  WEFT_RETURN_IF_ERROR(FusionsWithout(flags.no_fuse).status());
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

Status WriteGraph(const Flags& flags, const Graph& graph, const PrintOptions& options) {
  if (!flags.output.empty() && !flags.dot) return SaveGraph(graph, flags.output, options);
  const std::string text = flags.dot ? DotOf(graph) : PrintText(graph, options);
  if (!flags.output.empty()) return WriteFileAtomically(flags.output, text);
  fmt::print("{}", text);
  return OkStatus();
}

// The graph before any pass: of a file, or as the layers wrote it, what `weft opt` can be given to see each
// pass at work.
Status DumpUncompiled(const Flags& flags) {
  if (!flags.file.empty()) {
    WEFT_ASSIGN_OR_RETURN(const Graph graph, LoadGraph(flags.file, WithOperators()));
    return WriteGraph(flags, graph, {});
  }
  WEFT_ASSIGN_OR_RETURN(const TransformerConfig config, ConfigOf(flags));
  WEFT_ASSIGN_OR_RETURN(const Graph model, BuildTransformer(config, true));
  return WriteGraph(flags, model, {});
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
  return WriteGraph(flags, program.graph, options);
}

Status CheckFlags(const Flags& flags) {
  if (!flags.file.empty() && !(flags.preset.empty() && flags.model.empty())) {
    return InvalidArgument("give a graph's FILE or a model, not both");
  }
  if (flags.offsets && flags.output.ends_with(".weft")) {
    return InvalidArgument("--offsets are comments, which a .weft file has no place for: write text");
  }
  return OkStatus();
}

void AddPart(CLI::App* parent, const std::string& name, const std::string& description, Status* result,
             Status (*run)(const Flags&, const Program&)) {
  auto flags = std::make_shared<Flags>();
  flags->threads = AvailableProcessors();
  CLI::App* command = parent->add_subcommand(name, description);
  command->option_defaults()->always_capture_default();
  command->add_option("FILE", flags->file,
                      "a graph instead of a model: .weft or ONNX text, '-' for standard input");
  command->add_option("--bind", flags->bind, "of a FILE: numbers for symbols, batch=8,seq=256")
      ->allow_extra_args(false);
  command->add_option("--preset", flags->preset, "a model's shape under a name: " + PresetNames());
  command->add_option("--model", flags->model,
                      "a model directory, or a run directory (its latest checkpoint)");
  std::vector<std::string> programs = {"train", "eval", "prefill", "decode"};
  const bool dump = name == "dump";
  if (dump) programs.insert(programs.begin(), "model");
  command
      ->add_option("--program", flags->program,
                   dump ? "what it is compiled for; model: as it was built, before any pass"
                        : "what it is compiled for")
      ->check(CLI::IsMember(programs));
  command->add_option("--batch-size", flags->batch_size,
                      "sequences; 0: training's default, 1 for prefill and decode");
  command->add_option("--context-length", flags->context_length, "of a preset; 0: its own");
  command->add_option("--vocab-size", flags->vocab_size,
                      "of a preset; 0: its own, or 4096 where the data decides it");
  AddPrecisionOptions(command, &flags->precision);
  command->add_option("--threads", flags->threads, "threads the program is planned for")
      ->check(CLI::PositiveNumber);
  AddNoFuseFlag(command, &flags->no_fuse);
  if (dump) {
    command->add_option("-o,--output", flags->output,
                        "write it there: in weft's file form if the name ends in .weft, else as text");
    command->add_flag("--dot", flags->dot, "as Graphviz draws it");
    command->add_flag("--offsets", flags->offsets,
                      "behind each node, as a comment: its kernel and where its results lie");
  } else {
    command->add_flag("--json", flags->json, "as JSON");
  }
  command->callback([flags, result, run, dump] {
    if (const Status wrong = CheckFlags(*flags); !wrong.ok()) {
      *result = UsageError(wrong);
      return;
    }
    const bool as_it_is = !flags->file.empty() && flags->bind.empty() && !flags->offsets;
    if (dump && (flags->program == "model" || as_it_is)) {
      *result = DumpUncompiled(*flags);
      return;
    }
    StatusOr<Program> program = ProgramOf(*flags);
    *result = program.ok() ? run(*flags, *program) : program.status();
  });
}

}  // namespace

void RegisterGraphCommand(CLI::App& app, Status* result) {
  CLI::App* graph = app.add_subcommand("graph", "Show what the compiler makes of a model or a graph");
  graph->require_subcommand(1);
  AddPart(graph, "dump",
          "The graph in ONNX's textual syntax, or to a file; a graph's FILE as it is, unless bound", result,
          Dump);
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
  AddGraphDiff(graph, result);
}

}  // namespace weft
