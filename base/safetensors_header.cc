#include "base/safetensors_header.h"

#include <algorithm>
#include <exception>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/json.h"
#include "base/json_error.h"
#include "base/quote.h"

namespace weft::internal {
namespace {

struct TypeName {
  std::string_view name;
  DataType type;
};
constexpr TypeName kTypeNames[] = {
    {"F64", DataType::kF64}, {"F32", DataType::kF32},        {"BF16", DataType::kBF16},
    {"F16", DataType::kF16}, {"F8_E4M3", DataType::kF8E4M3}, {"F8_E5M2", DataType::kF8E5M2},
    {"I64", DataType::kI64}, {"I32", DataType::kI32},        {"I8", DataType::kI8},
    {"U64", DataType::kU64}, {"U32", DataType::kU32},        {"U16", DataType::kU16},
    {"U8", DataType::kU8},   {"BOOL", DataType::kBool},
};
constexpr std::string_view kExpectedTypes =
    "F64 F32 BF16 F16 F8_E4M3 F8_E5M2 I64 I32 I8 U64 U32 U16 U8 or BOOL";

// The events of {"NAME": {"dtype": S, "shape": [N...], "data_offsets": [N, N]}}: `level_` counts open
// brackets (1 in the root, 2 in an entry, 3 in one of its lists).
class Reader final : public nlohmann::json_sax<Json> {
 public:
  Reader(std::vector<SafetensorsEntry>* entries, SafetensorsMetadata* metadata)
      : entries_(*entries), metadata_(*metadata) {}
  const std::string& error() const { return error_; }

  bool null() override { return Unexpected("null"); }
  bool boolean(bool value) override { return Unexpected(value ? "true" : "false"); }
  bool number_float(double, const std::string& text) override { return Unexpected(Quote(text, 40)); }
  bool number_integer(int64_t value) override { return Unexpected(fmt::format("{}", value)); }
  bool binary(Json::binary_t&) override { return Unexpected("binary"); }

  bool number_unsigned(uint64_t value) override {
    if (level_ != 3) return Unexpected(fmt::format("{}", value));
    if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      return Unexpected(fmt::format("{}", value));
    }
    std::vector<int64_t>& list = field_ == Field::kShape ? entries_.back().shape : offsets_;
    if (list.size() >= (field_ == Field::kShape ? kMaxSafetensorsRank : 2)) {
      return Fail(field_ == Field::kShape
                      ? fmt::format("shape has more than {} dimensions", kMaxSafetensorsRank)
                      : "data_offsets holds more than 2 numbers, expected [begin, end]");
    }
    list.push_back(static_cast<int64_t>(value));
    return true;
  }

  bool string(std::string& value) override {
    if (level_ == 2 && in_metadata_) {
      metadata_value_->assign(std::move(value));
      return true;
    }
    if (level_ != 2 || field_ != Field::kDtype) return Unexpected(Quote(value, 40));
    for (const TypeName& row : kTypeNames) {
      if (row.name != value) continue;
      entries_.back().dtype = row.type;
      return true;
    }
    if (value == "I16") {
      return Fail(
          fmt::format("dtype I16 is not supported (weft has no 16-bit signed integers): convert it "
                      "to I32; expected {}",
                      kExpectedTypes));
    }
    return Fail(fmt::format("dtype {} is unknown, expected {}", Quote(value, 40), kExpectedTypes));
  }

  bool start_object(size_t) override {
    if (level_ > 1) return Unexpected("an object");
    ++level_;
    return true;
  }

  bool key(std::string& name) override {
    if (level_ == 1) return StartEntry(name);
    if (in_metadata_) {
      const auto [slot, is_new] = metadata_.try_emplace(name);
      metadata_value_ = &slot->second;
      return is_new || Fail(fmt::format("the key {} appears twice", Quote(name)));
    }
    field_ = name == "dtype"          ? Field::kDtype
             : name == "shape"        ? Field::kShape
             : name == "data_offsets" ? Field::kOffsets
                                      : Field::kNone;
    if (field_ == Field::kNone) {
      return Fail(fmt::format("unknown field {}, expected dtype, shape and data_offsets", Quote(name)));
    }
    bool& seen = seen_[static_cast<int>(field_)];
    if (seen) return Fail(fmt::format("'{}' appears twice", name));
    seen = true;
    return true;
  }

  bool start_array(size_t) override {
    if (level_ != 2 || in_metadata_ || field_ == Field::kDtype) return Unexpected("a list");
    ++level_;
    return true;
  }

  bool end_array() override {
    --level_;
    if (field_ != Field::kOffsets) return true;
    if (offsets_.size() != 2) return Fail("data_offsets holds fewer than 2 numbers, expected [begin, end]");
    entries_.back().begin = offsets_[0];
    entries_.back().end = offsets_[1];
    return true;
  }

