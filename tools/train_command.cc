// weft train: text in, a trained model out.
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/human.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/threads.h"
#include "frontends/data/prepare.h"
#include "frontends/models/transformer.h"
#include "runtime/train/trainer.h"
#include "tools/commands.h"
#include "tools/prepare_text.h"
#include "tools/setting_flags.h"

namespace weft {
namespace {

struct TrainFlags {
  std::vector<std::string> text;
  std::string data, out, resume, init_from, profile;
  bool dry_run = false, json = false;
  SettingFlags settings;
};

// "600MB", "2GB", "1.5GiB" in bytes; empty: 0.
StatusOr<int64_t> ParseMemory(const std::string& text) {
  if (text.empty()) return 0;
  size_t used = 0;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  used = static_cast<size_t>(end - text.data());
  const std::pair<std::string_view, double> units[] = {{"", 1},       {"B", 1},         {"kB", 1e3},
                                                       {"KB", 1e3},   {"MB", 1e6},      {"GB", 1e9},
                                                       {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}};
  for (const auto& [unit, factor] : units) {
    if (error == std::errc() && value > 0 && text.substr(used) == unit)
      return static_cast<int64_t>(value * factor);
  }
  return InvalidArgument("--memory-limit: expected a size such as 600MB or 2GB, got '{}'", text);
}

void PrintPlan(const TrainPlan& plan, const TrainSettings& s) {
  const MemoryUse& m = plan.memory;
  fmt::print("parameters        {:>14}\n", FormatCount(plan.parameters));
  fmt::print("FLOPs per token   {:>14}\n", FormatCount(static_cast<int64_t>(plan.flops_per_token)));
  fmt::print("tokens per step   {:>14}\n",
             FormatCount(s.batch_size * s.context_length * s.grad_accumulation));
  const std::pair<std::string_view, int64_t> lines[] = {
      {"parameters", m.parameters},          {"optimizer", m.optimizer}, {"gradients", m.gradients},
      {"activations", m.activations},        {"workspace", m.workspace}, {"buffers", m.buffers},
      {"inputs, outputs", m.inputs_outputs}, {"constants", m.constants}, {"unused", m.unused},
      {"libraries, at most", m.library}};
  fmt::print("planned peak      {:>14}\n", FormatBytes(m.Total()));
  for (const auto& [name, bytes] : lines) {
    if (bytes > 0) fmt::print("  {:<20}{:>10}\n", name, FormatBytes(bytes));
  }
}

Json PlanJson(const TrainPlan& plan) {
  const MemoryUse& m = plan.memory;
  return {{"parameters", plan.parameters},
          {"flops_per_token", plan.flops_per_token},
          {"peak_bytes", m.Total()},
          {"memory",
           {{"parameters", m.parameters},
            {"optimizer", m.optimizer},
            {"gradients", m.gradients},
            {"activations", m.activations},
            {"workspace", m.workspace},
            {"buffers", m.buffers},
            {"inputs_outputs", m.inputs_outputs},
            {"constants", m.constants},
            {"unused", m.unused},
            {"library", m.library}}}};
}

// Everything behind one run of the command.
class TrainRun {
 public:
  explicit TrainRun(const TrainFlags& flags) : flags_(flags) {}

  Status Run() {
    WEFT_RETURN_IF_ERROR(flags_.resume.empty() ? Begin() : Resume());
    WEFT_ASSIGN_OR_RETURN(const TransformerConfig model, ModelOf(settings_, vocab_size_));
    WEFT_ASSIGN_OR_RETURN(TrainJob job, MakeJob(model));
    WEFT_ASSIGN_OR_RETURN(const std::unique_ptr<Trainer> trainer, Trainer::Create(std::move(job)));
    WEFT_RETURN_IF_ERROR(CheckMemory(trainer->plan()));
    if (flags_.dry_run) {
      if (flags_.json)
        fmt::print("{}\n", DumpJson(PlanJson(trainer->plan()), 2));
      else
        PrintPlan(trainer->plan(), settings_);
      return OkStatus();
    }
    fmt::print(stderr, "{} parameters, planned peak {}, {} training tokens, run directory {}\n",
               FormatCount(trainer->plan().parameters), FormatBytes(trainer->plan().memory.Total()),
               FormatCount(train_tokens_), directory_);
    if (!flags_.profile.empty()) trainer->ProfileTo(flags_.profile);
    WEFT_RETURN_IF_ERROR(trainer->Run(!flags_.resume.empty(), {}));
    Report(trainer->last());
    return OkStatus();
  }

