// weft train: text in, a trained model out.
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/human.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/threads.h"
#include "base/version.h"
#include "frontends/data/prepare.h"
#include "frontends/models/transformer.h"
#include "frontends/tokenizer/tokenizer.h"
#include "runtime/train/machine.h"
#include "runtime/train/run_lock.h"
#include "runtime/train/trainer.h"
#include "tools/commands.h"
#include "tools/load_model.h"
#include "tools/precision_flags.h"
#include "tools/prepare_text.h"
#include "tools/standard_streams.h"
#include "tools/train_plan.h"
#include "tools/train_report.h"
#include "tools/train_settings.h"

namespace weft {
namespace {

// Everything behind one run of the command.
class TrainRun {
  using Clock = std::chrono::steady_clock;

 public:
  explicit TrainRun(const TrainFlags& flags) : flags_(flags) {}

  Status Run() {
    if (!flags_.report.empty()) return RebuildReport();
    if (flags_.dry_run) return DryRun();
    WEFT_RETURN_IF_ERROR(flags_.resume.empty() ? Begin() : Resume());
    const StatusOr<std::unique_ptr<Trainer>> trainer = Prepared();
    if (!trainer.ok()) {
      if (begun_ && !InterruptRequested()) Undo();
      return AfterInterrupt(trainer.status());
    }
    const TrainPlan& plan = (*trainer)->plan();
    Say(fmt::format("{} parameters, planned peak {}, {} training tokens, run directory {}\n",
                    GroupedDigits(plan.parameters), HumanBytes(static_cast<double>(plan.memory.Total())),
                    GroupedDigits(train_tokens_), directory_));
    if (!flags_.profile.empty()) (*trainer)->ProfileTo(flags_.profile);
    trainer_ = trainer->get();
    const Status status = (*trainer)->Run(!flags_.resume.empty(), TakeInitial());
    if (!status.ok() && begun_ && (*trainer)->state().step == 0) Undo();
    // Also where a loss was not finite; and with the profile, which is whole now.
    if ((*trainer)->state().step > 0) RefreshReport();
    WEFT_RETURN_IF_ERROR(status);
    Report(**trainer);
    return OkStatus();
  }

 private:
  // ---- what is to be done

  Status DryRun() {
    if (!flags_.resume.empty()) {
      WEFT_RETURN_IF_ERROR(ReadRun(flags_.resume));
    } else {
      WEFT_RETURN_IF_ERROR(Resolve());
      data_ = flags_.data;
    }
    const bool prepared = !data_.empty() && Exists(data_);
    if (!data_.empty() && (prepared || flags_.resume.empty())) WEFT_RETURN_IF_ERROR(OpenData());
    WEFT_ASSIGN_OR_RETURN(const std::unique_ptr<Trainer> trainer, MakeTrainer(prepared));
    if (flags_.json) {
      fmt::print("{}\n", DumpJson(PlanJson(trainer->plan()), 2));
    } else {
      PrintPlan(trainer->plan(), settings_);
    }
    return settings_.memory_limit.empty() ? OkStatus() : CheckMemoryLimit(trainer->plan(), settings_);
  }

  // --report: from what is in the run directory; may be called while the run goes on elsewhere.
  Status RebuildReport() {
    for (const auto& [flag, given] : {std::pair{"--resume", !flags_.resume.empty()},
                                      {"--dry-run", flags_.dry_run},
                                      {"--text", !flags_.text.empty()},
                                      {"--data", !flags_.data.empty()}}) {
      if (given) return UsageError(InvalidArgument("{} does not go with --report", flag));
    }
    WEFT_RETURN_IF_ERROR(ReadRun(flags_.report));
    if (Exists(data_)) WEFT_RETURN_IF_ERROR(OpenData());
    WEFT_ASSIGN_OR_RETURN(const std::unique_ptr<Trainer> trainer, MakeTrainer(/*with_data=*/false));
    std::optional<Trace> trace;
    if (!flags_.profile.empty()) {
      WEFT_ASSIGN_OR_RETURN(trace, Trace::Read(flags_.profile));
    }
    WEFT_ASSIGN_OR_RETURN(const Json report,
                          TrainReportJson(directory_, settings_, *trainer, trace ? &*trace : nullptr));
    WEFT_RETURN_IF_ERROR(WriteTrainReport(directory_, report));
    if (flags_.json) return WriteOut(DumpJson(report) + "\n");
    Say(JoinPath(directory_, "report.html") + "\n");
    return OkStatus();
  }