  bool end_object() override {
    --level_;
    if (level_ == 0 || in_metadata_) return true;
    constexpr std::string_view kFields[] = {"dtype", "shape", "data_offsets"};
    for (int i = 0; i < 3; ++i) {
      if (!seen_[i]) return Fail(fmt::format("'{}' is missing", kFields[i]));
    }
    return true;
  }

  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception& error) override {
    error_ = fmt::format("header: {}", DescribeJsonError(error.what()));
    return false;
  }

 private:
  enum class Field { kDtype, kShape, kOffsets, kNone };

  bool StartEntry(std::string& name) {
    in_metadata_ = name == kSafetensorsMetadataKey;
    if (in_metadata_) {
      if (seen_metadata_) return Fail("appears twice");
      seen_metadata_ = true;
      return true;
    }
    entries_.emplace_back().name = std::move(name);
    std::fill(std::begin(seen_), std::end(seen_), false);
    offsets_.clear();
    return true;
  }

  std::string_view Expected() const {
    if (level_ == 0) return "an object of tensors";
    if (level_ == 1) return "an object";
    if (in_metadata_) return "a string";
    switch (field_) {
      case Field::kDtype:
        return "dtype to be a string";
      case Field::kShape:
        return level_ == 2 ? "shape to be a list" : "shape to hold whole numbers >= 0";
      default:
        return level_ == 2 ? "data_offsets to be a list" : "data_offsets to hold whole numbers >= 0";
    }
  }
  bool Unexpected(std::string_view got) { return Fail(fmt::format("expected {}, got {}", Expected(), got)); }

  bool Fail(std::string_view error) {
    if (level_ == 0 || (entries_.empty() && !in_metadata_)) {
      error_ = fmt::format("header: {}", error);
    } else {
      error_ = in_metadata_ ? fmt::format("{}: {}", kSafetensorsMetadataKey, error)
                            : fmt::format("tensor {}: {}", Quote(entries_.back().name), error);
    }
    return false;
  }

  std::vector<SafetensorsEntry>& entries_;
  SafetensorsMetadata& metadata_;
  int level_ = 0;
  bool in_metadata_ = false;
  bool seen_metadata_ = false;
  std::string* metadata_value_ = nullptr;
  Field field_ = Field::kNone;
  bool seen_[3] = {};
  std::vector<int64_t> offsets_;
  std::string error_;
};

// Type, shape and range of each agree, and the ranges in order cover the data without gap or overlap.
Status CheckRanges(std::span<const SafetensorsEntry> entries, int64_t data_bytes, std::string_view file) {
  int64_t at = 0;
  for (const SafetensorsEntry& e : entries) {
    const auto error = [&](std::string_view what) {
      return DataLoss("{}: tensor {}: {}", file, Quote(e.name), what);
    };
    const StatusOr<int64_t> bytes = CheckedSizeInBytes(e.dtype, e.shape);
    if (!bytes.ok()) return error(Message(bytes.status()));
    if (e.begin > e.end || e.end > data_bytes) {
      return error(fmt::format("data_offsets [{}, {}] lie outside the file's {} bytes of data", e.begin,
                               e.end, data_bytes));
    }
    if (e.end - e.begin != *bytes) {
      return error(fmt::format("data_offsets [{}, {}] hold {} bytes, expected {} ({} {})", e.begin, e.end,
                               e.end - e.begin, *bytes, SafetensorsName(e.dtype), ToString(e.shape)));
    }
    if (e.begin != at) {
      return error(fmt::format("data_offsets begin at {}, expected {}: there is {} before it", e.begin, at,
                               e.begin < at ? "an overlap" : "a gap"));
    }
    at = e.end;
  }
  if (at == data_bytes) return OkStatus();
  return DataLoss("{}: {} bytes follow the last tensor, expected none", file, data_bytes - at);
}

}  // namespace

Status ParseSafetensorsHeader(std::string_view header, int64_t data_bytes, std::string_view file,
                              std::vector<SafetensorsEntry>* entries, SafetensorsMetadata* metadata) try {
  if (!header.starts_with('{')) {
    return DataLoss("{}: the header begins with {}, expected '{{': not a safetensors file", file,
                    Quote(header.substr(0, 8)));
  }
  Reader reader(entries, metadata);
  if (!Json::sax_parse(header.begin(), header.end(), &reader)) {
    return DataLoss("{}: {}", file, reader.error());
  }
  // Empty tensors lie before the one that begins where they do, else in the header's order.
  std::stable_sort(entries->begin(), entries->end(),
                   [](const SafetensorsEntry& a, const SafetensorsEntry& b) {
                     return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
                   });
  return CheckRanges(*entries, data_bytes, file);
} catch (const std::exception& error) {
  return ResourceExhausted("{}: {}", file, DescribeJsonError(error.what()));
}

}  // namespace weft::internal

namespace weft {

std::string_view SafetensorsName(DataType type) {
  for (const auto& row : internal::kTypeNames) {
    if (row.type == type) return row.name;
  }
  return {};
}

}  // namespace weft
