#include "base/json.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <exception>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json_error.h"
#include "base/quote.h"
#include "base/suggest.h"

namespace weft {

namespace internal {

std::string DescribeJsonError(std::string_view what) {
  // "[json.exception.parse_error.101] parse error at line 1, column 2: REASON; last read: 'TEXT'; expected X"
  if (const size_t tag = what.find("] "); tag != std::string_view::npos) what.remove_prefix(tag + 2);
  constexpr std::string_view kAt = "parse error at ";
  if (what.starts_with(kAt)) what.remove_prefix(kAt.size());
  const size_t read = what.find("; last read: '");
  if (read == std::string_view::npos) return std::string(what.substr(0, 200));
  std::string text(what.substr(0, read));
  const size_t expected = what.rfind("; expected ");
  if (expected != std::string_view::npos && expected > read) text += what.substr(expected, 200);
  return text;
}

}  // namespace internal

namespace {

// Builds the value event by event, so that depth and doubled keys are seen before they cost anything.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  explicit Builder(int max_depth) : max_depth_(max_depth) {}
  Json& root() { return root_; }
  const std::string& error() const { return error_; }

  bool null() override { return Put(nullptr); }
  bool boolean(bool value) override { return Put(value); }
  bool number_integer(int64_t value) override { return Put(value); }
  bool number_unsigned(uint64_t value) override { return Put(value); }
  bool number_float(double value, const std::string&) override { return Put(value); }
  bool string(std::string& value) override { return Put(std::move(value)); }
  bool binary(Json::binary_t&) override { return Fail("binary values are not JSON"); }
  bool start_object(size_t) override { return Open(Json::object()); }
  bool start_array(size_t) override { return Open(Json::array()); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool key(std::string& name) override {
    const auto [field, is_new] = open_.back()->get_ref<Json::object_t&>().try_emplace(name);
    if (!is_new) return Fail(fmt::format("the key {} appears twice in one object", Quote(name)));
    field_ = &field->second;
    return true;
  }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception& error) override {
    return Fail(internal::DescribeJsonError(error.what()));
  }

 private:
  // Stores a value in its place, which stays valid while it is open: nothing else is added to its parent.
  Json* Place(Json&& value) {
    Json* place = &root_;
    if (!open_.empty() && open_.back()->is_array()) {
      auto& array = open_.back()->get_ref<Json::array_t&>();
      place = &array.emplace_back();
    } else if (!open_.empty()) {
      place = field_;
    }
    *place = std::move(value);
    return place;
  }
  bool Put(Json&& value) {
    Place(std::move(value));
    return true;
  }
  bool Open(Json&& value) {
    if (static_cast<int>(open_.size()) >= max_depth_) {
      return Fail(fmt::format("nested deeper than {} levels", max_depth_));
    }
    open_.push_back(Place(std::move(value)));
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }
  bool Fail(std::string error) {
    error_ = std::move(error);
    return false;
  }

  int max_depth_;
  Json root_;
  std::vector<Json*> open_;
  Json* field_ = nullptr;
  std::string error_;
};

// A short description of what was there instead.
std::string Got(const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return fmt::format("a list of {}", value.size());
    case Json::value_t::string:
      return Quote(value.get_ref<const std::string&>(), 60);
    default:
      return DumpJson(value);
  }
}

StatusOr<const Json*> Field(const Json& object, std::string_view field, std::string_view expected,
                            std::string_view where) {
  if (!object.is_object()) {
    return InvalidArgument("{}: expected an object with field '{}', got {}", where, field, Got(object));
  }
  const auto found = object.find(field);
  if (found == object.end())
    return InvalidArgument("{}: '{}' is missing, expected {}", where, field, expected);
  return &*found;
}

Status Mismatch(const Json& value, std::string_view field, std::string_view expected,
                std::string_view where) {
  return InvalidArgument("{}: '{}' is {}, expected {}", where, field, Got(value), expected);
}

bool ToInt(const Json& value, int64_t* out) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<uint64_t>();
    *out = static_cast<int64_t>(number);
    return number <= static_cast<uint64_t>(INT64_MAX);
  }
  if (value.is_number_integer()) {
    *out = value.get<int64_t>();
    return true;
  }
  if (!value.is_number_float()) return false;
  const auto number = value.get<double>();
  if (std::abs(number) > 0x1p53 || number != std::floor(number)) return false;  // also NaN
  *out = static_cast<int64_t>(number);
  return true;
}

bool IsAbsent(const Json& object, std::string_view field) {
  if (!object.is_object()) return false;  // the getter tells
  const auto found = object.find(field);
  return found == object.end() || found->is_null();
}

}  // namespace

StatusOr<Json> ParseJson(std::string_view text, std::string_view where, int max_depth) try {
  Builder builder(max_depth);
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) {
    return InvalidArgument("{}: {}", where, builder.error());
  }
  return std::move(builder.root());
} catch (const std::exception& error) {
  return ResourceExhausted("{}: {}", where, internal::DescribeJsonError(error.what()));
}

