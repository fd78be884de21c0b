// weft verify: a program against the graph it was made from, its kernels against what their operators mean;
// random graphs likewise.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/human.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/process_memory.h"
#include "base/progress.h"
#include "base/safetensors.h"
#include "base/threads.h"
#include "ir/graph_file.h"
#include "ops/text.h"
#include "runtime/executor/cpu_target.h"
#include "tools/commands.h"
#include "tools/load_model.h"
#include "tools/standard_streams.h"
#include "tools/train_settings.h"
#include "tools/verify/check_kernels.h"
#include "tools/verify/check_rewrites.h"
#include "tools/verify/random_run.h"
#include "tools/verify_programs.h"
#include "tools/weights_flags.h"

namespace weft {
namespace {

struct VerifyFlags {
  TrainFlags train;
  WeightsFlags weights;
  std::string file, model, program = "all", input, output;
  int64_t random_graphs = 0, size = 1500;
  int steps = 12;
  bool json = false;
};

// What is printed in the end; an error if something differs.
Status Tell(const VerifyFlags& flags, const VerifyReport& report, nlohmann::json extra) {
  if (flags.json) {
    nlohmann::json json = ToJson(report);
    json.update(extra);
    WEFT_RETURN_IF_ERROR(WriteOut(DumpJson(json, 2) + "\n"));
  } else {
    WEFT_RETURN_IF_ERROR(WriteOut(report.Summary()));
    if (report.findings.empty()) WEFT_RETURN_IF_ERROR(WriteOut("equal\n"));
  }
  if (report.findings.empty()) return OkStatus();
  return FailedPrecondition("not equal: {}", report.findings[0].ToString());
}

// ---- a model's programs

StatusOr<VerifyModel> ModelFor(const VerifyFlags& flags, std::optional<LoadedModel>* loaded) {
  VerifyModel model;
  if (!flags.model.empty()) {
    WEFT_ASSIGN_OR_RETURN(*loaded, LoadModel(flags.model));
    WEFT_RETURN_IF_ERROR(CheckNotQuantized(**loaded, "weft verify (with --weights)"));
    model.weights = (*loaded)->session.get();
  }
  const TransformerConfig* initial = *loaded ? &(*loaded)->directory.config : nullptr;
  WEFT_ASSIGN_OR_RETURN(model.settings, ResolveSettings(flags.train, initial));
  TrainSettings& s = model.settings;
  if (initial != nullptr) {
    model.config = *initial;
    if (s.context_length > model.config.context_length)
      return UsageError(InvalidArgument("--context-length is {}, expected at most {}, the model's",
                                        s.context_length, model.config.context_length));
    model.config.context_length = s.context_length;
  } else {
    WEFT_ASSIGN_OR_RETURN(model.config, ModelOf(s, s.vocab_size > 0 ? s.vocab_size : kUsualVocabulary));
  }
  model.config.dropout = static_cast<float>(s.dropout);
  WEFT_ASSIGN_OR_RETURN(model.quantize, ToQuantizeWeights(flags.weights));
  return model;
}

// A few windows say as much as many.
constexpr int64_t kBatch = 2;
bool IsGiven(const TrainFlags& flags, std::string_view setting) {
  for (size_t i = 0; i < flags.options.size(); ++i) {
    if (AllSettings()[i].name == setting) return flags.options[i] != nullptr && flags.options[i]->count() > 0;
  }
  return false;
}

Status VerifySubjectNow(const VerifySubject& subject, VerifyReport* report) {
  const VerifyCost cost = EstimateCost(subject);
  Say(fmt::format("{}: {} nodes, {} operations, seven runs with the plain kernels: about {}, up to {}\n",
                  subject.name, subject.program.graph.num_nodes(), HumanCount(cost.operations),
                  HumanDuration(cost.seconds), HumanBytes(static_cast<double>(cost.bytes))));
  const int64_t machine = MachineMemory();
  if (machine > 0 && cost.bytes > machine) {
    return ResourceExhausted(
        "{} would take about {}, this machine has {}: give a smaller --batch-size or --context-length",
        subject.name, HumanBytes(static_cast<double>(cost.bytes)), HumanBytes(static_cast<double>(machine)));
  }
  Progress progress({.label = subject.name, .unit = "nodes"});
  int64_t done = 0;
  const auto tick = [&]() -> Status {
    progress.Update(++done);
    return CheckInterrupt();
  };
  ++report->plans;  // compiling has verified it
  WEFT_RETURN_IF_ERROR(CheckRewrites(subject.written, subject.program.graph, subject.feed,
                                     {.names = &subject.names, .before = [&](NodeId) { return tick(); }},
                                     report));
  return CheckKernels(subject.program, subject.feed, {.before = [&](const Call&) { return tick(); }}, report);
}

Status VerifyModelPrograms(VerifyFlags& flags) {
  std::optional<LoadedModel> loaded;
  WEFT_ASSIGN_OR_RETURN(VerifyModel model, ModelFor(flags, &loaded));
  if (!IsGiven(flags.train, "batch-size")) model.settings.batch_size = kBatch;
  const CpuTarget target(
      {model.settings.threads > 0 ? static_cast<int>(model.settings.threads) : AvailableProcessors(), false});
  std::vector<std::string> programs = {flags.program};
  if (flags.program == "all") programs = {"train", "eval", "prefill", "decode"};
  VerifyReport report;
  for (const std::string& program : programs) {
    WEFT_ASSIGN_OR_RETURN(const std::list<VerifySubject> subjects, BuildSubjects(model, program, target));
    for (const VerifySubject& subject : subjects) {
      const Status status = VerifySubjectNow(subject, &report);
      if (!status.ok()) return Prefix(subject.name, status);
      if (!report.findings.empty())
        return Prefix(subject.name, Tell(flags, report, {{"program", subject.name}}));
    }
  }
  return Tell(flags, report, nlohmann::json::object());
}

// ---- a graph's file

// A text says in its comments what else the trial is; in the file form there is the graph alone.
StatusOr<Trial> ReadTrial(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path == "-" ? "/dev/stdin" : path));
  if (IsGraphFormat(bytes, path)) {
    WEFT_ASSIGN_OR_RETURN(Graph graph, LoadGraphFrom(bytes, path, WithOperators()));
    return Trial{.graph = std::move(graph), .bindings = {}, .inputs = {}, .differentiate = {}};
  }
  StatusOr<Trial> trial = ParseTrial(bytes);
  return trial.ok() ? std::move(trial) : Prefix(path, trial.status());
}

