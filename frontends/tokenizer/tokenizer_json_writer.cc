// tokenizer.json as Hugging Face tokenizers write and read it, and the tokenizers of our own making.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/quote.h"
#include "frontends/tokenizer/byte_level.h"
#include "frontends/tokenizer/tokenizer_json_sax.h"
#include "frontends/tokenizer/tokenizer_spec.h"
#include "frontends/tokenizer/unicode.h"
#include "frontends/tokenizer/vocabulary.h"

namespace weft {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson ByteLevel(bool add_prefix_space, bool use_regex) {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", add_prefix_space},
          {"trim_offsets", true},
          {"use_regex", use_regex}};
}

OrderedJson PreTokenizerJson(const PreTokenizerSpec& spec) {
  const bool only_gpt2 = spec.steps.size() == 1 && spec.steps[0].regex == PatternOfName("gpt2");
  if (only_gpt2 || spec.steps.empty()) return ByteLevel(spec.add_prefix_space, only_gpt2);
  OrderedJson steps = OrderedJson::array();
  for (const PreTokenizerSpec::Step& step : spec.steps) {
    steps.push_back({{"type", "Split"},
                     {"pattern", {{"Regex", step.regex}}},
                     {"behavior", step.keep_unmatched ? "Isolated" : "Removed"},
                     {"invert", !step.keep_unmatched}});
  }
  steps.push_back(ByteLevel(false, false));
  return {{"type", "Sequence"}, {"pretokenizers", std::move(steps)}};
}

// The vocabulary and merges, which can be large: text, a line for each.
void AppendModel(const TokenizerSpec& spec, std::string* out) {
  std::vector<std::string> names(spec.tokens.size());  // as JSON strings, quotes included
  for (size_t id = 0; id < names.size(); ++id) names[id] = OrderedJson(ToByteLevel(spec.tokens[id])).dump();
  for (const AddedToken& token : spec.added_tokens) names[token.id] = OrderedJson(token.text).dump();
  *out += R"(  "model": {
    "type": "BPE",
    "dropout": null,
    "unk_token": null,
    "continuing_subword_prefix": null,
    "end_of_word_suffix": null,
    "fuse_unk": false,
    "byte_fallback": false,
)";
  *out += fmt::format("    \"ignore_merges\": {},\n    \"vocab\": {{", spec.ignore_merges);
  const char* comma = "\n";
  for (size_t id = 0; id < names.size(); ++id) {
    if (spec.tokens[id].empty()) continue;
    *out += fmt::format("{}      {}: {}", comma, names[id], id);
    comma = ",\n";
  }
  *out += "\n    },\n    \"merges\": [";
  comma = "\n";
  for (const Merge& merge : spec.merges) {
    // Both quoted names as one: "left right".
    const std::string& left = names[merge.left];
    *out +=
        fmt::format("{}      {} {}", comma, left.substr(0, left.size() - 1), names[merge.right].substr(1));
    comma = ",\n";
  }
  *out += "\n    ]\n  }\n";
}

void AddSpecialTokens(const std::vector<std::string>& texts, uint32_t first_id, TokenizerSpec* spec) {
  for (const std::string& text : texts) {
    spec->added_tokens.push_back({text, first_id});
    if (spec->tokens.size() <= first_id) spec->tokens.resize(first_id + 1);
    spec->tokens[first_id++] = text;
  }
}

// A special token that is spelled in the file as another token is ("Ġthe" and " the") would be that token.
Status CheckSpelling(const TokenizerSpec& spec) {
  for (const AddedToken& token : spec.added_tokens) {
    std::string bytes;
    if (!FromByteLevel(token.text, &bytes)) continue;
    for (size_t id = 0; id < spec.tokens.size(); ++id) {
      if (id != token.id && spec.tokens[id] == bytes) {
        return InvalidArgument(
            "special token {} is how tokenizer.json spells the token {}: choose another name",
            Quote(token.text), Quote(bytes));
      }
    }
  }
  return OkStatus();
}

}  // namespace