StatusOr<Json> ReadJsonFile(const std::string& path, int64_t limit) {
  WEFT_ASSIGN_OR_RETURN(const std::string text, ReadFile(path, limit));
  return ParseJson(text, Quote(path, 1000));
}

std::string DumpJson(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

double DecimalOf(float x) {
  const std::string text = fmt::format("{}", x);
  double value = x;  // NaN and infinities stay
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Status WriteJsonFile(const std::string& path, const Json& json) {
  return WriteFileAtomically(path, DumpJson(json, 2) + "\n");
}

StatusOr<int64_t> GetInt(const Json& object, std::string_view field, std::string_view where) {
  WEFT_ASSIGN_OR_RETURN(const Json* value, Field(object, field, "an integer", where));
  int64_t number;
  if (!ToInt(*value, &number)) return Mismatch(*value, field, "an integer of 64 bits", where);
  return number;
}

StatusOr<double> GetDouble(const Json& object, std::string_view field, std::string_view where) {
  WEFT_ASSIGN_OR_RETURN(const Json* value, Field(object, field, "a number", where));
  if (!value->is_number()) return Mismatch(*value, field, "a number", where);
  return value->get<double>();
}

StatusOr<bool> GetBool(const Json& object, std::string_view field, std::string_view where) {
  WEFT_ASSIGN_OR_RETURN(const Json* value, Field(object, field, "true or false", where));
  if (!value->is_boolean()) return Mismatch(*value, field, "true or false", where);
  return value->get<bool>();
}

StatusOr<std::string> GetString(const Json& object, std::string_view field, std::string_view where) {
  WEFT_ASSIGN_OR_RETURN(const Json* value, Field(object, field, "a string", where));
  if (!value->is_string()) return Mismatch(*value, field, "a string", where);
  return value->get<std::string>();
}

StatusOr<const Json*> GetArray(const Json& object, std::string_view field, std::string_view where) {
  WEFT_ASSIGN_OR_RETURN(const Json* value, Field(object, field, "a list", where));
  if (!value->is_array()) return Mismatch(*value, field, "a list", where);
  return value;
}

StatusOr<const Json*> GetObject(const Json& object, std::string_view field, std::string_view where) {
  WEFT_ASSIGN_OR_RETURN(const Json* value, Field(object, field, "an object", where));
  if (!value->is_object()) return Mismatch(*value, field, "an object", where);
  return value;
}

StatusOr<std::vector<int64_t>> GetInts(const Json& object, std::string_view field, std::string_view where) {
  WEFT_ASSIGN_OR_RETURN(const Json* list, GetArray(object, field, where));
  std::vector<int64_t> numbers(list->size());
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (ToInt((*list)[i], &numbers[i])) continue;
    return Mismatch((*list)[i], fmt::format("{}[{}]", field, i), "an integer of 64 bits", where);
  }
  return numbers;
}

StatusOr<std::vector<std::string>> GetStrings(const Json& object, std::string_view field,
                                              std::string_view where) {
  WEFT_ASSIGN_OR_RETURN(const Json* list, GetArray(object, field, where));
  std::vector<std::string> strings;
  for (size_t i = 0; i < list->size(); ++i) {
    const Json& item = (*list)[i];
    if (!item.is_string()) return Mismatch(item, fmt::format("{}[{}]", field, i), "a string", where);
    strings.push_back(item.get<std::string>());
  }
  return strings;
}

StatusOr<int64_t> GetIntOr(const Json& object, std::string_view field, int64_t otherwise,
                           std::string_view where) {
  if (IsAbsent(object, field)) return otherwise;
  return GetInt(object, field, where);
}

StatusOr<double> GetDoubleOr(const Json& object, std::string_view field, double otherwise,
                             std::string_view where) {
  if (IsAbsent(object, field)) return otherwise;
  return GetDouble(object, field, where);
}

StatusOr<bool> GetBoolOr(const Json& object, std::string_view field, bool otherwise, std::string_view where) {
  if (IsAbsent(object, field)) return otherwise;
  return GetBool(object, field, where);
}

StatusOr<std::string> GetStringOr(const Json& object, std::string_view field, std::string_view otherwise,
                                  std::string_view where) {
  if (IsAbsent(object, field)) return std::string(otherwise);
  return GetString(object, field, where);
}

Status RefuseUnknownFields(const Json& json, std::span<const std::string_view> known,
                           std::string_view where) {
  if (!json.is_object()) return InvalidArgument("{}: expected an object, got {}", where, Got(json));
  for (const auto& [name, value] : json.items()) {
    bool found = false;
    for (const std::string_view field : known) found = found || field == name;
    if (!found) return InvalidArgument("{}: unknown field {}{}", where, Quote(name), DidYouMean(name, known));
  }
  return OkStatus();
}

}  // namespace weft
