// tokenizer.json: which of the settings of Hugging Face tokenizers mean byte-level BPE as we do it. Refused,
// with the field's name: other models, byte_fallback, dropout, prefixes and suffixes of subwords,
// normalizers, pre-tokenizers that do not end in ByteLevel, added tokens that strip or need whole words.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "frontends/tokenizer/tokenizer_json_sax.h"
#include "frontends/tokenizer/tokenizer_spec.h"
#include "frontends/tokenizer/unicode.h"

namespace weft {
namespace {

using nlohmann::json;

// A field of an object, null if it is not there (or this is no object).
const json& Field(const json& object, const char* name) {
  static const json kNull;
  if (!object.is_object()) return kNull;
  const auto it = object.find(name);
  return it == object.end() ? kNull : *it;
}

std::string Type(const json& object) {
  const json& type = Field(object, "type");
  return type.is_string() ? type.get<std::string>() : "";
}

StatusOr<bool> Bool(const json& object, const char* name, bool absent, std::string_view where) {
  const json& value = Field(object, name);
  if (value.is_null()) return absent;
  if (!value.is_boolean())
    return InvalidArgument("{}.{} is {}, expected true or false", where, name, value.type_name());
  return value.get<bool>();
}

StatusOr<uint32_t> Id(const json& value, std::string_view where, size_t limit) {
  if (!value.is_number_integer() || value.get<int64_t>() < 0 ||
      value.get<int64_t>() >= static_cast<int64_t>(limit)) {
    return InvalidArgument("{} is {}, expected an id below {}", where,
                           value.is_number() ? value.dump() : value.type_name(), limit);
  }
  return static_cast<uint32_t>(value.get<int64_t>());
}

Status CheckModel(const json& model, TokenizerSpec* spec) {
  if (!model.is_object()) return InvalidArgument("model is {}, expected an object", model.type_name());
  if (!Field(model, "type").is_null() && Type(model) != "BPE") {
    return Unimplemented("model.type is {}, expected BPE", Quoted(Type(model)));
  }
  for (const char* name : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    const json& value = Field(model, name);
    if (!value.is_null() && value != "") return Unimplemented("model.{} is set, expected null", name);
  }
  const json& dropout = Field(model, "dropout");
  if (!dropout.is_null() && !(dropout.is_number() && dropout.get<double>() == 0)) {
    return Unimplemented("model.dropout is set, expected null");
  }
  WEFT_ASSIGN_OR_RETURN(const bool fallback, Bool(model, "byte_fallback", false, "model"));
  if (fallback) return Unimplemented("model.byte_fallback is true: only byte-level BPE is supported");
  WEFT_ASSIGN_OR_RETURN(spec->ignore_merges, Bool(model, "ignore_merges", false, "model"));
  return OkStatus();
}

Status CheckNormalizer(const json& normalizer) {
  if (normalizer.is_null()) return OkStatus();
  const json& inner = Field(normalizer, "normalizers");
  if (Type(normalizer) == "Sequence" && inner.is_array() && inner.empty()) return OkStatus();
  return Unimplemented("normalizer {} is not supported, expected null", Quoted(Type(normalizer)));
}

Status AddSplit(const json& split, std::string_view where, PreTokenizerSpec* spec) {
  const json& regex = Field(Field(split, "pattern"), "Regex");
  if (!regex.is_string()) return Unimplemented("{}.pattern is not a Regex", where);
  const json& behavior = Field(split, "behavior");
  WEFT_ASSIGN_OR_RETURN(const bool invert, Bool(split, "invert", false, where));
  PreTokenizerSpec::Step step{regex.get<std::string>(), true};
  if (behavior == "Removed" && invert) {
    step.keep_unmatched = false;
  } else if (behavior != "Isolated") {
    return Unimplemented("{}.behavior is {}, expected Isolated", where,
                         Quoted(behavior.is_string() ? behavior.get<std::string>() : behavior.type_name()));
  }
  spec->steps.push_back(std::move(step));
  return OkStatus();
}

Status AddByteLevel(const json& byte_level, std::string_view where, PreTokenizerSpec* spec) {
  WEFT_ASSIGN_OR_RETURN(spec->add_prefix_space, Bool(byte_level, "add_prefix_space", true, where));
  WEFT_ASSIGN_OR_RETURN(const bool use_regex, Bool(byte_level, "use_regex", true, where));
  if (spec->add_prefix_space && !spec->steps.empty()) {
    return Unimplemented("{}.add_prefix_space after another split is not supported", where);
  }
  if (use_regex) spec->steps.push_back({std::string(PatternOfName("gpt2"))});
  return OkStatus();
}

StatusOr<PreTokenizerSpec> ReadPreTokenizer(const json& value) {
  std::vector<const json*> steps = {&value};
  if (Type(value) == "Sequence") {
    steps.clear();
    const json& list = Field(value, "pretokenizers");
    if (!list.is_array()) return InvalidArgument("pre_tokenizer.pretokenizers is missing");
    for (const json& step : list) steps.push_back(&step);
  }
  PreTokenizerSpec spec;
  for (size_t i = 0; i < steps.size(); ++i) {
    const std::string where = steps.size() == 1 ? "pre_tokenizer" : fmt::format("pre_tokenizer[{}]", i);
    const std::string type = Type(*steps[i]);
    if (type == "Split") {
      WEFT_RETURN_IF_ERROR(AddSplit(*steps[i], where, &spec));
    } else if (type == "Digits") {
      WEFT_ASSIGN_OR_RETURN(const bool each, Bool(*steps[i], "individual_digits", false, where));
      spec.steps.push_back({each ? R"(\p{N})" : R"(\p{N}+)"});
    } else if (type == "ByteLevel" && i + 1 == steps.size()) {
      WEFT_RETURN_IF_ERROR(AddByteLevel(*steps[i], where, &spec));
      return spec;
    } else {
      return Unimplemented("{} is {}, expected Split, Digits or a last ByteLevel", where, Quoted(type));
    }
  }
  return Unimplemented("pre_tokenizer does not end in ByteLevel: only byte-level BPE is supported");
}

// What a TemplateProcessing puts before and after a single text.
Status ReadTemplate(const json& value, TokenizerSpec* spec) {
  const json& single = Field(value, "single");
  if (!single.is_array()) return InvalidArgument("post_processor.single is missing");
  bool after = false;
  for (const json& part : single) {
    if (part.is_object() && part.contains("Sequence")) {
      if (after) return InvalidArgument("post_processor.single names the text twice");
      after = true;
      continue;
    }
    const json& name = Field(Field(part, "SpecialToken"), "id");
    if (!name.is_string()) return InvalidArgument("post_processor.single has an element that is no token");
    const json& ids = Field(Field(Field(value, "special_tokens"), name.get<std::string>().c_str()), "ids");
    if (!ids.is_array()) {
      return InvalidArgument("post_processor.special_tokens has no {}", Quoted(name.get<std::string>()));
    }
    for (const json& id : ids) {
      WEFT_ASSIGN_OR_RETURN(const uint32_t value_of, Id(id, "post_processor id", spec->tokens.size()));
      (after ? spec->suffix : spec->prefix).push_back(value_of);
    }
  }
  if (!after) return InvalidArgument("post_processor.single leaves out the text");
  return OkStatus();
}

Status ReadPostProcessor(const json& value, TokenizerSpec* spec) {
  if (value.is_null() || Type(value) == "ByteLevel") return OkStatus();
  if (Type(value) == "TemplateProcessing") return ReadTemplate(value, spec);
  const json& list = Field(value, "processors");
  if (Type(value) == "Sequence" && list.is_array()) {
    for (const json& step : list) {
      if (Type(step) == "Sequence") return Unimplemented("post_processor: a Sequence inside a Sequence");
      if (!spec->prefix.empty() || !spec->suffix.empty()) {
        if (Type(step) == "TemplateProcessing")
          return Unimplemented("post_processor: two TemplateProcessing");
      }
      WEFT_RETURN_IF_ERROR(ReadPostProcessor(step, spec));
    }
    return OkStatus();
  }
  return Unimplemented("post_processor {} is not supported", Quoted(Type(value)));
}

StatusOr<std::vector<AddedToken>> ReadAddedTokens(const json& list) {
  std::vector<AddedToken> tokens;
  if (list.is_null()) return tokens;
  if (!list.is_array()) return InvalidArgument("added_tokens is {}, expected an array", list.type_name());
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string where = fmt::format("added_tokens[{}]", i);
    const json& content = Field(list[i], "content");
    if (!content.is_string()) return InvalidArgument("{}.content is missing", where);
    AddedToken token;
    token.text = content.get<std::string>();
    if (token.text.empty()) continue;
    WEFT_ASSIGN_OR_RETURN(token.id, Id(Field(list[i], "id"), where + ".id", kNoToken));
    for (const char* name : {"single_word", "lstrip", "rstrip"}) {
      WEFT_ASSIGN_OR_RETURN(const bool set, Bool(list[i], name, false, where));
      if (set) return Unimplemented("{} ({}): {} is not supported", where, Quoted(token.text), name);
    }
    WEFT_ASSIGN_OR_RETURN(token.special, Bool(list[i], "special", false, where));
    WEFT_ASSIGN_OR_RETURN(token.normalized, Bool(list[i], "normalized", true, where));
    tokens.push_back(std::move(token));
  }
  return tokens;
}

}  // namespace

