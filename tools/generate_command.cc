// weft generate: text from a model and prompts. Text on stdout, rates on stderr.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/file.h"
#include "base/json.h"
#include "base/quote.h"
#include "base/threads.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/generate/generator.h"
#include "tools/commands.h"
#include "tools/load_model.h"
#include "tools/no_fuse_flag.h"
#include "tools/precision_flags.h"
#include "tools/profile_flag.h"
#include "tools/standard_streams.h"

namespace weft {
namespace {

constexpr int64_t kMostAtOnce = 32;
constexpr int64_t kPromptLimit = int64_t{1} << 26;  // bytes

struct Flags {
  std::string model, no_fuse;
  std::vector<std::string> prompts, prompt_files;
  SamplingSettings sampling;
  bool greedy = false, ignore_end = false, no_echo = false, no_cache = false, logprobs = false, json = false;
  int64_t max_tokens = 256, num_samples = 1, batch_size = kMostAtOnce;
  std::vector<std::string> stops;
  PrecisionFlags precision;
  ProfileFlag profile;
  int threads = 0;
};

struct Prompt {
  std::string text;
  int64_t sample;  // which of --num-samples
};

void Out(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }
Status FlushOut() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return OkStatus();
  return ResourceExhausted("cannot write to standard output");
}

StatusOr<std::vector<Prompt>> Prompts(const Flags& flags) {
  std::vector<std::string> texts = flags.prompts;
  for (const std::string& file : flags.prompt_files) {
    WEFT_ASSIGN_OR_RETURN(std::string text, ReadFile(file == "-" ? "/dev/stdin" : file, kPromptLimit));
    texts.push_back(std::move(text));
  }
  if (texts.empty()) texts.emplace_back();
  std::vector<Prompt> prompts;
  for (const std::string& text : texts) {
    for (int64_t i = 0; i < flags.num_samples; ++i) prompts.push_back({text, i});
  }
  return prompts;
}

Status CheckFlags(const Flags& flags) {
  if (flags.max_tokens < 0)
    return InvalidArgument("--max-tokens is {}, expected 0 (no limit) or more", flags.max_tokens);
  if (flags.num_samples < 1)
    return InvalidArgument("--num-samples is {}, expected 1 or more", flags.num_samples);
  if (flags.batch_size < 1)
    return InvalidArgument("--batch-size is {}, expected 1 or more", flags.batch_size);
  return Check(flags.sampling);
}

class Command {
 public:
  Command(const Flags& flags, const LoadedModel& model, std::vector<Prompt> prompts)
      : flags_(flags), tokenizer_(model.directory.tokenizer), prompts_(std::move(prompts)) {}

  Status Run(Engine& engine);

 private:
  StatusOr<std::vector<GenerateRequest>> Requests(int64_t context) const;
  void Show(size_t request, std::string_view piece) const;
  void Finish(size_t request, const Generation& g);
  void PrintText(size_t request, const Generation& g) const;
  void PrintLogprobs(const Generation& g) const;
  Json ToJson(size_t request, const Generation& g) const;
  void PrintSummary(const GenerateSummary& s, const std::vector<Generation>& results) const;
  bool streams() const { return !flags_.json && prompts_.size() == 1; }

