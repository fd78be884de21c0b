// tokenizer.json: which of the settings of Hugging Face tokenizers mean byte-level BPE as we do it. Refused,
// with the field's name: other models, byte_fallback, dropout, prefixes and suffixes of subwords,
// normalizers, pre-tokenizers that do not end in ByteLevel, added tokens that strip or need whole words.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/quote.h"
#include "frontends/tokenizer/tokenizer_json_sax.h"
#include "frontends/tokenizer/tokenizer_spec.h"
#include "frontends/tokenizer/unicode.h"

namespace weft {
namespace {

// A field of an object, null if it is not there (or this is no object).
const Json& Field(const Json& object, const char* name) {
  static const Json kNull;
  if (!object.is_object()) return kNull;
  const auto it = object.find(name);
  return it == object.end() ? kNull : *it;
}

std::string Type(const Json& object) {
  const Json& type = Field(object, "type");
  return type.is_string() ? type.get<std::string>() : "";
}

StatusOr<uint32_t> Id(const Json& value, std::string_view where, size_t limit) {
  if (!value.is_number_integer() || value.get<int64_t>() < 0 ||
      value.get<int64_t>() >= static_cast<int64_t>(limit)) {
    return InvalidArgument("{} is {}, expected an id below {}", where,
                           value.is_number() ? value.dump() : value.type_name(), limit);
  }
  return static_cast<uint32_t>(value.get<int64_t>());
}

Status CheckModel(const Json& model, TokenizerSpec* spec) {
  if (!model.is_object()) return InvalidArgument("model is {}, expected an object", model.type_name());
  if (!Field(model, "type").is_null() && Type(model) != "BPE") {
    return Unimplemented("model.type is {}, expected BPE", Quote(Type(model)));
  }
  for (const char* name : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    const Json& value = Field(model, name);
    if (!value.is_null() && value != "") return Unimplemented("model.{} is set, expected null", name);
  }
  const Json& dropout = Field(model, "dropout");
  if (!dropout.is_null() && !(dropout.is_number() && dropout.get<double>() == 0)) {
    return Unimplemented("model.dropout is set, expected null");
  }
  WEFT_ASSIGN_OR_RETURN(const bool fallback, GetBoolOr(model, "byte_fallback", false, "model"));
  if (fallback) return Unimplemented("model.byte_fallback is true: only byte-level BPE is supported");
  WEFT_ASSIGN_OR_RETURN(spec->ignore_merges, GetBoolOr(model, "ignore_merges", false, "model"));
  return OkStatus();
}

Status CheckNormalizer(const Json& normalizer) {
  if (normalizer.is_null()) return OkStatus();
  const Json& inner = Field(normalizer, "normalizers");
  if (Type(normalizer) == "Sequence" && inner.is_array() && inner.empty()) return OkStatus();
  return Unimplemented("normalizer {} is not supported, expected null", Quote(Type(normalizer)));
}

Status AddSplit(const Json& split, std::string_view where, PreTokenizerSpec* spec) {
  const Json& regex = Field(Field(split, "pattern"), "Regex");
  if (!regex.is_string()) return Unimplemented("{}.pattern is not a Regex", where);
  const Json& behavior = Field(split, "behavior");
  WEFT_ASSIGN_OR_RETURN(const bool invert, GetBoolOr(split, "invert", false, where));
  PreTokenizerSpec::Step step{regex.get<std::string>(), true};
  if (behavior == "Removed" && invert) {
    step.keep_unmatched = false;
  } else if (behavior != "Isolated") {
    return Unimplemented("{}.behavior is {}, expected Isolated", where,
                         Quote(behavior.is_string() ? behavior.get<std::string>() : behavior.type_name()));
  }
  spec->steps.push_back(std::move(step));
  return OkStatus();
}

Status AddByteLevel(const Json& byte_level, std::string_view where, PreTokenizerSpec* spec) {
  WEFT_ASSIGN_OR_RETURN(spec->add_prefix_space, GetBoolOr(byte_level, "add_prefix_space", true, where));
  WEFT_ASSIGN_OR_RETURN(const bool use_regex, GetBoolOr(byte_level, "use_regex", true, where));
  if (spec->add_prefix_space && !spec->steps.empty()) {
    return Unimplemented("{}.add_prefix_space after another split is not supported", where);
  }
  if (use_regex) spec->steps.push_back({std::string(PatternOfName("gpt2"))});
  return OkStatus();
}

StatusOr<PreTokenizerSpec> ReadPreTokenizer(const Json& value) {
  std::vector<const Json*> steps = {&value};
  if (Type(value) == "Sequence") {
    steps.clear();
    const Json& list = Field(value, "pretokenizers");
    if (!list.is_array()) return InvalidArgument("pre_tokenizer.pretokenizers is missing");
    for (const Json& step : list) steps.push_back(&step);
  }
  PreTokenizerSpec spec;
  for (size_t i = 0; i < steps.size(); ++i) {
    const std::string where = steps.size() == 1 ? "pre_tokenizer" : fmt::format("pre_tokenizer[{}]", i);
    const std::string type = Type(*steps[i]);
    if (type == "Split") {
      WEFT_RETURN_IF_ERROR(AddSplit(*steps[i], where, &spec));
    } else if (type == "Digits") {
      WEFT_ASSIGN_OR_RETURN(const bool each, GetBoolOr(*steps[i], "individual_digits", false, where));
      spec.steps.push_back({each ? R"(\p{N})" : R"(\p{N}+)"});
    } else if (type == "ByteLevel" && i + 1 == steps.size()) {
      WEFT_RETURN_IF_ERROR(AddByteLevel(*steps[i], where, &spec));
      return spec;
    } else {
      return Unimplemented("{} is {}, expected Split, Digits or a last ByteLevel", where, Quote(type));
    }
  }
  return Unimplemented("pre_tokenizer does not end in ByteLevel: only byte-level BPE is supported");
}

// What a TemplateProcessing puts before and after a single text.
Status ReadTemplate(const Json& value, TokenizerSpec* spec) {
  const Json& single = Field(value, "single");
  if (!single.is_array()) return InvalidArgument("post_processor.single is missing");
  bool after = false;
  for (const Json& part : single) {
    if (part.is_object() && part.contains("Sequence")) {
      if (after) return InvalidArgument("post_processor.single names the text twice");
      after = true;
      continue;
    }
    const Json& name = Field(Field(part, "SpecialToken"), "id");
    if (!name.is_string()) return InvalidArgument("post_processor.single has an element that is no token");
    const Json& ids = Field(Field(Field(value, "special_tokens"), name.get<std::string>().c_str()), "ids");
    if (!ids.is_array()) {
      return InvalidArgument("post_processor.special_tokens has no {}", Quote(name.get<std::string>()));
    }
    for (const Json& id : ids) {
      WEFT_ASSIGN_OR_RETURN(const uint32_t value_of, Id(id, "post_processor id", spec->tokens.size()));
      (after ? spec->suffix : spec->prefix).push_back(value_of);
    }
  }
  if (!after) return InvalidArgument("post_processor.single leaves out the text");
  return OkStatus();
}

Status ReadPostProcessor(const Json& value, TokenizerSpec* spec) {
  if (value.is_null() || Type(value) == "ByteLevel") return OkStatus();
  if (Type(value) == "TemplateProcessing") return ReadTemplate(value, spec);
  const Json& list = Field(value, "processors");
  if (Type(value) == "Sequence" && list.is_array()) {
    for (const Json& step : list) {
      if (Type(step) == "Sequence") return Unimplemented("post_processor: a Sequence inside a Sequence");
      if (!spec->prefix.empty() || !spec->suffix.empty()) {
        if (Type(step) == "TemplateProcessing")
          return Unimplemented("post_processor: two TemplateProcessing");
      }
      WEFT_RETURN_IF_ERROR(ReadPostProcessor(step, spec));
    }
    return OkStatus();
  }
  return Unimplemented("post_processor {} is not supported", Quote(Type(value)));
}

StatusOr<std::vector<AddedToken>> ReadAddedTokens(const Json& list) {
  std::vector<AddedToken> tokens;
  if (list.is_null()) return tokens;
  if (!list.is_array()) return InvalidArgument("added_tokens is {}, expected an array", list.type_name());
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string where = fmt::format("added_tokens[{}]", i);
    const Json& content = Field(list[i], "content");
    if (!content.is_string()) return InvalidArgument("{}.content is missing", where);
    AddedToken token;
    token.text = content.get<std::string>();
    if (token.text.empty()) continue;
    WEFT_ASSIGN_OR_RETURN(token.id, Id(Field(list[i], "id"), where + ".id", kNoToken));
    for (const char* name : {"single_word", "lstrip", "rstrip"}) {
      WEFT_ASSIGN_OR_RETURN(const bool set, GetBoolOr(list[i], name, false, where));
      if (set) return Unimplemented("{} ({}): {} is not supported", where, Quote(token.text), name);
    }
    WEFT_ASSIGN_OR_RETURN(token.special, GetBoolOr(list[i], "special", false, where));
    WEFT_ASSIGN_OR_RETURN(token.normalized, GetBoolOr(list[i], "normalized", true, where));
    tokens.push_back(std::move(token));
  }
  return tokens;
}

}  // namespace