  // Settings, and the vocabulary that is to be expected.
  Status Resolve() {
    if (!flags_.init_from.empty()) {
      WEFT_ASSIGN_OR_RETURN(initial_, LoadModel(flags_.init_from));
      WEFT_RETURN_IF_ERROR(CheckNotQuantized(*initial_, "weft train"));
    }
    WEFT_ASSIGN_OR_RETURN(settings_,
                          ResolveSettings(flags_, initial_ ? &initial_->directory.config : nullptr));
    WEFT_ASSIGN_OR_RETURN(const bool says_tokenizer, SaysTokenizer(flags_));
    // A model goes on with the tokenizer it has learnt.
    if (initial_ && !says_tokenizer) settings_.tokenizer = Absolute(initial_->directory.path);
    return ExpectVocabulary();
  }

  Status ExpectVocabulary() {
    if (settings_.tokenizer == "bpe") {
      vocab_size_ = settings_.vocab_size > 0 ? settings_.vocab_size : PrepareOptions().vocab_size;
      constexpr int64_t kLeast = 257;
      if (vocab_size_ >= kLeast) return OkStatus();
      return InvalidArgument("--vocab-size is {}, expected at least {}: the bytes and the document separator",
                             vocab_size_, kLeast);
    }
    WEFT_ASSIGN_OR_RETURN(const Tokenizer tokenizer, Tokenizer::Load(settings_.tokenizer));
    vocab_size_ = tokenizer.vocab_size();
    return OkStatus();
  }

  // A new run: checks what can be known before anything is written, then writes run.json.
  Status Begin() {
    if (flags_.text.empty() == flags_.data.empty()) {
      return UsageError(InvalidArgument("give either --text FILE... or --data DIRECTORY"));
    }
    WEFT_RETURN_IF_ERROR(Resolve());
    directory_ = flags_.out;
    data_ = flags_.data.empty() ? JoinPath(directory_, "data") : flags_.data;
    text_ = flags_.text;
    if (Exists(JoinPath(directory_, "run.json"))) {
      return FailedPrecondition("{}: a run is there already: go on with --resume {}, or choose another --out",
                                directory_, directory_);
    }
    if (flags_.data.empty() && Exists(data_)) {
      return FailedPrecondition("{} is there already, and is of no run: choose another --out", data_);
    }
    if (!flags_.data.empty()) WEFT_RETURN_IF_ERROR(OpenData());
    WEFT_RETURN_IF_ERROR(CheckFits());
    made_directory_ = !Exists(directory_);
    WEFT_RETURN_IF_ERROR(CreateDirectories(directory_));
    WEFT_RETURN_IF_ERROR(Lock());
    WEFT_RETURN_IF_ERROR(RemoveLeftovers(directory_));  // of a start that was killed
    const Status status = WriteJsonFile(JoinPath(directory_, "run.json"), RunJson());
    if (!status.ok() && made_directory_) RemoveIfEmpty();
    begun_ = status.ok();
    return status;
  }

  // The plan with the vocabulary expected: refused here, nothing is written.
  Status CheckFits() {
    WEFT_ASSIGN_OR_RETURN(const std::unique_ptr<Trainer> trainer, MakeTrainer(/*with_data=*/false));
    return CheckMemoryLimit(trainer->plan(), settings_);
  }

