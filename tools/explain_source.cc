#include "tools/explain_source.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/file.h"
#include "base/json.h"
#include "compiler/compile.h"
#include "frontends/data/prepare.h"
#include "frontends/models/model_directory.h"
#include "frontends/models/transformer.h"
#include "ir/graph_file.h"
#include "ops/evaluate.h"
#include "ops/text.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/generate/engine.h"
#include "runtime/train/programs.h"
#include "tools/commands.h"
#include "tools/numbers.h"
#include "tools/train_settings.h"

namespace weft {
namespace {

StatusOr<std::vector<Tensor>> Fold(const OpDef& op, const void* attributes,
                                   std::span<const Tensor* const> inputs, uint32_t optional_outputs) {
  return EvaluateNode(op, attributes, inputs, optional_outputs);
}

// A model, and how it is trained and used.
struct Model {
  std::string title;
  TransformerConfig config;
  TrainSettings settings;
  int64_t evaluation_batch = 0;
};

// A run with its own settings; its vocabulary from its data, or from its checkpoint.
StatusOr<Model> ReadRun(const std::string& directory) {
  Model model;
  model.title = directory;
  const std::string path = JoinPath(directory, "run.json");
  WEFT_ASSIGN_OR_RETURN(const Json run, ReadJsonFile(path));
  WEFT_ASSIGN_OR_RETURN(const Json* settings, GetObject(run, "settings", path));
  WEFT_RETURN_IF_ERROR(FromJson(*settings, path, &model.settings));
  WEFT_RETURN_IF_ERROR(Prefix(path, Check(model.settings)));
  WEFT_ASSIGN_OR_RETURN(std::string data, GetString(run, "data", path));
  WEFT_ASSIGN_OR_RETURN(const bool inside, GetBool(run, "data_is_inside", path));
  if (inside) data = JoinPath(directory, "data");
  model.evaluation_batch = EvaluationBatch(model.settings.context_length);
  int64_t vocab_size = 0;
  if (Exists(JoinPath(data, "data.json"))) {
    WEFT_ASSIGN_OR_RETURN(const DataInfo info, ReadDataInfo(data));
    vocab_size = info.vocab_size;
    const int64_t context = model.settings.context_length;
    const int64_t windows = (std::max<int64_t>(info.val.tokens, 1) - 1 + context - 1) / context;
    if (windows > 0) model.evaluation_batch = std::min(model.evaluation_batch, windows);
  } else {
    WEFT_ASSIGN_OR_RETURN(const std::string checkpoint, FindModelDirectory(directory));
    WEFT_ASSIGN_OR_RETURN(const TransformerConfig config, ReadModelConfig(checkpoint));
    vocab_size = config.vocab_size;
  }
  WEFT_ASSIGN_OR_RETURN(model.config, ModelOf(model.settings, vocab_size));
  return model;
}

StatusOr<Model> ReadModel(const ExplainFlags& flags) {
  Model model;
  if (flags.preset.empty()) {
    if (Exists(JoinPath(flags.path, "run.json"))) return ReadRun(flags.path);
    WEFT_ASSIGN_OR_RETURN(const std::string directory, FindModelDirectory(flags.path));
    WEFT_ASSIGN_OR_RETURN(model.config, ReadModelConfig(directory));
    model.title = flags.path;
  } else {
    StatusOr<TransformerConfig> preset = FindPreset(flags.preset);
    if (!preset.ok()) return UsageError(preset.status());
    model.title = "preset " + flags.preset;
    model.config = *std::move(preset);
    if (flags.vocab_size != 0) model.config.vocab_size = flags.vocab_size;
    if (model.config.vocab_size == 0) model.config.vocab_size = kUsualVocabulary;
    if (flags.context_length != 0) model.config.context_length = flags.context_length;
    WEFT_RETURN_IF_ERROR(model.config.Complete());
  }
  model.settings.context_length = model.config.context_length;
  model.settings.precision = flags.precision.precision, model.settings.keep_f32 = flags.precision.keep_f32;
  WEFT_RETURN_IF_ERROR(UsageError(Check(model.settings)));
  model.evaluation_batch = EvaluationBatch(model.config.context_length);
  return model;
}

bool Wants(const ExplainFlags& flags, std::string_view name) {
  return flags.programs.empty() ||
         std::find(flags.programs.begin(), flags.programs.end(), name) != flags.programs.end();
}

Status AddTraining(const ExplainFlags& flags, const Model& model, const Target& target, ExplainSource* out) {
  TrainSettings settings = model.settings;
  if (flags.batch_size != 0) settings.batch_size = flags.batch_size;
  WEFT_ASSIGN_OR_RETURN(const Graph training, BuildTransformer(model.config, true));
  WEFT_ASSIGN_OR_RETURN(const Graph evaluation, BuildTransformer(model.config, false));
  std::map<std::string, StageLog> logs;
  // The evaluation too where it is not asked for: what the step keeps and computes again depends on both.
  const TrainProgramOptions options{.evaluation_batch = model.evaluation_batch, .logs = &logs};
  WEFT_ASSIGN_OR_RETURN(TrainPrograms programs,
                        CompileTrainPrograms(training, evaluation, settings, target, options));
  const auto add = [&](Program program) {
    StageLog log = std::move(logs[program.name]);
    out->programs.push_back({std::move(program), std::move(log)});
  };
  if (Wants(flags, "train")) {
    add(std::move(programs.step));
    if (programs.apply) add(*std::move(programs.apply));
  }
  if (programs.evaluation && Wants(flags, "eval")) add(*std::move(programs.evaluation));
  return OkStatus();
}

Status AddGeneration(const ExplainFlags& flags, const Model& model, const Target& target,
                     ExplainSource* out) {
  const int64_t batch = flags.batch_size != 0 ? flags.batch_size : 1;
  const EngineOptions options{.context = model.config.context_length, .max_sequences = batch};
  for (const char* name : {"prefill", "decode"}) {
    if (!Wants(flags, name)) continue;
    WEFT_ASSIGN_OR_RETURN(Graph graph, BuildTransformer(model.config, false));
    ExplainedProgram explained;
    WEFT_RETURN_IF_ERROR(MakeGenerationGraph(graph, options, &explained.log));
    const int64_t seq = std::string_view(name) == "decode" ? 1 : PrefillChunks(options.context).back();
    const CompileOptions compile{.name = GenerationProgramName(batch, seq),
                                 .bf16 = MixedPrecisionOf(model.settings),
                                 .pack_weights = true,
                                 .log = &explained.log};
    WEFT_ASSIGN_OR_RETURN(
        explained.program,
        Compile(std::move(graph), {{"batch", batch}, {"seq", seq}, {"history", 0}}, target, compile));
    out->programs.push_back(std::move(explained));
  }
  return OkStatus();
}

std::string FactsOf(const TransformerConfig& c) {
  return fmt::format("{} layers, d_model {}, {} heads, d_ff {}, vocabulary {}, context {}", c.num_layers,
                     c.d_model, c.num_heads, c.d_ff, c.vocab_size, c.context_length);
}

// What a dimension needs to become a number.
Status CheckBound(const Graph& graph) {
  std::vector<std::string> symbols;
  for (const ValueId v : graph.inputs()) {
    for (const Dim& d : graph.value(v).type.shape) d.CollectSymbols(&symbols);
  }
  if (symbols.empty()) return OkStatus();
  return InvalidArgument("the symbol '{0}' has no number: give --bind {0}=NUMBER, and the pass bind",
                         symbols.front());
}

StatusOr<ExplainSource> ReadGraphFile(const ExplainFlags& flags, const Target& target) {
  PassContext context;
  StatusOr<std::vector<const Pass*>> passes = PassesByName(flags.passes);
  if (!passes.ok()) return UsageError(passes.status());
  StatusOr<std::map<std::string, int64_t>> bindings = ReadNumbers<int64_t>(flags.bind, "--bind");
  if (!bindings.ok()) return UsageError(bindings.status());
  StatusOr<std::map<std::string, double>> settings = ReadNumbers<double>(flags.set, "--set");
  if (!settings.ok()) return UsageError(settings.status());
  context.bindings = *std::move(bindings), context.settings = *std::move(settings);
  context.evaluate = Fold;
  WEFT_ASSIGN_OR_RETURN(Graph graph, LoadGraph(flags.path, WithOperators()));
  ExplainSource source;
  source.title = flags.path;
  ExplainedProgram explained;
  explained.log.Add("", 0, graph);
  PassRunner runner;
  runner.log = &explained.log;
  WEFT_RETURN_IF_ERROR(Prefix(flags.path, runner.Run(graph, *passes, context)));
  WEFT_RETURN_IF_ERROR(Prefix(flags.path, CheckBound(graph)));
  WEFT_ASSIGN_OR_RETURN(explained.program,
                        CompileBound(std::move(graph), target, {.name = "run", .log = &explained.log}));
  source.programs.push_back(std::move(explained));
  return source;
}

}  // namespace

StatusOr<ExplainSource> ReadExplainSource(const ExplainFlags& flags) {
  if (flags.path.empty() == flags.preset.empty()) {
    return UsageError(InvalidArgument("give a run or model directory, a graph's file, or --preset NAME"));
  }
  if (flags.batch_size < 0)
    return UsageError(InvalidArgument("--batch-size is {}, expected 1 or more", flags.batch_size));
  const CpuTarget target({flags.threads, false});
  if (flags.preset.empty() && Exists(flags.path) && !IsDirectory(flags.path))
    return ReadGraphFile(flags, target);
  WEFT_ASSIGN_OR_RETURN(const Model model, ReadModel(flags));
  ExplainSource source;
  source.title = model.title;
  source.facts = FactsOf(model.config);
  source.products = ProductsOf(model.settings);
  if (Wants(flags, "train") || Wants(flags, "eval"))
    WEFT_RETURN_IF_ERROR(AddTraining(flags, model, target, &source));
  if (Wants(flags, "prefill") || Wants(flags, "decode"))
    WEFT_RETURN_IF_ERROR(AddGeneration(flags, model, target, &source));
  return source;
}

}  // namespace weft
