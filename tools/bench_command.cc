// weft bench train|fusions|generate|tokenizer: how fast it is here, and how near to what the machine can do.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/threads.h"
#include "frontends/data/stories.h"
#include "frontends/models/transformer.h"
#include "tools/bench_report.h"
#include "tools/commands.h"
#include "tools/load_model.h"
#include "tools/no_fuse_flag.h"
#include "tools/precision_flags.h"
#include "tools/profile_flag.h"
#include "tools/train_settings.h"

namespace weft {
namespace {

// Of the text made when none is given.
constexpr size_t kStoryBytes = 10'000'000;

template <class Bench>
Status Print(const StatusOr<Bench>& bench, bool json) {
  if (!bench.ok()) return bench.status();
  fmt::print("{}", json ? DumpJson(ToJson(*bench), 2) + "\n" : ToText(*bench));
  return OkStatus();
}

// ---- train

struct TrainBenchFlags {
  TrainFlags settings;
  TrainBenchOptions options;
  ProfileFlag profile;
  bool json = false;
};

template <class Bench>
Status RunTraining(TrainBenchFlags& flags, Bench bench) {
  WEFT_ASSIGN_OR_RETURN(const TrainSettings settings, ResolveSettings(flags.settings, /*initial=*/nullptr));
  WEFT_ASSIGN_OR_RETURN(const TransformerConfig config,
                        ModelOf(settings, settings.vocab_size > 0 ? settings.vocab_size : kUsualVocabulary));
  WEFT_ASSIGN_OR_RETURN(const Graph model, BuildTransformer(config, /*training=*/true));
  flags.options.profile = flags.profile.Begin();
  WEFT_RETURN_IF_ERROR(Print(bench(model, settings, flags.options), flags.json));
  return flags.profile.Finish();
}

template <class Bench>
CLI::App* AddTraining(CLI::App* parent, const char* name, const char* description, Bench bench,
                      std::shared_ptr<TrainBenchFlags> flags, Status* result) {
  flags->options.threads = AvailableProcessors();
  CLI::App* command = parent->add_subcommand(name, description);
  command->option_defaults()->always_capture_default();
  command->add_option("--steps", flags->options.steps, "steps that are timed");
  command->add_option("--warm-up", flags->options.warm_up, "steps before them");
  command->add_option("--threads", flags->options.threads, "threads")->check(CLI::Range(1, 1024));
  command->add_flag("--json", flags->json, "as JSON");
  TrainSettings defaults;
  defaults.vocab_size = kUsualVocabulary;
  AddSettingOptions(
      command, &flags->settings,
      {"vocab-size",        "context-length", "d-model", "num-layers",   "num-heads",   "num-kv-heads",
       "head-dim",          "d-ff",           "norm",    "rope",         "rope-theta",  "feed-forward",
       "norm-epsilon",      "tie-embeddings", "qk-norm", "bias",         "dropout",     "batch-size",
       "grad-accumulation", "optimizer",      "lr",      "weight-decay", "grad-clip",   "seed",
       "precision",         "keep-f32",       "no-fuse", "recompute",    "memory-limit"},
      defaults);
  command->callback([flags, result, bench] { *result = RunTraining(*flags, bench); });
  return command;
}

// ---- generate

struct GenerateFlags {
  std::string preset = "cs336-17m", model, no_fuse;
  int64_t vocab_size = 0;
  GenerateBenchOptions options;
  PrecisionFlags precision;
  ProfileFlag profile;
  int threads = 0;
  bool json = false;
};

Status BenchPreset(const GenerateFlags& flags, const CpuTarget& target) {
  WEFT_ASSIGN_OR_RETURN(TransformerConfig config, FindPreset(flags.preset));
  if (flags.vocab_size != 0) config.vocab_size = flags.vocab_size;
  if (config.vocab_size == 0) config.vocab_size = kUsualVocabulary;
  // The tables of positions must reach as far as the text; nothing else depends on the context.
  config.context_length =
      std::max(config.context_length, flags.options.prompt_tokens + flags.options.new_tokens);
  WEFT_RETURN_IF_ERROR(config.Complete());
  WEFT_ASSIGN_OR_RETURN(Graph graph, BuildTransformer(config, /*training=*/false));
  GenerateBenchOptions options = flags.options;
  WEFT_ASSIGN_OR_RETURN(options.bf16, ToMixedPrecision(flags.precision));
  Session session;
  return Print(BenchGeneration(std::move(graph), &session, target, options), flags.json);
}

Status BenchModel(const GenerateFlags& flags, const CpuTarget& target) {
  if (flags.vocab_size != 0) return InvalidArgument("--vocab-size goes with --preset: --model has its own");
  WEFT_ASSIGN_OR_RETURN(LoadedModel model, LoadModel(flags.model));
  const int64_t tokens = flags.options.prompt_tokens + flags.options.new_tokens;
  const int64_t context = model.directory.config.context_length;
  if (tokens > context) {
    return InvalidArgument(
        "{}: --prompt-length {} and --new-tokens {} are {} tokens, the model's context is {}", flags.model,
        flags.options.prompt_tokens, flags.options.new_tokens, tokens, context);
  }
  GenerateBenchOptions options = flags.options;
  WEFT_ASSIGN_OR_RETURN(options.bf16, ToMixedPrecision(flags.precision));
  return Print(BenchGeneration(std::move(model.graph), model.session.get(), target, options), flags.json);
}

Status RunGenerate(GenerateFlags& flags) {
  WEFT_ASSIGN_OR_RETURN(flags.options.fuse, FusionsWithout(flags.no_fuse));
  WEFT_RETURN_IF_ERROR(Check(flags.options));
  const CpuTarget target({flags.threads, false});
  flags.options.profile = flags.profile.Begin();
  WEFT_RETURN_IF_ERROR(flags.model.empty() ? BenchPreset(flags, target) : BenchModel(flags, target));
  return flags.profile.Finish();
}

void AddGenerate(CLI::App* parent, Status* result) {
  auto flags = std::make_shared<GenerateFlags>();
  flags->threads = AvailableProcessors();
  CLI::App* command =
      parent->add_subcommand("generate", "Reading prompts and writing tokens, with the cache");
  command->option_defaults()->always_capture_default();
  auto* preset =
      command->add_option("--preset", flags->preset, "random weights in a named shape: " + PresetNames());
  command
      ->add_option("--model", flags->model, "a model directory, or a run directory (its latest checkpoint)")
      ->excludes(preset);
  command
      ->add_option("--vocab-size", flags->vocab_size,
                   "of a preset; 0: its own, or 4096 where the data decides it")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--prompt-length", flags->options.prompt_tokens, "tokens of each prompt");
  command->add_option("--new-tokens", flags->options.new_tokens, "tokens written after each prompt");
  command->add_option("--batch-size", flags->options.sequences, "sequences at once");
  AddPrecisionOptions(command, &flags->precision);
  command->add_option("--runs", flags->options.runs, "runs that are timed, after one that is not");
  command->add_option("--threads", flags->threads, "threads")->check(CLI::Range(1, 1024));
  AddNoFuseFlag(command, &flags->no_fuse);
  flags->profile.AddTo(command);
  command->add_flag("--json", flags->json, "as JSON");
  command->callback([flags, result] { *result = RunGenerate(*flags); });
}

// ---- tokenizer

struct TokenizerFlags {
  std::vector<std::string> inputs;
  TokenizerBenchOptions options;
  int64_t encode_mb = 20;
  bool json = false;
};

std::string Stories() {
  std::string text;
  for (uint32_t i = 0; text.size() < kStoryBytes; ++i) text += MakeStory(0, i).text + "\n<|endoftext|>\n";
  return text;
}

Status RunTokenizer(TokenizerFlags flags) {
  flags.options.encode_bytes = flags.encode_mb * 1'000'000;
  if (!flags.inputs.empty()) return Print(BenchTokenizerOnFiles(flags.inputs, flags.options), flags.json);
  return Print(BenchTokenizer(Stories(), flags.options), flags.json);
}

void AddTokenizer(CLI::App* parent, Status* result) {
  auto flags = std::make_shared<TokenizerFlags>();
  flags->options.threads = AvailableProcessors();
  CLI::App* command = parent->add_subcommand("tokenizer", "Training a tokenizer, encoding and decoding");
  command->option_defaults()->always_capture_default();
  command
      ->add_option("--input", flags->inputs,
                   "text files; none: 10 MB of made-up stories, which have few words")
      ->default_str("");
  command->add_option("--vocab-size", flags->options.vocab_size, "tokens to train");
  command->add_option("--pattern", flags->options.pattern, "gpt2, gpt4 or a regular expression");
  command->add_option("--encode-mb", flags->encode_mb, "of the text are encoded and decoded, at most; 0: all")
      ->check(CLI::Range(int64_t{0}, int64_t{1'000'000}));
  command->add_option("--runs", flags->options.runs, "runs of each; the median counts");
  command->add_option("--threads", flags->options.threads, "threads")->check(CLI::Range(1, 1024));
  command->add_flag("--json", flags->json, "as JSON");
  command->callback([flags, result] { *result = RunTokenizer(*flags); });
}

}  // namespace

void RegisterBenchCommand(CLI::App& app, Status* result) {
  CLI::App* bench = app.add_subcommand("bench", "Measure speed and memory against what the machine can do");
  bench->require_subcommand(1);
  const auto train = std::make_shared<TrainBenchFlags>(), fusions = std::make_shared<TrainBenchFlags>();
  train->profile.AddTo(AddTraining(bench, "train", "Training steps on random tokens: speed and memory",
                                   BenchTraining, train, result));
  AddTraining(bench, "fusions", "A training step without each fusion, against the step with all of them",
              BenchFusions, fusions, result);
  AddGenerate(bench, result);
  AddTokenizer(bench, result);
}

}  // namespace weft
