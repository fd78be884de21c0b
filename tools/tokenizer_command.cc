// weft tokenizer train|encode|decode: data on stdout, progress on stderr where that is a terminal.
#include "tools/tokenizer_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/file.h"
#include "base/human.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/process_memory.h"
#include "base/progress.h"
#include "base/quote.h"
#include "base/threads.h"
#include "frontends/tokenizer/bpe_trainer.h"
#include "frontends/tokenizer/tokenizer.h"
#include "tools/commands.h"
#include "tools/standard_streams.h"

namespace weft {
namespace {

// A RunControl that draws a line for each stage and stops at Ctrl-C.
class Terminal {
 public:
  RunControl Control() {
    return {[this](std::string_view stage, int64_t done, int64_t total) { Report(stage, done, total); },
            InterruptRequested};
  }

 private:
  void Report(std::string_view stage, int64_t done, int64_t total) {
    if (stage != stage_) {
      line_.reset();
      stage_ = stage;
      const bool merging = stage == "merging";
      line_.emplace(Progress::Options{.label = stage_,
                                      .total = std::max<int64_t>(total, 0),
                                      .bytes = !merging,
                                      .unit = merging ? "merges" : ""});
    }
    line_->Update(done);
  }
  std::string stage_;
  std::optional<Progress> line_;
};

std::string InputPath(const std::string& path) { return path == "-" ? "/dev/stdin" : path; }

// Where a tokenizer comes from, for encode and decode.
struct Source {
  std::string tokenizer, vocab, merges;
  std::vector<std::string> special_tokens;

