#include "frontends/data/prepare.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/shards.h"
#include "frontends/data/text_split.h"
#include "frontends/tokenizer/bpe_trainer.h"
#include "frontends/tokenizer/tokenizer.h"

namespace weft {
namespace {

// A part of a file becomes a file of its own, so that it can be encoded as a stream.
class PartFiles {
 public:
  explicit PartFiles(std::string directory) : directory_(std::move(directory)) {}
  ~PartFiles() {
    for (const std::string& path : made_) RemoveAll(path).IgnoreError();
  }
  PartFiles(const PartFiles&) = delete;
  PartFiles& operator=(const PartFiles&) = delete;

  StatusOr<std::vector<std::string>> Paths(const std::vector<TextPart>& parts) {
    std::vector<std::string> paths;
    for (const TextPart& part : parts) {
      if (part.whole()) {
        paths.push_back(part.file->path());
        continue;
      }
      paths.push_back(JoinPath(directory_, fmt::format("part-{}.txt", made_.size())));
      made_.push_back(paths.back());
      WEFT_RETURN_IF_ERROR(WriteFileAtomically(paths.back(), part.text()));
    }
    return paths;
  }

 private:
  std::string directory_;
  std::vector<std::string> made_;
};

StatusOr<Tokenizer> MakeTokenizer(const std::vector<std::string>& train, const PrepareOptions& options,
                                  const RunControl& control) {
  if (options.tokenizer != "bpe") return Tokenizer::Load(options.tokenizer);
  BpeTrainerOptions bpe;
  bpe.vocab_size = options.vocab_size;
  bpe.pattern = options.pattern;
  bpe.threads = options.threads;
  return TrainBpe(train, bpe, control);
}

StatusOr<SplitCounts> WriteSplit(const std::vector<TextPart>& parts, const std::vector<std::string>& paths,
                                 const Tokenizer& tokenizer, const std::string& directory,
                                 std::string_view name, const PrepareOptions& options,
                                 const RunControl& control) {
  WEFT_ASSIGN_OR_RETURN(TokenShardSetWriter writer,
                        TokenShardSetWriter::Create(directory, name, tokenizer.vocab_size()));
  SplitCounts counts;
  EncodeOptions encode;
  encode.threads = options.threads;
  encode.add_special_tokens = false;
  const std::optional<uint32_t> end = tokenizer.SpecialTokenId(kDocumentSeparator);
  for (size_t i = 0; i < paths.size(); ++i) {
    // Files are documents of their own; within a file its separators are.
    if (i > 0 && end && !parts[i - 1].text().ends_with(kDocumentSeparator)) {
      WEFT_RETURN_IF_ERROR(writer.Append(std::span<const uint32_t>(&*end, 1)));
    }
    WEFT_RETURN_IF_ERROR(tokenizer.EncodeFiles(
        {paths[i]}, encode, [&](std::span<const uint32_t> ids) { return writer.Append(ids); }, control));
    counts.bytes += static_cast<int64_t>(parts[i].text().size());
  }
  counts.tokens = writer.size();
  WEFT_RETURN_IF_ERROR(writer.Commit());
  return counts;
}

// The sum over the documents of the held-out text, if every one of them has a probability.
std::optional<double> FloorOf(const std::vector<TextPart>& parts, const PrepareOptions& options) {
  if (!options.document_nats || parts.empty()) return std::nullopt;
  double nats = 0;
  for (const TextPart& part : parts) {
    const std::optional<double> one = FloorNats(part.text(), options.document_nats);
    if (!one) return std::nullopt;
    nats += *one;
  }
  return nats;
}

Json ToJson(const DataInfo& info, std::string_view tokenizer) {
  Json json = {{"vocab_size", info.vocab_size}, {"tokenizer", tokenizer}};
  for (const auto& [name, counts] : {std::pair{"train", info.train}, std::pair{"val", info.val}}) {
    json[name] = {{"tokens", counts.tokens}, {"bytes", counts.bytes}};
  }
  if (info.val_floor_nats) {
    json["val"]["floor_nats"] = *info.val_floor_nats;
    json["val"]["floor_bits_per_byte"] = *info.FloorBitsPerByte();
  }
  return json;
}

}  // namespace

std::optional<double> FloorNats(std::string_view text, const DocumentNats& document_nats) {
  double nats = 0;
  while (!text.empty()) {
    const size_t end = text.find(kDocumentSeparator);
    const std::string_view document = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + kDocumentSeparator.size());
    if (text.starts_with('\n')) text.remove_prefix(1);
    if (document.empty()) continue;
    const std::optional<double> one = document_nats(document);
    if (!one) return std::nullopt;
    nats += *one;
  }
  return nats;
}