  Json RunJson() const {
    Json run = {{"weft", kVersion}, {"settings", ToJson(settings_)}};
    run["data"] = flags_.data.empty() ? "data" : Absolute(data_);
    run["data_is_inside"] = flags_.data.empty();
    run["text"] = Json::array();
    for (const std::string& path : text_) run["text"].push_back(Absolute(path));
    run["machine"] = FactsOfThisMachine(Threads());
    if (initial_) run["init_from"] = Absolute(initial_->directory.path);
    return run;
  }

  Status Resume() {
    for (const auto& [flag, given] : {std::pair{"--text", !flags_.text.empty()},
                                      {"--data", !flags_.data.empty()},
                                      {"--preset", !flags_.preset.empty()},
                                      {"--init-from", !flags_.init_from.empty()}}) {
      if (given) return UsageError(InvalidArgument("{} does not go with --resume: the run has it", flag));
    }
    WEFT_RETURN_IF_ERROR(ReadRun(flags_.resume));
    WEFT_RETURN_IF_ERROR(Lock());
    return RemoveLeftovers(directory_);
  }

  Status ReadRun(const std::string& directory) {
    directory_ = directory;
    const std::string path = JoinPath(directory_, "run.json");
    if (!Exists(path)) {
      return NotFound(
          "{} is not a run directory: it has no run.json (weft train --text FILE --out DIR makes one)",
          directory_);
    }
    WEFT_ASSIGN_OR_RETURN(const Json run, ReadJsonFile(path));
    WEFT_ASSIGN_OR_RETURN(const Json* settings, GetObject(run, "settings", path));
    TrainSettings before;
    WEFT_RETURN_IF_ERROR(FromJson(*settings, path, &before));
    WEFT_RETURN_IF_ERROR(Prefix(path, Check(before)));
    WEFT_ASSIGN_OR_RETURN(settings_, ChangedSettings(flags_, before));
    const std::vector<std::string> differences = MathematicalDifferences(before, settings_);
    if (!differences.empty()) {
      return InvalidArgument("{}: these settings belong to the run and cannot change on resume: {}",
                             directory_, fmt::join(differences, "; "));
    }
    WEFT_ASSIGN_OR_RETURN(data_, GetString(run, "data", path));
    WEFT_ASSIGN_OR_RETURN(const bool inside, GetBool(run, "data_is_inside", path));
    if (inside) data_ = JoinPath(directory_, "data");  // the run may have been moved
    if (run.contains("text")) {
      WEFT_ASSIGN_OR_RETURN(text_, GetStrings(run, "text", path));
    }
    WEFT_ASSIGN_OR_RETURN(const std::string init_from, GetStringOr(run, "init_from", "", path));
    if (!init_from.empty() && !Exists(JoinPath(directory_, "checkpoints/latest"))) {
      WEFT_ASSIGN_OR_RETURN(initial_, LoadModel(init_from));
      WEFT_RETURN_IF_ERROR(CheckNotQuantized(*initial_, "weft train"));
    }
    return ExpectVocabulary();
  }

  // ---- getting ready

  Status Lock() {
    WEFT_ASSIGN_OR_RETURN(RunLock lock, RunLock::Take(directory_));
    lock_.emplace(std::move(lock));
    return OkStatus();
  }

  // Data and trainer, ready to run.
  StatusOr<std::unique_ptr<Trainer>> Prepared() {
    // Also where a run was killed while its data was made.
    if (!text_.empty() && !Exists(data_)) WEFT_RETURN_IF_ERROR(PrepareTexts());
    WEFT_RETURN_IF_ERROR(OpenData());
    WEFT_ASSIGN_OR_RETURN(std::unique_ptr<Trainer> trainer, MakeTrainer(/*with_data=*/true));
    WEFT_RETURN_IF_ERROR(CheckMemoryLimit(trainer->plan(), settings_));
    return trainer;
  }

