#include "tools/eval_text.h"

#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/json.h"
#include "base/shards.h"
#include "frontends/data/prepare.h"
#include "frontends/data/stories.h"
#include "tools/commands.h"

namespace weft {
namespace {

constexpr int64_t kInputLimit = int64_t{1} << 34;  // bytes of standard input

int64_t BytesAskedFor(const Tokenizer& tokenizer, std::span<const uint32_t> tokens) {
  int64_t bytes = 0;
  for (size_t i = 1; i < tokens.size(); ++i) bytes += std::ssize(tokenizer.TokenBytes(tokens[i]));
  return bytes;
}

StatusOr<std::vector<uint32_t>> EncodeFile(const std::string& path, const Tokenizer& tokenizer,
                                           const EncodeOptions& options) {
  std::vector<uint32_t> tokens;
  const auto sink = [&](std::span<const uint32_t> ids) {
    tokens.insert(tokens.end(), ids.begin(), ids.end());
    return OkStatus();
  };
  WEFT_RETURN_IF_ERROR(tokenizer.EncodeFiles({path}, options, sink, {{}, InterruptRequested}));
  return tokens;
}

}  // namespace

StatusOr<EvalText> EvalTextFromFiles(const std::vector<std::string>& paths, const Tokenizer& tokenizer,
                                     int threads) {
  EvalText text;
  text.name = fmt::format("{}", fmt::join(paths, ", "));
  EncodeOptions options;
  options.threads = threads;
  std::optional<double> nats = 0.0;
  int64_t bytes = 0;
  const auto add_floor = [&](std::string_view part) {
    bytes += std::ssize(part);
    const std::optional<double> more = nats ? FloorNats(part, StoryNats) : std::nullopt;
    nats = more ? std::optional(*nats + *more) : std::nullopt;
  };
  for (const std::string& path : paths) {
    std::vector<uint32_t> tokens;
    if (path == "-") {
      WEFT_ASSIGN_OR_RETURN(const std::string input, ReadFile("/dev/stdin", kInputLimit));
      WEFT_ASSIGN_OR_RETURN(tokens, tokenizer.Encode(input, options));
      add_floor(input);
    } else {
      WEFT_ASSIGN_OR_RETURN(tokens, EncodeFile(path, tokenizer, options));
      WEFT_ASSIGN_OR_RETURN(const auto file, MappedFile::Open(path));
      add_floor(file->text());
    }
    text.tokens.insert(text.tokens.end(), tokens.begin(), tokens.end());
  }
  text.bytes = BytesAskedFor(tokenizer, text.tokens);
  if (nats && *nats > 0) text.floor_bits_per_byte = *nats / M_LN2 / static_cast<double>(bytes);
  return text;
}

StatusOr<EvalText> EvalTextFromData(const std::string& directory, const Tokenizer& tokenizer) {
  WEFT_ASSIGN_OR_RETURN(const DataInfo info, ReadDataInfo(directory));
  WEFT_ASSIGN_OR_RETURN(const Tokenizer own, Tokenizer::Load(directory));
  if (own.ToJson() != tokenizer.ToJson()) {
    return InvalidArgument(
        "{}: its tokens ({} ids) are not those of the model's tokenizer ({} ids): give --text, or prepare "
        "the "
        "text with `weft data prepare --tokenizer` and the model's directory",
        directory, own.vocab_size(), tokenizer.vocab_size());
  }
  WEFT_ASSIGN_OR_RETURN(const TokenDataset data, TokenDataset::OpenSplit(directory, "val"));
  EvalText text;
  text.name = directory;
  text.tokens.resize(static_cast<size_t>(data.size()));
  for (size_t i = 0; i < text.tokens.size(); ++i) {
    text.tokens[i] = data.token(static_cast<int64_t>(i));
    if (text.tokens[i] >= tokenizer.vocab_size()) {
      return OutOfRange("{}: held-out token {} is {}, expected less than the vocabulary size {}", directory,
                        i, text.tokens[i], tokenizer.vocab_size());
    }
  }
  text.bytes = BytesAskedFor(tokenizer, text.tokens);
  text.floor_bits_per_byte = info.FloorBitsPerByte();
  return text;
}

StatusOr<EvalText> FindEvalText(const std::vector<std::string>& texts, const std::string& data,
                                const std::string& model, const Tokenizer& tokenizer, int threads) {
  if (!texts.empty() && !data.empty())
    return UsageError(InvalidArgument("--text and --data were both given, expected one of them"));
  if (!texts.empty()) return EvalTextFromFiles(texts, tokenizer, threads);
  if (!data.empty()) return EvalTextFromData(data, tokenizer);
  WEFT_ASSIGN_OR_RETURN(const std::string own, DataOfRun(model));
  return EvalTextFromData(own, tokenizer);
}

StatusOr<std::string> DataOfRun(const std::string& run) {
  const std::string path = JoinPath(run, "run.json");
  if (!Exists(path)) {
    return InvalidArgument(
        "'{}' is not a run directory (no run.json): give --text FILE... or --data DIRECTORY", run);
  }
  WEFT_ASSIGN_OR_RETURN(const Json json, ReadJsonFile(path));
  WEFT_ASSIGN_OR_RETURN(const bool inside, GetBool(json, "data_is_inside", path));
  if (inside) return JoinPath(run, "data");  // the run may have been moved
  return GetString(json, "data", path);
}

}  // namespace weft