  void AddOptions(CLI::App* command) {
    auto* file = command->add_option("--tokenizer", tokenizer,
                                     "tokenizer.json, a model directory, or 'bytes' for plain bytes");
    auto* pair = command->add_option("--vocab", vocab, "vocab.json, as GPT-2 has it")->excludes(file);
    auto* other = command->add_option("--merges", merges, "merges.txt that goes with it")->needs(pair);
    pair->needs(other);
    command->add_option("--special-token", special_tokens, "a special token of --vocab (may be repeated)")
        ->needs(pair)
        ->take_all()
        ->allow_extra_args(false);
  }
  StatusOr<Tokenizer> Load() const {
    if (!vocab.empty()) return Tokenizer::LoadVocabAndMerges(vocab, merges, special_tokens);
    if (tokenizer.empty())
      return UsageError(InvalidArgument("no tokenizer: give --tokenizer, or --vocab and --merges"));
    return Tokenizer::Load(tokenizer);
  }
};

// ---- train

int64_t HalfOfMemoryMib() { return std::max<int64_t>(MachineMemory() / (2 << 20), 64); }

struct TrainFlags {
  std::vector<std::string> inputs;
  std::string output = "tokenizer.json";
  std::string tie_break = "huggingface";
  BpeTrainerOptions options;
  int64_t max_memory_mib = HalfOfMemoryMib();
};

Status RunTrain(TrainFlags flags) {
  flags.options.tie_break = flags.tie_break == "cs336" ? TieBreak::kCs336 : TieBreak::kHuggingFace;
  flags.options.max_memory = flags.max_memory_mib << 20;
  for (std::string& path : flags.inputs) path = InputPath(path);
  if (flags.options.special_tokens == std::vector<std::string>{""}) flags.options.special_tokens.clear();
  BpeTrainingReport report;
  StatusOr<Tokenizer> tokenizer;
  {
    Terminal terminal;
    tokenizer = TrainBpe(flags.inputs, flags.options, terminal.Control(), &report);
  }
  if (!tokenizer.ok()) return tokenizer.status();
  WEFT_RETURN_IF_ERROR(tokenizer->Save(flags.output));
  const double seconds = report.reading_seconds + report.merging_seconds;
  std::string text =
      fmt::format("{}: {} tokens, {} merges, from {} of text with {} distinct pre-tokens in {:.1f} s\n",
                  flags.output, tokenizer->vocab_size(), report.merges,
                  HumanBytes(static_cast<double>(report.bytes)), report.distinct_words, seconds);
  if (tokenizer->vocab_size() < flags.options.vocab_size) {
    text += fmt::format("fewer than the {} tokens asked for: no other pair occurs {} times\n",
                        flags.options.vocab_size, std::max<int64_t>(flags.options.min_frequency, 1));
  }
  WEFT_RETURN_IF_ERROR(WriteOut(text));
  return FlushStandardOutput();
}

void AddTrain(CLI::App* parent, Status* result) {
  auto flags = std::make_shared<TrainFlags>();
  BpeTrainerOptions& options = flags->options;
  options.threads = AvailableProcessors();
  CLI::App* command = parent->add_subcommand("train", "Learn a byte-level BPE vocabulary from text");
  command->option_defaults()->always_capture_default();
  command->add_option("--input", flags->inputs, "text files ('-': standard input)")
      ->required()
      ->default_str("");
  command->add_option("--vocab-size", options.vocab_size, "tokens: 256 bytes, special tokens and merges")
      ->required()
      ->default_str("");
  command->add_option("--pattern", options.pattern,
                      "what merges never cross: gpt2, gpt4 or a regular expression");
  command
      ->add_option("--special-token", options.special_tokens,
                   "cut out of the text and given an id of its own (may be repeated; '' for none)")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--min-frequency", options.min_frequency, "merge only pairs that occur as often");
  command
      ->add_option("--tie-break", flags->tie_break, "which of equally frequent pairs: huggingface or cs336")
      ->check(CLI::IsMember({"huggingface", "cs336"}));
  command->add_option("--output", flags->output, "the file to write");
  command->add_option("--max-memory", flags->max_memory_mib, "MiB that the counts of distinct words may take")
      ->check(CLI::PositiveNumber);
  command->add_option("--threads", options.threads, "threads")->check(CLI::PositiveNumber);
  command->callback([flags, result] { *result = RunTrain(*flags); });
}

// ---- encode

struct EncodeFlags {
  Source source;
  EncodeOptions options;
  bool plain = false;  // no ids around the text
  bool json = false, lines_json = false;
  std::string file;
};

// "1 2 3", or {"ids": [1, 2, 3]}, written as the ids come.
Status EncodeWhole(const Tokenizer& tokenizer, const EncodeFlags& flags) {
  WEFT_RETURN_IF_ERROR(WriteOut(flags.json ? "{\"ids\": [" : ""));
  const char* separator = "";
  std::string text;
  Terminal terminal;
  const auto write = [&](std::span<const uint32_t> ids) {
    text.clear();
    for (const uint32_t id : ids) {
      text += separator;
      text += fmt::format_int(id).c_str();
      separator = flags.json ? ", " : " ";
    }
    return WriteOut(text);
  };
  WEFT_RETURN_IF_ERROR(
      tokenizer.EncodeFiles({InputPath(flags.file)}, flags.options, write, terminal.Control()));
  WEFT_RETURN_IF_ERROR(WriteOut(flags.json ? "]}\n" : "\n"));
  return FlushStandardOutput();
}

// A text as a JSON string, or as a list of its bytes.
StatusOr<std::string> TextOf(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array())
    return InvalidArgument("expected a string or a list of bytes, found {}", value.type_name());
  std::string text;
  for (const Json& byte : value) {
    if (!byte.is_number_unsigned() || byte.get<uint64_t>() > 255) {
      return InvalidArgument("expected bytes, 0 to 255, found {}", byte.dump());
    }
    text.push_back(static_cast<char>(byte.get<uint64_t>()));
  }
  return text;
}

Status EncodeLines(const Tokenizer& tokenizer, const EncodeFlags& flags) {
  WEFT_ASSIGN_OR_RETURN(const std::string contents, ReadFile(InputPath(flags.file)));
  std::string_view rest = contents;
  for (int64_t number = 1; !rest.empty(); ++number) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::string where = fmt::format("{}, line {}", flags.file, number);
    WEFT_ASSIGN_OR_RETURN(const Json value, ParseJson(line, where));
    const StatusOr<std::string> text = TextOf(value);
    if (!text.ok()) return Prefix(where, text.status());
    WEFT_ASSIGN_OR_RETURN(const std::vector<uint32_t> ids, tokenizer.Encode(*text, flags.options));
    WEFT_RETURN_IF_ERROR(WriteOut(Json(ids).dump() + "\n"));
    WEFT_RETURN_IF_ERROR(CheckInterrupt());
  }
  return FlushStandardOutput();
}

