// Tokenizer::Load: which files of a model directory hold the tokenizer, and what ends a document.
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "frontends/tokenizer/tokenizer.h"
#include "frontends/tokenizer/tokenizer_spec.h"

namespace weft {
namespace {

constexpr int64_t kMaxFile = int64_t{1} << 30;
constexpr int64_t kMaxConfig = int64_t{1} << 24;

StatusOr<TokenizerSpec> ReadTokenizerFile(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxFile));
  StatusOr<TokenizerSpec> spec = ParseTokenizerJson(text);
  if (!spec.ok()) return Prefix(path, spec.status());
  return spec;
}

// A configuration file's object; null where there is none or it is malformed, which others will complain of.
Json ReadConfig(const std::string& directory, const char* name) {
  const std::string path = JoinPath(directory, name);
  if (!Exists(path)) return nullptr;
  StatusOr<Json> value = ReadJsonFile(path, kMaxConfig);
  return value.ok() && value->is_object() ? *std::move(value) : Json(nullptr);
}

// A field, null if there is none.
Json FieldOf(const Json& object, const char* name) {
  return object.is_object() ? object.value(name, Json()) : Json();
}

// eos_token of tokenizer_config.json (a text, or an object with its content), else eos_token_id of
// generation_config.json or config.json (a number, or a list whose first counts).
std::optional<uint32_t> EndOfText(const std::string& directory, const TokenizerSpec& spec) {
  Json token = FieldOf(ReadConfig(directory, "tokenizer_config.json"), "eos_token");
  if (token.is_object()) token = FieldOf(token, "content");
  for (const AddedToken& added : spec.added_tokens) {
    if (token == added.text) return added.id;
  }
  for (const char* name : {"generation_config.json", "config.json"}) {
    Json id = FieldOf(ReadConfig(directory, name), "eos_token_id");
    if (id.is_array() && !id.empty()) id = id.front();
    if (!id.is_number_unsigned() || id.get<uint64_t>() >= spec.tokens.size()) continue;
    return id.get<uint32_t>();
  }
  return std::nullopt;
}

}  // namespace

StatusOr<Tokenizer> Tokenizer::Load(const std::string& path) {
  if (path == "bytes") return PlainBytes({"<|endoftext|>"});
  if (!IsDirectory(path)) {
    WEFT_ASSIGN_OR_RETURN(TokenizerSpec spec, ReadTokenizerFile(path));
    return Create(std::move(spec));
  }
  const std::string file = JoinPath(path, "tokenizer.json");
  const std::string vocab = JoinPath(path, "vocab.json");
  const std::string merges = JoinPath(path, "merges.txt");
  if (!Exists(file) && Exists(vocab) && Exists(merges)) {
    return LoadVocabAndMerges(vocab, merges, {"<|endoftext|>"});
  }
  if (!Exists(file)) {
    return NotFound("'{}' has no tokenizer.json, nor vocab.json and merges.txt", path);
  }
  WEFT_ASSIGN_OR_RETURN(TokenizerSpec spec, ReadTokenizerFile(file));
  spec.end_of_text = EndOfText(path, spec);
  return Create(std::move(spec));
}

}  // namespace weft