  const Flags& flags_;
  const Tokenizer& tokenizer_;
  std::vector<Prompt> prompts_;
  std::vector<GenerateRequest> requests_;
  std::vector<std::optional<Generation>> done_;
  size_t printed_ = 0;
};

StatusOr<std::vector<GenerateRequest>> Command::Requests(int64_t context) const {
  std::vector<GenerateRequest> requests;
  for (size_t i = 0; i < prompts_.size(); ++i) {
    StatusOr<std::vector<int64_t>> tokens = EncodePrompt(tokenizer_, prompts_[i].text, context);
    if (!tokens.ok()) {
      return prompts_.size() == 1 ? tokens.status()
                                  : Prefix(fmt::format("prompt {}", i + 1), tokens.status());
    }
    requests.push_back({*std::move(tokens), flags_.sampling});
    requests.back().sampling.seed += prompts_[i].sample;
    if (flags_.greedy) requests.back().sampling.temperature = 0;
  }
  return requests;
}

void Command::Show(size_t, std::string_view piece) const {
  if (!streams()) return;
  Out(piece);
  std::fflush(stdout);
}

// Each text when it and all before it are done.
void Command::Finish(size_t request, const Generation& g) {
  done_[request] = g;
  for (; printed_ < done_.size() && done_[printed_]; ++printed_) {
    if (flags_.json) {
      Out(DumpJson(ToJson(printed_, *done_[printed_])) + "\n");
    } else {
      PrintText(printed_, *done_[printed_]);
    }
    std::fflush(stdout);
  }
}

void Command::PrintLogprobs(const Generation& g) const {
  for (const GeneratedToken& t : g.tokens) {
    Out(fmt::format("{:>9.4f}  {:>7}  {}\n", t.logprob, t.id,
                    Quote(tokenizer_.TokenBytes(static_cast<uint32_t>(t.id)))));
  }
}

void Command::PrintText(size_t request, const Generation& g) const {
  if (!streams()) {
    Out(fmt::format("{}--- {} of {}\n", request == 0 ? "" : "\n", request + 1, prompts_.size()));
    Out((flags_.no_echo ? "" : prompts_[request].text) + g.text);
  }
  if (!g.text.ends_with('\n')) Out("\n");
  if (flags_.logprobs) PrintLogprobs(g);
}

Json Command::ToJson(size_t request, const Generation& g) const {
  Json json = {{"index", request},
               {"prompt", prompts_[request].text},
               {"text", g.text},
               {"stop_reason", Name(g.reason)}};
  json["seed"] = requests_[request].sampling.seed;
  json["prompt_tokens"] = requests_[request].prompt.size();
  json["ids"] = Json::array();
  for (const GeneratedToken& t : g.tokens) json["ids"].push_back(t.id);
  json["first_token_seconds"] = g.first_token_seconds;
  if (!flags_.logprobs) return json;
  json["logprobs"] = Json::array();
  for (const GeneratedToken& t : g.tokens) json["logprobs"].push_back(t.logprob);
  return json;
}

void Command::PrintSummary(const GenerateSummary& s, const std::vector<Generation>& results) const {
  std::string ends;
  for (const StopReason reason : {StopReason::kEndToken, StopReason::kMaxTokens, StopReason::kStopString,
                                  StopReason::kContext, StopReason::kInterrupted}) {
    const auto n = std::count_if(results.begin(), results.end(),
                                 [&](const Generation& g) { return g.reason == reason; });
    if (n == 0) continue;
    ends += ends.empty() ? "" : ", ";
    ends += Name(reason);
    if (results.size() > 1) ends += fmt::format(" ({})", n);
  }
  const double rate = s.decode_seconds > 0 ? static_cast<double>(s.decoded_tokens) / s.decode_seconds : 0;
  Say(fmt::format("{} prompt tokens, {} new | first token {:.1f} ms | {:.1f} tok/s | ended by {}\n",
                  s.prompt_tokens, s.new_tokens, s.first_token_seconds * 1e3, rate, ends));
}

Status Command::Run(Engine& engine) {
  WEFT_ASSIGN_OR_RETURN(requests_, Requests(engine.options().context));
  GenerateOptions options;
  options.max_tokens = flags_.max_tokens;
  if (const std::optional<uint32_t> eos = tokenizer_.eos_id(); eos && !flags_.ignore_end)
    options.end_token = *eos;
  options.stops = flags_.stops;
  options.on_text = [this](size_t request, std::string_view piece) { Show(request, piece); };
  options.on_done = [this](size_t request, const Generation& g) { Finish(request, g); };
  done_.resize(requests_.size());
  if (streams() && !flags_.no_echo) Show(0, prompts_[0].text);
  GenerateSummary summary;
  WEFT_ASSIGN_OR_RETURN(const std::vector<Generation> results,
                        Generate(engine, tokenizer_, requests_, options, &summary));
  WEFT_RETURN_IF_ERROR(FlushOut());
  PrintSummary(summary, results);
  return OkStatus();
}

Status RunGenerate(Flags& flags) {
  WEFT_RETURN_IF_ERROR(UsageError(CheckFlags(flags)));
  EngineOptions options;
  WEFT_ASSIGN_OR_RETURN(options.fuse, FusionsWithout(flags.no_fuse));
  WEFT_ASSIGN_OR_RETURN(std::vector<Prompt> prompts, Prompts(flags));
  WEFT_ASSIGN_OR_RETURN(LoadedModel model, LoadModel(flags.model));
  const CpuTarget target({flags.threads, false});
  options.context = model.directory.config.context_length;
  options.max_sequences = std::min<int64_t>(flags.batch_size, std::ssize(prompts));
  options.use_cache = !flags.no_cache;
  WEFT_ASSIGN_OR_RETURN(options.bf16, ToMixedPrecision(flags.precision));
  options.profile = flags.profile.Begin();
  options.penalties = flags.sampling.repetition_penalty != 1;
  WEFT_ASSIGN_OR_RETURN(const std::unique_ptr<Engine> engine,
                        Engine::Create(std::move(model.graph), model.session.get(), &target, options));
  WEFT_RETURN_IF_ERROR(Command(flags, model, std::move(prompts)).Run(*engine));
  return flags.profile.Finish();
}

void AddSamplingOptions(CLI::App* command, Flags* flags) {
  SamplingSettings& s = flags->sampling;
  command->add_option("--temperature", s.temperature, "0: always the best token")->group("Sampling");
  command->add_flag("--greedy", flags->greedy, "the same as --temperature 0")->group("Sampling");
  command->add_option("--top-k", s.top_k, "draw from the k best tokens; 0: off")->group("Sampling");
  command->add_option("--top-p", s.top_p, "draw from the best that together have this probability; 1: off")
      ->group("Sampling");
  command->add_option("--min-p", s.min_p, "draw from those with this share of the best's probability; 0: off")
      ->group("Sampling");
  command
      ->add_option("--repetition-penalty", s.repetition_penalty, "on tokens that are there already; 1: off")
      ->group("Sampling");
  command->add_option("--seed", s.seed, "the same seed, prompt and settings give the same text")
      ->group("Sampling");
}

}  // namespace

