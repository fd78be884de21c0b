#include "frontends/tokenizer/tokenizer_json_sax.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_error.h"
#include "base/quote.h"
#include "frontends/tokenizer/unicode.h"

namespace weft {
namespace {

using nlohmann::json;

constexpr size_t kMaxDepth = 32;
constexpr size_t kMaxSettings = 500'000;  // values outside of vocab and merges

class Reader : public nlohmann::json_sax<json> {
 public:
  // `only_vocab`: the whole text is the vocabulary.
  Reader(bool only_vocab, TokenizerJsonParts* parts, json* settings)
      : only_vocab_(only_vocab), parts_(parts), settings_(settings) {}

  Status status;

  bool null() override { return Value(nullptr); }
  bool boolean(bool value) override { return Value(value); }
  bool number_integer(int64_t value) override { return Integer(value); }
  bool number_unsigned(uint64_t value) override {
    return Integer(static_cast<int64_t>(std::min<uint64_t>(value, std::numeric_limits<int64_t>::max())));
  }
  bool number_float(double value, const std::string&) override { return Value(value); }
  bool binary(json::binary_t&) override { return false; }
  bool string(std::string& value) override {
    if (place_ == Place::kMerges) return MergeText(value);
    if (place_ == Place::kMergePair) {
      if (pair_parts_ == 2) return Fail("model.merges[{}] has more than two parts", parts_->merges.size());
      (pair_parts_++ == 0 ? pair_.first : pair_.second) = std::move(value);
      return true;
    }
    return Value(std::move(value));
  }
  bool key(std::string& name) override {
    if (place_ == Place::kVocab) {
      token_ = std::move(name);
    } else if (stack_.back() != nullptr) {
      key_ = std::move(name);
    }
    return true;
  }
  bool start_object(size_t) override {
    if (only_vocab_ && stack_.empty()) return Enter(Place::kVocab);
    if (InModel("vocab")) return Enter(Place::kVocab);
    if (InModel("merges")) return Fail("model.merges is an object, expected an array");
    return StartSettings(json::object());
  }
  bool start_array(size_t) override {
    if (place_ == Place::kMerges) {
      pair_parts_ = 0;
      return Enter(Place::kMergePair);
    }
    if (InModel("merges")) {
      parts_->has_merges = true;
      return Enter(Place::kMerges);
    }
    if (InModel("vocab")) return Fail("model.vocab is an array, expected an object");
    return StartSettings(json::array());
  }
  bool end_object() override { return Leave(); }
  bool end_array() override {
    if (place_ == Place::kMergePair) {
      if (pair_parts_ != 2) return Fail("model.merges[{}] has one part, expected two", parts_->merges.size());
      parts_->merges.push_back(std::move(pair_));
      stack_.pop_back();
      place_ = Place::kMerges;
      return true;
    }
    return Leave();
  }
  bool parse_error(size_t, const std::string&, const json::exception& error) override {
    return Fail("{}", internal::DescribeJsonError(error.what()));
  }

 private:
  enum class Place { kSettings, kVocab, kMerges, kMergePair };

  template <class... A>
  bool Fail(fmt::format_string<A...> format, A&&... args) {
    status = InvalidArgument(format, std::forward<A>(args)...);
    return false;
  }
  // In the settings, at the field model.NAME.
  bool InModel(std::string_view name) const {
    return place_ == Place::kSettings && stack_.size() == 2 && stack_[1] == model_ && model_ != nullptr &&
           key_ == name;
  }
  bool Enter(Place place) {
    place_ = place;
    stack_.push_back(nullptr);
    return true;
  }
  bool Leave() {
    stack_.pop_back();
    if (place_ == Place::kVocab || place_ == Place::kMerges) place_ = Place::kSettings;
    return true;
  }
  bool Integer(int64_t value) {
    if (place_ != Place::kVocab) return Value(value);
    parts_->vocab.emplace_back(std::move(token_), value);
    return true;
  }
  bool MergeText(const std::string& text) {
    const size_t space = text.find(' ');
    if (space == std::string::npos || space == 0 || space + 1 == text.size() ||
        text.find(' ', space + 1) != std::string::npos) {
      return Fail("model.merges[{}] is {}, expected two tokens and a space between them",
                  parts_->merges.size(), Quote(text));
    }
    parts_->merges.emplace_back(text.substr(0, space), text.substr(space + 1));
    return true;
  }
  bool StartSettings(json value) {
    if (stack_.size() >= kMaxDepth) return Fail("objects are nested more than {} deep", kMaxDepth);
    json* place = nullptr;
    if (!Put(std::move(value), &place)) return false;
    if (stack_.size() == 1 && key_ == "model" && place != nullptr && place->is_object()) model_ = place;
    stack_.push_back(place);
    return true;
  }
  bool Value(json value) { return Put(std::move(value), nullptr); }
  // Into the container we are in; *place points at it there, nullptr if it does not matter.
  bool Put(json value, json** place) {
    if (place_ == Place::kVocab) return Fail("model.vocab: the id of {} is not an integer", Quote(token_));
    if (place_ != Place::kSettings) {
      return Fail("model.merges[{}] is neither a text nor a pair of texts", parts_->merges.size());
    }
    if (stack_.empty()) {
      if (!value.is_object()) return Fail("is not a JSON object");
      *settings_ = std::move(value);
      if (place != nullptr) *place = settings_;
      return true;
    }
    json* container = stack_.back();
    if (container == nullptr || (stack_.size() == 1 && !Matters(key_))) return true;
    if (++num_settings_ > kMaxSettings) return Fail("has more than {} settings", kMaxSettings);
    json* slot = nullptr;
    if (container->is_object()) {
      slot = &(*container)[key_];
      *slot = std::move(value);
    } else {
      container->push_back(std::move(value));
      slot = &container->back();
    }
    if (place != nullptr) *place = slot;
    return true;
  }
  static bool Matters(std::string_view key) {
    return key == "model" || key == "added_tokens" || key == "normalizer" || key == "pre_tokenizer" ||
           key == "post_processor" || key == "decoder";
  }

  const bool only_vocab_;
  TokenizerJsonParts* parts_;
  json* settings_;
  Place place_ = Place::kSettings;
  std::vector<json*> stack_;  // containers we are in; nullptr where their values are not kept as JSON
  json* model_ = nullptr;
  std::string key_, token_;
  std::pair<std::string, std::string> pair_;
  int pair_parts_ = 0;
  size_t num_settings_ = 0;
};

Status Run(std::string_view text, Reader* reader) {
  if (!json::sax_parse(text, reader)) {
    return reader->status.ok() ? InvalidArgument("not valid JSON") : reader->status;
  }
  return OkStatus();
}

}  // namespace

Status ReadTokenizerJson(std::string_view text, TokenizerJsonParts* parts, json* settings) {
  Reader reader(false, parts, settings);
  return Run(text, &reader);
}

Status ReadVocabJson(std::string_view text, VocabEntries* vocab) {
  TokenizerJsonParts parts;
  json settings;
  Reader reader(true, &parts, &settings);
  WEFT_RETURN_IF_ERROR(Run(text, &reader));
  *vocab = std::move(parts.vocab);
  return OkStatus();
}

}  // namespace weft