  Status PrepareTexts() const {
    PrepareOptions options;
    options.tokenizer = settings_.tokenizer;
    if (settings_.vocab_size > 0) options.vocab_size = settings_.vocab_size;
    options.val_fraction = settings_.val_fraction;
    options.threads = Threads();
    return PrepareText(text_, data_, options).status();
  }

  Status OpenData() {
    WEFT_ASSIGN_OR_RETURN(info_, ReadDataInfo(data_));
    vocab_size_ = info_.vocab_size;
    return OkStatus();
  }

  StatusOr<std::unique_ptr<Trainer>> MakeTrainer(bool with_data) {
    WEFT_ASSIGN_OR_RETURN(const TransformerConfig model, ModelOf(settings_, vocab_size_));
    if (initial_) {
      const auto differences = ModelDifferences(initial_->directory.config, model);
      if (!differences.empty()) {
        return InvalidArgument("--init-from {}: another model: {}", initial_->directory.path,
                               fmt::join(differences, "; "));
      }
    }
    TrainJob job;
    NoteOnBf16(settings_.precision);
    job.settings = settings_;
    job.directory = directory_;
    WEFT_ASSIGN_OR_RETURN(job.training_model, BuildTransformer(model, true));
    WEFT_ASSIGN_OR_RETURN(job.evaluation_model, BuildTransformer(model, false));
    job.config_json = DumpJson(ToJson(model));
    job.saved = [this] { RefreshReportAtCheckpoint(); };
    if (with_data) WEFT_RETURN_IF_ERROR(TakeData(&job));
    return Trainer::Create(std::move(job));
  }

  Status TakeData(TrainJob* job) {
    WEFT_ASSIGN_OR_RETURN(job->tokenizer_json, ReadFile(JoinPath(data_, "tokenizer.json")));
    for (const auto& [split, dataset] : {std::pair{"train", &job->train}, {"val", &job->val}}) {
      WEFT_ASSIGN_OR_RETURN(*dataset, TokenDataset::OpenSplit(data_, split));
      if (dataset->vocabulary_size() > vocab_size_) {
        return InvalidArgument("{}: the {} shards have a vocabulary of {}, data.json says {}", data_, split,
                               dataset->vocabulary_size(), vocab_size_);
      }
      // Larger ones would take long to read: an id that is out of range is found where it is used.
      constexpr int64_t kQuicklyRead = int64_t{1} << 28;
      if (dataset->size() > kQuicklyRead) continue;
      for (const TokenShard& shard : dataset->shards()) WEFT_RETURN_IF_ERROR(shard.Verify(vocab_size_));
    }
    train_tokens_ = job->train.size();
    job->floor_bits = info_.FloorBitsPerByte();
    job->val_bytes = static_cast<double>(info_.val.bytes);
    if (job->val.size() > 0) {
      WEFT_ASSIGN_OR_RETURN(const Tokenizer tokenizer, Tokenizer::Load(data_));
      job->val_bytes -= static_cast<double>(tokenizer.TokenBytes(job->val.token(0)).size());
    }
    return OkStatus();
  }

  InitialWeights TakeInitial() {
    InitialWeights weights;
    if (!initial_) return weights;
    weights.from = "--init-from " + initial_->directory.path;
    for (const auto& state : initial_->session->states()) {
      if (state->role == StateRole::kParameter) weights.tensors.push_back({state->name, state->tensor()});
    }
    initial_.reset();  // the tensors keep what they need
    return weights;
  }

  int Threads() const {
    return settings_.threads > 0 ? static_cast<int>(settings_.threads) : AvailableProcessors();
  }

  // ---- the end

  // report.html is there for people to look at: where it cannot be written, the run goes on.
  void RefreshReport() const {
    if (trainer_ == nullptr) return;
    const StatusOr<Json> report = TrainReportJson(directory_, settings_, *trainer_);
    const Status written = report.ok() ? WriteTrainReport(directory_, *report) : report.status();
    if (!written.ok()) Say(fmt::format("note: there is no new report: {}\n", Message(written)));
  }

