// weft data stories|prepare|inspect: data on stdout, progress on stderr where that is a terminal.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <numbers>

#include "base/file.h"
#include "base/human.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/quote.h"
#include "base/threads.h"
#include "frontends/data/inspect.h"
#include "frontends/data/kneser_ney.h"
#include "frontends/data/ngram_loss.h"
#include "frontends/data/stories.h"
#include "frontends/tokenizer/tokenizer.h"
#include "tools/commands.h"
#include "tools/prepare_text.h"
#include "tools/standard_streams.h"

namespace weft {
namespace {

Status Print(std::string_view text) {
  WEFT_RETURN_IF_ERROR(WriteOut(text));
  return FlushStandardOutput();
}

// ---- stories

struct StoriesFlags {
  StoryFileOptions options;
  bool json = false;
};

Status RunStories(const StoriesFlags& flags) {
  const StoryFileOptions& options = flags.options;
  if (options.path.empty()) {
    if (flags.json) return UsageError(InvalidArgument("--json describes a file of stories: give --output"));
    WEFT_RETURN_IF_ERROR(StreamStories(options.seed, options.count, options.threads, WriteOut).status());
    return FlushStandardOutput();
  }
  StatusOr<StoryTotals> totals;
  {
    Progress line({.label = "stories", .total = options.count, .unit = "stories"});
    totals = WriteStories(options, [&](int64_t done) { line.Update(done); });
  }
  if (!totals.ok()) return totals.status();
  if (flags.json) return Print(*ReadFile(StoryDescriptionPath(options.path)));
  return Print(fmt::format("{}: {} stories, {}, {:.4f} bits per byte\n", options.path, totals->stories,
                           HumanBytes(static_cast<double>(totals->bytes)), totals->BitsPerByte()));
}

void AddStories(CLI::App* parent, Status* result) {
  auto flags = std::make_shared<StoriesFlags>();
  StoryFileOptions& options = flags->options;
  options.threads = AvailableProcessors();
  options.count = 10;
  CLI::App* command = parent->add_subcommand(
      "stories", "Write children's stories from a grammar, whose entropy is known exactly");
  command->option_defaults()->always_capture_default();
  command->add_option("--count", options.count, "stories to write");
  command->add_option("--seed", options.seed, "the same seed gives the same stories");
  command->add_option("--output", options.path,
                      "the file to write, its description beside it (stories.txt, stories.json); without it "
                      "stories go to standard output");
  command->add_flag("--json", flags->json, "print the description as JSON");
  command->add_option("--threads", options.threads, "threads")->check(CLI::PositiveNumber);
  command->callback([flags, result] { *result = RunStories(*flags); });
}

// ---- prepare

struct PrepareFlags {
  std::vector<std::string> files;
  std::string output = "data";
  PrepareOptions options;
  bool json = false;
};

std::string Describe(const DataInfo& info) {
  std::string text =
      fmt::format("vocabulary    {}\ntrain         {} tokens, {}\nheld out      {} tokens, {}\n",
                  info.vocab_size, info.train.tokens, HumanBytes(static_cast<double>(info.train.bytes)),
                  info.val.tokens, HumanBytes(static_cast<double>(info.val.bytes)));
  if (const std::optional<double> floor = info.FloorBitsPerByte()) {
    text += fmt::format("its floor     {:.4f} bits per byte\n", *floor);
  }
  return text;
}

Status RunPrepare(const PrepareFlags& flags) {
  WEFT_ASSIGN_OR_RETURN(const DataInfo info, PrepareText(flags.files, flags.output, flags.options));
  if (flags.json) return Print(*ReadFile(JoinPath(flags.output, "data.json")));
  return Print(fmt::format("{}\n{}", flags.output, Describe(info)));
}

void AddPrepare(CLI::App* parent, Status* result) {
  auto flags = std::make_shared<PrepareFlags>();
  PrepareOptions& options = flags->options;
  options.threads = AvailableProcessors();
  CLI::App* command = parent->add_subcommand("prepare", "Turn text into token shards, a part of it held out");
  command->option_defaults()->always_capture_default();
  command->add_option("--input", flags->files, "text files; '<|endoftext|>' separates documents")->required();
  command->add_option("--output", flags->output, "the directory to make");
  command->add_option("--tokenizer", options.tokenizer,
                      "'bpe' (trained on the text), 'bytes', a tokenizer.json or a model directory");
  command->add_option("--vocab-size", options.vocab_size, "tokens of a tokenizer that is trained")
      ->check(CLI::PositiveNumber);
  command->add_option("--pattern", options.pattern, "its pattern: gpt2, gpt4 or a regular expression");
  command
      ->add_option("--val-fraction", options.val_fraction, "part of the text, at its end, that is held out")
      ->check(CLI::Range(0.0, 0.99));
  command->add_flag("--json", flags->json, "print data.json");
  command->add_option("--threads", options.threads, "threads")->check(CLI::PositiveNumber);
  command->callback([flags, result] { *result = RunPrepare(*flags); });
}

// ---- inspect

struct InspectFlags {
  std::string path;
  std::string tokenizer;  // empty: the directory's own
  InspectOptions options;
  int kneser_ney = 0;  // order; 0: none
  int threads = 1;
  bool json = false;
};

// A document's shown tokens as text, "..." where there are more.
std::string Shown(const std::optional<Tokenizer>& tokenizer, const DocumentReport& document) {
  if (!tokenizer.has_value()) return "";
  const StatusOr<std::string> text = tokenizer->Decode(document.ids);
  if (!text.ok()) return fmt::format("(cannot be decoded: {})", Message(text.status()));
  return *text + (static_cast<int64_t>(document.ids.size()) < document.tokens ? "..." : "");
}

double NgramBitsPerByte(const InspectReport& report, const NgramLoss& ngrams) {
  return ngrams.nats / std::numbers::ln2 / static_cast<double>(report.info->val.bytes);
}

Json ToJson(const InspectReport& report, const std::optional<Tokenizer>& tokenizer,
            const std::optional<NgramLoss>& ngrams) {
  Json json = {{"splits", Json::object()}};
  for (const SplitReport& split : report.splits) {
    Json out = {{"tokens", split.tokens},
                {"distinct_ids", split.distinct_ids},
                {"shards", Json::array()},
                {"documents", Json::array()}};
    for (const ShardReport& shard : split.shards) {
      out["shards"].push_back({{"path", shard.path},
                               {"tokens", shard.tokens},
                               {"bytes_per_token", shard.width},
                               {"vocab_size", shard.vocabulary_size},
                               {"largest_id", shard.largest_id}});
    }
    for (const DocumentReport& document : split.documents) {
      out["documents"].push_back({{"begin", document.begin},
                                  {"tokens", document.tokens},
                                  {"ids", document.ids},
                                  {"text", Shown(tokenizer, document)}});
    }
    json["splits"][split.name] = std::move(out);
  }
  if (report.info.has_value()) {
    json["vocab_size"] = report.info->vocab_size;
    if (const auto floor = report.info->FloorBitsPerByte()) json["floor_bits_per_byte"] = *floor;
  }
  if (ngrams.has_value()) {
    json["kneser_ney"] = {{"order", ngrams->order},
                          {"nats_per_token", ngrams->Mean()},
                          {"bits_per_byte", NgramBitsPerByte(report, *ngrams)}};
  }
  return json;
}

std::string ToText(const InspectReport& report, const std::optional<Tokenizer>& tokenizer,
                   const std::optional<NgramLoss>& ngrams) {
  std::string text;
  if (report.info.has_value()) text += Describe(*report.info);
  if (ngrams.has_value()) {
    text += fmt::format("Kneser-Ney    {:.4f} bits per byte held out, order {} ({:.4f} nats a token)\n",
                        NgramBitsPerByte(report, *ngrams), ngrams->order, ngrams->Mean());
  }
  for (const SplitReport& split : report.splits) {
    text += fmt::format("\n{}: {} tokens, {} different\n", split.name, split.tokens, split.distinct_ids);
    for (const ShardReport& shard : split.shards) {
      text += fmt::format("  {}: {} tokens of {} bytes, ids up to {}, vocabulary {}\n", shard.path,
                          shard.tokens, shard.width, shard.largest_id,
                          shard.vocabulary_size == 0 ? "not said" : std::to_string(shard.vocabulary_size));
    }
    for (const DocumentReport& document : split.documents) {
      text += fmt::format("  document at token {}, {} tokens\n    {}\n", document.begin, document.tokens,
                          fmt::join(document.ids, " "));
      if (tokenizer.has_value()) text += fmt::format("    {}\n", Quote(Shown(tokenizer, document), 1 << 20));
    }
  }
  return text;
}

Status RunInspect(InspectFlags flags) {
  std::optional<Tokenizer> tokenizer;
  const std::string own = JoinPath(flags.path, "tokenizer.json");
  if (!flags.tokenizer.empty() || Exists(own)) {
    WEFT_ASSIGN_OR_RETURN(tokenizer, Tokenizer::Load(flags.tokenizer.empty() ? own : flags.tokenizer));
    flags.options.separator = tokenizer->SpecialTokenId(kDocumentSeparator);
  }
  WEFT_ASSIGN_OR_RETURN(const InspectReport report, InspectData(flags.path, flags.options));
  std::optional<NgramLoss> ngrams;
  if (flags.kneser_ney > 0) {
    if (!report.info) return InvalidArgument("--kneser-ney needs a directory made by 'weft data prepare'");
    WEFT_ASSIGN_OR_RETURN(ngrams, MeasureNgramLoss(flags.path, flags.kneser_ney, flags.threads));
  }
  return Print(flags.json ? DumpJson(ToJson(report, tokenizer, ngrams), 2) + "\n"
                          : ToText(report, tokenizer, ngrams));
}

void AddInspect(CLI::App* parent, Status* result) {
  auto flags = std::make_shared<InspectFlags>();
  flags->threads = AvailableProcessors();
  CLI::App* command = parent->add_subcommand("inspect", "Check token shards and show them decoded");
  command->option_defaults()->always_capture_default();
  command->add_option("PATH", flags->path, "a directory of prepared data, or one shard")->required();
  command->add_option("--tokenizer", flags->tokenizer,
                      "tokenizer.json, model directory or 'bytes' (default: the directory's own)");
  command->add_option("--documents", flags->options.documents, "documents shown of each split")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--max-tokens", flags->options.max_tokens, "tokens shown of each document")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option(
          "--kneser-ney", flags->kneser_ney,
          "also measure an interpolated Kneser-Ney model of this order, trained on the training split, "
          "on the held-out split (0: none)")
      ->check(CLI::Range(0, kMaxNgramOrder));
  command->add_flag("--json", flags->json, "print JSON");
  command->add_option("--threads", flags->threads, "threads")->check(CLI::PositiveNumber);
  command->callback([flags, result] { *result = RunInspect(*flags); });
}

}  // namespace

void RegisterDataCommand(CLI::App& app, Status* result) {
  CLI::App* command = app.add_subcommand("data", "Make stories, prepare text for training, look into shards");
  command->require_subcommand(1);
  AddStories(command, result);
  AddPrepare(command, result);
  AddInspect(command, result);
}

}  // namespace weft