StatusOr<TokenizerSpec> ParseTokenizerJson(std::string_view text) {
  TokenizerSpec spec;
  TokenizerJsonParts parts;
  json settings;
  WEFT_RETURN_IF_ERROR(ReadTokenizerJson(text, &parts, &settings));
  WEFT_RETURN_IF_ERROR(CheckModel(Field(settings, "model"), &spec));
  WEFT_RETURN_IF_ERROR(CheckNormalizer(Field(settings, "normalizer")));
  WEFT_ASSIGN_OR_RETURN(spec.pretokenizer, ReadPreTokenizer(Field(settings, "pre_tokenizer")));
  const json& decoder = Field(settings, "decoder");
  if (!decoder.is_null() && Type(decoder) != "ByteLevel") {
    return Unimplemented("decoder {} is not supported, expected ByteLevel", Quoted(Type(decoder)));
  }
  WEFT_RETURN_IF_ERROR(BuildVocabulary(parts.vocab, parts.merges, &spec));
  WEFT_ASSIGN_OR_RETURN(auto added, ReadAddedTokens(Field(settings, "added_tokens")));
  WEFT_RETURN_IF_ERROR(BuildAddedTokens(std::move(added), parts.vocab, &spec));
  WEFT_RETURN_IF_ERROR(ReadPostProcessor(Field(settings, "post_processor"), &spec));
  spec.json = text;
  return spec;
}

}  // namespace weft