Status VerifyFile(const VerifyFlags& flags, const TrainSettings& settings) {
  WEFT_ASSIGN_OR_RETURN(const Trial trial, ReadTrial(flags.file));
  Feed feed;
  std::optional<SafetensorsFile> file;
  if (!flags.input.empty()) {
    WEFT_ASSIGN_OR_RETURN(file, SafetensorsFile::Open(flags.input));
    for (ValueId v : trial.graph.inputs()) {
      const std::string& name = FeedName(trial.graph, v);
      if (const StatusOr<Tensor> tensor = file->Get(name); tensor.ok()) feed[name] = *tensor;
    }
  }
  const CpuTarget target(
      {settings.threads > 0 ? static_cast<int>(settings.threads) : AvailableProcessors(), false});
  const VerifyReport report = CheckTrial(trial, {.target = &target, .feed = &feed});
  return Prefix(flags.file, Tell(flags, report, nlohmann::json::object()));
}

// ---- random graphs

nlohmann::json RunJson(const RandomRun& run) {
  return {{"graphs", run.graphs},
          {"nodes", run.nodes},
          {"symbolic", run.symbolic},
          {"differentiated", run.differentiated},
          {"with_empty_tensors", run.empty},
          {"graphs_by_operator", run.operators}};
}

Status VerifyRandom(const VerifyFlags& flags, const TrainSettings& settings) {
  RandomRunOptions options{.seed = static_cast<uint64_t>(settings.seed),
                           .graphs = flags.random_graphs,
                           .steps = flags.steps,
                           .max_elements = flags.size};
  options.workers = settings.threads > 0 ? static_cast<int>(settings.threads) : AvailableProcessors();
  Progress progress({.label = "random graphs", .total = flags.random_graphs, .unit = "graphs"});
  options.progress = [&](int64_t done) { progress.Update(done); };
  WEFT_ASSIGN_OR_RETURN(const RandomRun run, RunRandomGraphs(options));
  progress.Finish();
  nlohmann::json extra = RunJson(run);
  std::string shrunk;
  if (run.shrunk) {
    const std::string path =
        flags.output.empty() ? fmt::format("verify-seed-{}.txt", run.failed_seed) : flags.output;
    WEFT_RETURN_IF_ERROR(WriteFileAtomically(path, PrintTrial(*run.shrunk)));
    extra["failed_seed"] = run.failed_seed;
    extra["shrunk"] = path;
    Say(fmt::format("seed {}: {} nodes, shrunk to {}: weft verify {}\n", run.failed_seed,
                    run.failed->graph.num_nodes(), run.shrunk->graph.num_nodes(), path));
  } else if (!flags.json) {
    WEFT_RETURN_IF_ERROR(WriteOut(fmt::format(
        "seeds {} to {}: {} graphs, {} nodes of {} operators; {} with symbols, {} differentiated, "
        "{} with empty tensors\n",
        settings.seed, settings.seed + flags.random_graphs - 1, run.graphs, run.nodes, run.operators.size(),
        run.symbolic, run.differentiated, run.empty)));
  }
  return Tell(flags, run.report, std::move(extra));
}