void AddEncode(CLI::App* parent, Status* result) {
  auto flags = std::make_shared<EncodeFlags>();
  flags->options.threads = AvailableProcessors();
  CLI::App* command = parent->add_subcommand("encode", "Print the ids of a text");
  command->option_defaults()->always_capture_default();
  flags->source.AddOptions(command);
  command->add_flag("--json", flags->json, "print {\"ids\": [...]}");
  command->add_flag(
      "--lines-json", flags->lines_json,
      "each line of FILE is a text as a JSON string (or a list of bytes): print a list of ids for each");
  command->add_flag("--special-tokens-as-text", flags->options.special_tokens_as_text,
                    "do not look for special tokens in the text");
  command->add_flag("--plain", flags->plain, "without the tokens that the tokenizer puts around a text");
  command->add_option("--threads", flags->options.threads, "threads")->check(CLI::PositiveNumber);
  command->add_option("FILE", flags->file, "the text ('-': standard input)")->required();
  command->callback([flags, result] {
    flags->options.add_special_tokens = !flags->plain;
    const StatusOr<Tokenizer> tokenizer = flags->source.Load();
    if (!tokenizer.ok()) {
      *result = tokenizer.status();
    } else {
      *result = flags->lines_json ? EncodeLines(*tokenizer, *flags) : EncodeWhole(*tokenizer, *flags);
    }
  });
}

// ---- decode

struct DecodeFlags {
  Source source;
  bool skip_special_tokens = false, raw = false;
  std::string file;
};

// Every run of digits is an id: reads what encode prints, with --json or without.
StatusOr<std::vector<uint32_t>> ParseIds(std::string_view text, std::string_view where) {
  std::vector<uint32_t> ids;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c < '0' || c > '9') {
      const bool known = c == ' ' || c == ',' || c == '\n' || c == '\r' || c == '\t' || c == '[' || c == ']';
      if (!known)
        return InvalidArgument("{}: {} at byte {} is not an id", where, Quote(text.substr(i, 1)), i);
      ++i;
      continue;
    }
    uint64_t id = 0;
    for (; i < text.size() && text[i] >= '0' && text[i] <= '9' && id < UINT32_MAX; ++i)
      id = 10 * id + (text[i] - '0');
    if (id >= UINT32_MAX) return OutOfRange("{}: the id at byte {} is too large", where, i);
    ids.push_back(static_cast<uint32_t>(id));
  }
  return ids;
}

Status RunDecode(const DecodeFlags& flags) {
  WEFT_ASSIGN_OR_RETURN(const Tokenizer tokenizer, flags.source.Load());
  WEFT_ASSIGN_OR_RETURN(const std::string contents, ReadFile(InputPath(flags.file)));
  std::string_view list = contents;
  if (list.starts_with("{\"ids\":")) {
    list.remove_prefix(7);
    list = list.substr(0, list.find_last_of('}'));
  }
  WEFT_ASSIGN_OR_RETURN(const std::vector<uint32_t> ids, ParseIds(list, flags.file));
  WEFT_ASSIGN_OR_RETURN(const std::string text, flags.raw
                                                    ? tokenizer.DecodeBytes(ids, flags.skip_special_tokens)
                                                    : tokenizer.Decode(ids, flags.skip_special_tokens));
  WEFT_RETURN_IF_ERROR(WriteOut(text));
  return FlushStandardOutput();
}

void AddDecode(CLI::App* parent, Status* result) {
  auto flags = std::make_shared<DecodeFlags>();
  CLI::App* command = parent->add_subcommand("decode", "Print the text of ids");
  command->option_defaults()->always_capture_default();
  flags->source.AddOptions(command);
  command->add_flag("--skip-special-tokens", flags->skip_special_tokens, "leave special tokens out");
  command->add_flag("--raw", flags->raw, "the bytes as they are, also where they are not valid UTF-8");
  command->add_option("FILE", flags->file, "ids as 'weft tokenizer encode' prints them ('-': standard input)")
      ->required();
  command->callback([flags, result] { *result = RunDecode(*flags); });
}

}  // namespace

void RegisterTokenizerCommand(CLI::App& app, Status* result) {
  CLI::App* command = app.add_subcommand("tokenizer", "Train a tokenizer, encode and decode text");
  command->require_subcommand(1);
  AddTrain(command, result);
  AddEncode(command, result);
  AddDecode(command, result);
}

}  // namespace weft