std::optional<double> DataInfo::FloorBitsPerByte() const {
  if (!val_floor_nats || val.bytes == 0) return std::nullopt;
  return *val_floor_nats / M_LN2 / static_cast<double>(val.bytes);
}

StatusOr<DataInfo> PrepareData(const std::vector<std::string>& files, const std::string& directory,
                               const PrepareOptions& options, const RunControl& control) {
  if (Exists(directory)) return FailedPrecondition("{}: is there already", directory);
  WEFT_ASSIGN_OR_RETURN(const TextSplit split, SplitText(files, options.val_fraction));
  DataInfo info;
  WEFT_RETURN_IF_ERROR(WriteDirectoryAtomically(directory, [&](const std::string& temporary) -> Status {
    PartFiles files_of_parts(temporary);
    WEFT_ASSIGN_OR_RETURN(const std::vector<std::string> train, files_of_parts.Paths(split.train));
    WEFT_ASSIGN_OR_RETURN(const std::vector<std::string> val, files_of_parts.Paths(split.val));
    WEFT_ASSIGN_OR_RETURN(const Tokenizer tokenizer, MakeTokenizer(train, options, control));
    WEFT_RETURN_IF_ERROR(tokenizer.Save(JoinPath(temporary, "tokenizer.json")));
    info.vocab_size = tokenizer.vocab_size();
    WEFT_ASSIGN_OR_RETURN(info.train,
                          WriteSplit(split.train, train, tokenizer, temporary, "train", options, control));
    WEFT_ASSIGN_OR_RETURN(info.val,
                          WriteSplit(split.val, val, tokenizer, temporary, "val", options, control));
    info.val_floor_nats = FloorOf(split.val, options);
    return WriteJsonFile(JoinPath(temporary, "data.json"), ToJson(info, options.tokenizer));
  }));
  return info;
}

StatusOr<DataInfo> ReadDataInfo(const std::string& directory) {
  const std::string path = JoinPath(directory, "data.json");
  WEFT_ASSIGN_OR_RETURN(const Json json, ReadJsonFile(path));
  const auto count = [&](const Json& object, std::string_view field) -> StatusOr<int64_t> {
    WEFT_ASSIGN_OR_RETURN(const int64_t value, GetInt(object, field, path));
    if (value < 0) return DataLoss("{}: '{}' is {}, expected at least 0", path, field, value);
    return value;
  };
  DataInfo info;
  WEFT_ASSIGN_OR_RETURN(info.vocab_size, count(json, "vocab_size"));
  for (const auto& [name, counts] : {std::pair{"train", &info.train}, std::pair{"val", &info.val}}) {
    WEFT_ASSIGN_OR_RETURN(const Json* split, GetObject(json, name, path));
    WEFT_ASSIGN_OR_RETURN(counts->tokens, count(*split, "tokens"));
    WEFT_ASSIGN_OR_RETURN(counts->bytes, count(*split, "bytes"));
    if (split->contains("floor_nats")) {
      WEFT_ASSIGN_OR_RETURN(info.val_floor_nats, GetDouble(*split, "floor_nats", path));
      if (!(*info.val_floor_nats >= 0)) {
        return DataLoss("{}: 'floor_nats' is {}, expected at least 0", path, *info.val_floor_nats);
      }
    }
  }
  return info;
}

}  // namespace weft