Status RunVerify(VerifyFlags& flags) {
  const int ways = (flags.file.empty() ? 0 : 1) + (flags.random_graphs > 0 ? 1 : 0) +
                   (flags.model.empty() && flags.train.preset.empty() && flags.train.config.empty() ? 0 : 1);
  if (ways != 1) {
    return UsageError(InvalidArgument(
        "give one of FILE, --preset, --config or --model, and --random-graphs: what is to be verified"));
  }
  if (flags.file.empty() && flags.random_graphs == 0) return VerifyModelPrograms(flags);
  WEFT_ASSIGN_OR_RETURN(const TrainSettings settings, ResolveSettings(flags.train, nullptr));
  return flags.file.empty() ? VerifyRandom(flags, settings) : VerifyFile(flags, settings);
}

}  // namespace

void RegisterVerifyCommand(CLI::App& app, Status* result) {
  auto flags = std::make_shared<VerifyFlags>();
  CLI::App* command = app.add_subcommand(
      "verify",
      "Prove that what the compiler made of a graph is equal to it.\n\n"
      "Rewrites: the optimised graph's operators replaced by their bodies, every float in f64, against the\n"
      "graph as it was written: no value differs by more than 1e-9 of its largest. Kernels: each on the\n"
      "inputs it really got, against the operator's body in f64: at most twice the error of that body at "
      "the\n"
      "kernel's types. The memory plan is checked as the program runs. Says the first value that differs,\n"
      "and ends with exit code 1.");
  command->option_defaults()->always_capture_default();
  command->add_option("FILE", flags->file, "a graph: .weft or ONNX text, '-' for standard input");
  command->add_option("--model", flags->model,
                      "a model directory, or a run directory (its latest checkpoint), with its weights");
  command->add_option("--program", flags->program, "of a model")
      ->check(CLI::IsMember({"all", "train", "eval", "prefill", "decode"}));
  command->add_option("--input", flags->input,
                      "for FILE: a .safetensors file with tensors for inputs and states; others are drawn");
  command
      ->add_option("--random-graphs", flags->random_graphs,
                   "verify so many random graphs of all operators, with their gradients and memory "
                   "plans; their seeds begin at --seed")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--steps", flags->steps, "of a random graph: operators, at most")
      ->check(CLI::Range(1, 1000));
  command->add_option("--size", flags->size, "of a random graph: elements of an operator's inputs, at most")
      ->check(CLI::Range(1, 1 << 20));
  command->add_option("--output", flags->output,
                      "where a random graph that fails is written, shrunk; empty: verify-seed-N.txt");
  command->add_flag("--json", flags->json, "as JSON");
  AddWeightsOptions(command, &flags->weights, "of prefill and decode: ");
  TrainSettings defaults;
  defaults.batch_size = kBatch;
  AddSettingOptions(command, &flags->train,
                    {"vocab-size",   "context-length", "d-model",           "num-layers",
                     "num-heads",    "num-kv-heads",   "head-dim",          "d-ff",
                     "norm",         "rope",           "rope-theta",        "feed-forward",
                     "norm-epsilon", "tie-embeddings", "qk-norm",           "bias",
                     "dropout",      "batch-size",     "grad-accumulation", "optimizer",
                     "weight-decay", "momentum",       "grad-clip",         "z-loss",
                     "seed",         "precision",      "keep-f32",          "threads"},
                    defaults);
  command->callback([flags, result] { *result = RunVerify(*flags); });
}

}  // namespace weft