void RegisterGenerateCommand(CLI::App& app, Status* result) {
  auto flags = std::make_shared<Flags>();
  flags->threads = AvailableProcessors();
  CLI::App* command = app.add_subcommand("generate", "Write text with a model");
  command->option_defaults()->always_capture_default();
  command
      ->add_option("--model", flags->model, "a model directory, or a run directory (its latest checkpoint)")
      ->required();
  command->add_option("--prompt", flags->prompts, "what the text begins with (may be repeated)")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--prompt-file", flags->prompt_files, "a file that is a prompt; '-': standard input")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--num-samples", flags->num_samples, "texts for each prompt, with seeds S, S+1, ...");
  command->add_option("--max-tokens", flags->max_tokens, "new tokens at most; 0: until the context is full");
  command->add_option("--stop", flags->stops, "end before this text (may be repeated)")
      ->take_all()
      ->allow_extra_args(false);
  command->add_flag("--ignore-end-token", flags->ignore_end, "go on when the model ends its text");
  AddSamplingOptions(command, flags.get());
  command->add_flag("--no-echo", flags->no_echo, "do not print the prompt before its text");
  command->add_flag("--logprobs", flags->logprobs, "print each token with its log-probability in nats");
  command->add_flag("--json", flags->json, "one JSON object a line for each text");
  command->add_flag("--no-cache", flags->no_cache, "compute every token's keys and values anew each time");
  AddPrecisionOptions(command, &flags->precision);
  command->add_option("--batch-size", flags->batch_size, "texts written at once, at most");
  command->add_option("--threads", flags->threads, "threads")->check(CLI::PositiveNumber);
  AddNoFuseFlag(command, &flags->no_fuse);
  flags->profile.AddTo(command);
  command->callback([flags, result] { *result = RunGenerate(*flags); });
}

}  // namespace weft