StatusOr<TokenizerSpec> ParseTokenizerJson(std::string_view text) {
  TokenizerSpec spec;
  TokenizerJsonParts parts;
  Json settings;
  WEFT_RETURN_IF_ERROR(ReadTokenizerJson(text, &parts, &settings));
  WEFT_RETURN_IF_ERROR(CheckModel(Field(settings, "model"), &spec));
  WEFT_RETURN_IF_ERROR(CheckNormalizer(Field(settings, "normalizer")));
  WEFT_ASSIGN_OR_RETURN(spec.pretokenizer, ReadPreTokenizer(Field(settings, "pre_tokenizer")));
  const Json& decoder = Field(settings, "decoder");
  if (!decoder.is_null() && Type(decoder) != "ByteLevel") {
    return Unimplemented("decoder {} is not supported, expected ByteLevel", Quote(Type(decoder)));
  }
  if (!parts.has_merges) return InvalidArgument("model.merges is missing");
  VocabularyBuilder builder(&spec);
  WEFT_RETURN_IF_ERROR(builder.SetVocab(std::move(parts.vocab)));
  WEFT_RETURN_IF_ERROR(builder.SetMerges(parts.merges));
  WEFT_ASSIGN_OR_RETURN(auto added, ReadAddedTokens(Field(settings, "added_tokens")));
  WEFT_RETURN_IF_ERROR(builder.SetAddedTokens(std::move(added)));
  WEFT_RETURN_IF_ERROR(ReadPostProcessor(Field(settings, "post_processor"), &spec));
  spec.json = text;
  return spec;
}

}  // namespace weft