 private:
  Status Begin() {
    WEFT_ASSIGN_OR_RETURN(settings_, flags_.settings.Resolve());
    if (flags_.dry_run && flags_.text.empty() && flags_.data.empty()) {
      vocab_size_ = settings_.vocab_size > 0         ? settings_.vocab_size
                    : settings_.tokenizer == "bytes" ? 257
                                                     : 2048;
      return OkStatus();
    }
    if (flags_.text.empty() == flags_.data.empty()) {
      return InvalidArgument("give either --text FILE... or --data DIRECTORY");
    }
    directory_ = flags_.out;
    if (!flags_.dry_run && Exists(JoinPath(directory_, "run.json"))) {
      return FailedPrecondition("{}: a run is there already: go on with --resume {}, or choose another --out",
                                directory_, directory_);
    }
    data_ = flags_.data;
    if (data_.empty()) {
      if (flags_.dry_run)
        return InvalidArgument("--dry-run takes --data or no data at all: preparing text writes files");
      data_ = JoinPath(directory_, "data");
      WEFT_RETURN_IF_ERROR(Prepare());
    }
    WEFT_RETURN_IF_ERROR(OpenData());
    if (flags_.dry_run) return OkStatus();
    WEFT_RETURN_IF_ERROR(CreateDirectories(directory_));
    Json run = {{"weft", "0.1.0"}, {"settings", ToJson(settings_)}, {"data", data_}};
    run["data_is_inside"] = flags_.data.empty();
    return WriteJsonFile(JoinPath(directory_, "run.json"), run);
  }

  Status Prepare() {
    WEFT_RETURN_IF_ERROR(CreateDirectories(directory_));
    if (Exists(data_)) return OkStatus();  // a run that was killed before run.json was written
    PrepareOptions options;
    options.tokenizer = settings_.tokenizer;
    if (settings_.vocab_size > 0) options.vocab_size = settings_.vocab_size;
    options.val_fraction = settings_.val_fraction;
    options.threads = settings_.threads > 0 ? static_cast<int>(settings_.threads) : AvailableProcessors();
    return PrepareText(flags_.text, data_, options).status();
  }

  Status Resume() {
    directory_ = flags_.resume;
    const std::string path = JoinPath(directory_, "run.json");
    WEFT_ASSIGN_OR_RETURN(const Json run, ReadJsonFile(path));
    WEFT_ASSIGN_OR_RETURN(const Json* settings, GetObject(run, "settings", path));
    WEFT_RETURN_IF_ERROR(FromJson(*settings, path, &settings_));
    const TrainSettings before = settings_;
    WEFT_RETURN_IF_ERROR(flags_.settings.Apply(&settings_));
    const std::vector<std::string> differences = MathematicalDifferences(before, settings_);
    if (!differences.empty()) {
      return InvalidArgument("{}: these settings belong to the run and cannot change on resume: {}",
                             directory_, fmt::join(differences, "; "));
    }
    WEFT_ASSIGN_OR_RETURN(data_, GetString(run, "data", path));
    WEFT_ASSIGN_OR_RETURN(const bool inside, GetBool(run, "data_is_inside", path));
    if (inside) data_ = JoinPath(directory_, "data");  // the run may have been moved
    return OpenData();
  }

  Status OpenData() {
    WEFT_ASSIGN_OR_RETURN(info_, ReadDataInfo(data_));
    vocab_size_ = info_.vocab_size;
    return OkStatus();
  }