std::string TokenizerJson(const TokenizerSpec& spec) {
  if (!spec.json.empty()) return spec.json;
  OrderedJson added = OrderedJson::array();
  for (const AddedToken& token : spec.added_tokens) {
    added.push_back({{"id", token.id},
                     {"content", token.text},
                     {"single_word", false},
                     {"lstrip", false},
                     {"rstrip", false},
                     {"normalized", token.normalized},
                     {"special", token.special}});
  }
  std::string out = "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n";
  out += fmt::format("  \"added_tokens\": {},\n  \"normalizer\": null,\n", added.dump());
  out += fmt::format("  \"pre_tokenizer\": {},\n", PreTokenizerJson(spec.pretokenizer).dump());
  out += "  \"post_processor\": null,\n";
  out += fmt::format("  \"decoder\": {},\n", ByteLevel(spec.pretokenizer.add_prefix_space, true).dump());
  AppendModel(spec, &out);
  return out + "}\n";
}

StatusOr<TokenizerSpec> BytesSpec(const std::vector<std::string>& special_tokens) {
  WEFT_RETURN_IF_ERROR(CheckSpecialTokens(special_tokens));
  TokenizerSpec spec;
  for (uint32_t byte = 0; byte < 256; ++byte) {
    spec.byte_ids[byte] = byte;
    spec.tokens.emplace_back(1, static_cast<char>(byte));
  }
  AddSpecialTokens(special_tokens, 256, &spec);
  spec.pretokenizer.steps.push_back({std::string(PatternOfName("gpt2"))});
  WEFT_RETURN_IF_ERROR(CheckSpelling(spec));
  return spec;
}

StatusOr<TokenizerSpec> TrainedSpec(const std::vector<std::string>& special_tokens, std::vector<Merge> merges,
                                    PreTokenizerSpec pretokenizer) {
  WEFT_RETURN_IF_ERROR(CheckSpecialTokens(special_tokens));
  TokenizerSpec spec;
  AddSpecialTokens(special_tokens, 0, &spec);
  for (const char byte : ByteLevelAlphabet()) {
    spec.byte_ids[static_cast<uint8_t>(byte)] = static_cast<uint32_t>(spec.tokens.size());
    spec.tokens.emplace_back(1, byte);
  }
  for (const Merge& merge : merges) {
    WEFT_CHECK(merge.result == spec.tokens.size());
    spec.tokens.push_back(spec.tokens[merge.left] + spec.tokens[merge.right]);
  }
  spec.merges = std::move(merges);
  spec.pretokenizer = std::move(pretokenizer);
  WEFT_RETURN_IF_ERROR(CheckSpelling(spec));
  return spec;
}

StatusOr<TokenizerSpec> ParseVocabAndMerges(std::string_view vocab_json, std::string_view merges_txt,
                                            const std::vector<std::string>& special_tokens) {
  WEFT_RETURN_IF_ERROR(CheckSpecialTokens(special_tokens));
  VocabEntries vocab;
  WEFT_RETURN_IF_ERROR(Prefix("vocab", ReadVocabJson(vocab_json, &vocab)));
  MergeEntries merges;
  size_t line_number = 0;
  while (!merges_txt.empty()) {
    std::string_view line = merges_txt.substr(0, merges_txt.find('\n'));
    merges_txt.remove_prefix(std::min(line.size() + 1, merges_txt.size()));
    ++line_number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("#version") || line.empty()) continue;
    const size_t space = line.find(' ');
    if (space == std::string_view::npos || space == 0 || space + 1 == line.size() ||
        line.find(' ', space + 1) != std::string_view::npos) {
      return InvalidArgument("merges, line {}: {} is not two tokens and a space between them", line_number,
                             Quote(line));
    }
    merges.emplace_back(line.substr(0, space), line.substr(space + 1));
  }
  std::string bytes;
  for (const auto& [name, id] : vocab) {
    const bool special =
        std::find(special_tokens.begin(), special_tokens.end(), name) != special_tokens.end();
    if (!special && !FromByteLevel(name, &bytes)) {
      return InvalidArgument(
          "vocab: {} is not spelled in byte-level characters, nor named as a special token", Quote(name));
    }
  }
  TokenizerSpec spec;
  VocabularyBuilder builder(&spec);
  WEFT_RETURN_IF_ERROR(builder.SetVocab(std::move(vocab)));
  WEFT_RETURN_IF_ERROR(builder.SetMerges(merges));
  std::vector<AddedToken> added;
  uint32_t next_id = static_cast<uint32_t>(spec.tokens.size());
  for (const std::string& text : special_tokens) {
    const uint32_t known = builder.Find(text);
    added.push_back({text, known == kNoToken ? next_id++ : known});
  }
  WEFT_RETURN_IF_ERROR(builder.SetAddedTokens(std::move(added)));
  spec.pretokenizer.steps.push_back({std::string(PatternOfName("gpt2"))});
  return spec;
}

}  // namespace weft