  // Reading the metrics of a long run takes long: a hundredth of the time, at most.
  void RefreshReportAtCheckpoint() {
    const Clock::time_point begin = Clock::now();
    if (begin < next_report_) return;
    RefreshReport();
    const Clock::time_point end = Clock::now();
    next_report_ = end + 100 * (end - begin);
  }

  // A run that could not begin leaves nothing behind.
  void Undo() {
    for (const char* name : {"run.json", "metrics.jsonl"})
      RemoveAll(JoinPath(directory_, name)).IgnoreError();
    if (!text_.empty()) RemoveAll(data_).IgnoreError();
    if (made_directory_) RemoveIfEmpty();
  }

  void RemoveIfEmpty() const {
    std::error_code error;  // fails where something is in it: then it stays
    std::filesystem::remove(directory_, error);
  }

  Status AfterInterrupt(const Status& status) const {
    if (!InterruptRequested()) return status;
    return Cancelled("interrupted before step 1; go on with: weft train --resume {}", directory_);
  }

  void Report(const Trainer& trainer) const {
    const StepMetrics& last = trainer.last();
    const int64_t step = trainer.state().step;
    if (InterruptRequested() && step < settings_.steps) {
      Say(fmt::format("Stopped after step {}; go on with: weft train --resume {}\n", step, directory_));
      return;
    }
    if (last.step == 0) Say(fmt::format("{}: all {} steps are done\n", directory_, settings_.steps));
    if (last.val_loss) fmt::print("held-out loss   {:.4f} nats a token\n", *last.val_loss);
    if (last.val_bits_per_byte) fmt::print("held-out text   {:.4f} bits per byte\n", *last.val_bits_per_byte);
    if (const auto floor = info_.FloorBitsPerByte(); floor && last.val_bits_per_byte) {
      fmt::print("its floor       {:.4f} bits per byte ({:+.1f} %)\n", *floor,
                 100 * (*last.val_bits_per_byte / *floor - 1));
    }
    fmt::print("model           {}/checkpoints/latest\n", directory_);
    fmt::print("report          {}/report.html\n", directory_);
  }

  static std::string Absolute(const std::string& path) {
    std::error_code error;
    const std::filesystem::path absolute = std::filesystem::absolute(path, error);
    return error ? path : absolute.string();
  }

  const TrainFlags& flags_;
  TrainSettings settings_;
  std::string directory_, data_;
  std::vector<std::string> text_;  // what the data is made from; empty: it was given prepared
  std::optional<LoadedModel> initial_;
  std::optional<RunLock> lock_;
  const Trainer* trainer_ = nullptr;  // while it runs
  Clock::time_point next_report_ = {};
  bool begun_ = false, made_directory_ = false;
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
  command
      ->add_option(
          "--init-from", flags->init_from,
          "a model or run directory whose weights (not the optimizer's moments) the run begins with; "
          "its shape and tokenizer are the defaults")
      ->group("Model");
  command
      ->add_option("--report", flags->report,
                   "make report.html of this run directory again from its metrics.jsonl, and stop")
      ->group("Run");
  command
      ->add_option("--profile", flags->profile,
                   "write a Chrome trace JSON here; with --report: read time by operator from it")
      ->group("Run");
  command->add_flag("--dry-run", flags->dry_run, "print parameters, FLOPs and planned memory, and stop")
      ->group("Run");
  command->add_flag("--json", flags->json, "--dry-run or --report as JSON")->group("Run");
  AddSettingOptions(command, flags.get());
  command->footer(
      "The step line: step, loss (nats a token), learning rate, norm of the mean gradient before clipping, "
      "time,\n"
      "speed, MFU (share of the measured peak of f32 products), memory (resident bytes of the process's "
      "own,\n"
      "beyond those before the run: what the planned peak is about), time left. metrics.jsonl has the same.");
  command->callback([flags, result] { *result = TrainRun(*flags).Run(); });
}

}  // namespace weft