  StatusOr<TrainJob> MakeJob(const TransformerConfig& model) {
    TrainJob job;
    job.settings = settings_;
    job.directory = directory_;
    WEFT_ASSIGN_OR_RETURN(job.training_model, BuildTransformer(model, true));
    WEFT_ASSIGN_OR_RETURN(job.evaluation_model, BuildTransformer(model, false));
    job.config_json = DumpJson(ToJson(model));
    if (data_.empty()) return job;
    WEFT_ASSIGN_OR_RETURN(job.tokenizer_json, ReadFile(JoinPath(data_, "tokenizer.json")));
    WEFT_ASSIGN_OR_RETURN(TokenDataset train, TokenDataset::OpenSplit(data_, "train"));
    WEFT_ASSIGN_OR_RETURN(TokenDataset val, TokenDataset::OpenSplit(data_, "val"));
    train_tokens_ = train.size();
    job.train = std::move(train);
    job.val = std::move(val);
    job.val_bytes = static_cast<double>(info_.val.bytes);
    job.floor_bits = info_.FloorBitsPerByte();
    return job;
  }

  Status CheckMemory(const TrainPlan& plan) const {
    WEFT_ASSIGN_OR_RETURN(const int64_t limit, ParseMemory(settings_.memory_limit));
    if (limit == 0 || plan.memory.Total() <= limit) return OkStatus();
    const int64_t fixed = plan.memory.parameters + plan.memory.optimizer + plan.memory.gradients +
                          plan.memory.buffers + plan.memory.constants + plan.memory.library;
    const int64_t rest = plan.memory.Total() - fixed;
    std::string advice = "no batch fits: make the model smaller";
    if (limit > fixed && settings_.batch_size > 1) {
      const int64_t batch = settings_.batch_size * (limit - fixed) / std::max<int64_t>(rest, 1);
      if (batch >= 1)
        advice =
            fmt::format("about --batch-size {} would fit (--grad-accumulation keeps the step's size)", batch);
    }
    return ResourceExhausted("the planned peak is {}, above --memory-limit {}: {}",
                             FormatBytes(plan.memory.Total()), settings_.memory_limit, advice);
  }

  void Report(const StepMetrics& last) const {
    if (InterruptRequested()) {
      fmt::print(stderr, "Stopped after step {}; go on with: weft train --resume {}\n", last.step,
                 directory_);
      return;
    }
    if (last.val_loss) fmt::print("held-out loss   {:.4f} nats a token\n", *last.val_loss);
    if (last.val_bits_per_byte) fmt::print("held-out text   {:.4f} bits per byte\n", *last.val_bits_per_byte);
    if (const auto floor = info_.FloorBitsPerByte(); floor && last.val_bits_per_byte) {
      fmt::print("its floor       {:.4f} bits per byte ({:+.1f} %)\n", *floor,
                 100 * (*last.val_bits_per_byte / *floor - 1));
    }
    fmt::print("model           {}/checkpoints/latest\n", directory_);
  }

  const TrainFlags& flags_;
  TrainSettings settings_;
  std::string directory_, data_;
  DataInfo info_;
  int64_t vocab_size_ = 0;
  int64_t train_tokens_ = 0;
};

}  // namespace

void RegisterTrainCommand(CLI::App& app, Status* result) {
  CLI::App* command = app.add_subcommand("train", "Train a language model from text");
  auto flags = std::make_shared<TrainFlags>();
  command->add_option("--text", flags->text, "text files; tokenizer and token shards are made from them")
      ->group("Data");
  command->add_option("--data", flags->data, "a directory that `weft data prepare` made")->group("Data");
  command->add_option("--out", flags->out, "run directory")->default_val("run")->group("Run");
  command->add_option("--resume", flags->resume, "go on with this run; nothing else is needed")->group("Run");
  command->add_option("--profile", flags->profile, "write a Chrome trace JSON here")->group("Run");
  command->add_flag("--dry-run", flags->dry_run, "print parameters, FLOPs and planned memory, and stop")
      ->group("Run");
  command->add_flag("--json", flags->json, "--dry-run as JSON")->group("Run");
  flags->settings.AddTo(command);
  command->callback([flags, result] { *result = TrainRun(*flags).Run(); });
}

}  // namespace weft
