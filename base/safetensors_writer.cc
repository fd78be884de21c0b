#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/quote.h"
#include "base/safetensors.h"
#include "base/safetensors_header.h"

namespace weft {

using internal::kMaxSafetensorsRank;
using internal::kSafetensorsMetadataKey;

namespace {

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const int length = Utf8Length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

Status CheckNames(std::span<const SafetensorsWriter::Spec> specs, std::string_view file) {
  std::vector<std::string_view> names;
  for (const auto& spec : specs) {
    const auto refuse = [&](std::string_view why) {
      return InvalidArgument("{}: tensor {} {}", file, Quote(spec.name), why);
    };
    if (spec.name == kSafetensorsMetadataKey) return refuse("has a name that the format keeps for itself");
    if (!IsUtf8(spec.name)) return refuse("has a name that is not UTF-8");
    if (spec.shape.size() > kMaxSafetensorsRank)
      return refuse(fmt::format("has more than {} dimensions", kMaxSafetensorsRank));
    if (SafetensorsName(spec.dtype).empty()) {
      return refuse(fmt::format("is {}, which the format lacks: store it as u8", Name(spec.dtype)));
    }
    names.push_back(spec.name);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) return InvalidArgument("{}: tensor {} is given twice", file, Quote(*twice));
  return OkStatus();
}

// Lays the specs out one behind the other, wider element types first.
StatusOr<std::vector<SafetensorsEntry>> LayOut(std::span<const SafetensorsWriter::Spec> specs,
                                               std::string_view file) {
  WEFT_RETURN_IF_ERROR(CheckNames(specs, file));
  std::vector<SafetensorsEntry> entries;
  for (const auto& spec : specs) {
    entries.push_back({.name = spec.name, .dtype = spec.dtype, .shape = spec.shape});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const SafetensorsEntry& a, const SafetensorsEntry& b) {
    return SizeInBits(a.dtype) > SizeInBits(b.dtype);
  });
  int64_t at = 0;
  for (SafetensorsEntry& e : entries) {
    const StatusOr<int64_t> bytes = CheckedSizeInBytes(e.dtype, e.shape);
    if (!bytes.ok()) return Prefix(fmt::format("{}: tensor {}", file, Quote(e.name)), bytes.status());
    e.begin = at;
    if (__builtin_add_overflow(at, *bytes, &at)) {
      return InvalidArgument("{}: the tensors' bytes do not fit 64 bits", file);
    }
    e.end = at;
  }
  return entries;
}

// The length and the header, padded with spaces to a multiple of 8 bytes.
StatusOr<std::string> PrintHeader(std::span<const SafetensorsEntry> entries,
                                  const SafetensorsMetadata& metadata, std::string_view file) {
  std::string header = "{";
  const auto comma = [&] { return header.size() > 1 ? "," : ""; };
  if (!metadata.empty())
    header += fmt::format("\"{}\":{}", kSafetensorsMetadataKey, DumpJson(Json(metadata)));
  for (const SafetensorsEntry& e : entries) {
    header += fmt::format("{}{}:{{\"dtype\":\"{}\",\"shape\":{},\"data_offsets\":[{},{}]}}", comma(),
                          DumpJson(Json(e.name)), SafetensorsName(e.dtype), DumpJson(Json(e.shape)), e.begin,
                          e.end);
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  if (static_cast<int64_t>(header.size()) > kMaxSafetensorsHeader) {
    return InvalidArgument("{}: the header has {} bytes, expected at most {}: too many tensors or metadata",
                           file, header.size(), kMaxSafetensorsHeader);
  }
  std::string length(8, '\0');
  for (int i = 0; i < 8; ++i) length[i] = static_cast<char>(header.size() >> (8 * i) & 0xff);
  return length + header;
}

}  // namespace

Status WriteSafetensors(const std::string& path, std::span<const NamedTensor> tensors,
                        const SafetensorsMetadata& metadata) {
  std::vector<SafetensorsWriter::Spec> specs;
  std::map<std::string_view, const Tensor*> by_name;
  for (const NamedTensor& t : tensors) {
    specs.push_back({t.name, t.tensor.dtype(), t.tensor.shape()});
    by_name[t.name] = &t.tensor;
  }
  WEFT_ASSIGN_OR_RETURN(SafetensorsWriter writer, SafetensorsWriter::Create(path, specs, metadata));
  for (const SafetensorsEntry& entry : writer.entries()) {
    const Tensor& tensor = *by_name[entry.name];
    WEFT_RETURN_IF_ERROR(writer.Append({static_cast<const std::byte*>(tensor.data()), tensor.size_bytes()}));
  }
  return writer.Commit();
}

StatusOr<SafetensorsWriter> SafetensorsWriter::Create(const std::string& path, std::span<const Spec> specs,
                                                      const SafetensorsMetadata& metadata) {
  const std::string shown = Quote(path, 1000);
  WEFT_ASSIGN_OR_RETURN(std::vector<SafetensorsEntry> entries, LayOut(specs, shown));
  WEFT_ASSIGN_OR_RETURN(const std::string header, PrintHeader(entries, metadata, shown));
  WEFT_ASSIGN_OR_RETURN(FileWriter file, FileWriter::Create(path));
  WEFT_RETURN_IF_ERROR(file.Write(header));
  SafetensorsWriter writer(std::move(file));
  writer.entries_ = std::move(entries);
  writer.header_bytes_ = static_cast<int64_t>(header.size());
  return writer;
}

Status SafetensorsWriter::Append(std::span<const std::byte> bytes) {
  const int64_t end = header_bytes_ + (entries_.empty() ? 0 : entries_.back().end);
  WEFT_CHECK(static_cast<int64_t>(bytes.size()) <= end - file_.position(), "more bytes than were announced");
  return file_.Write(bytes.data(), bytes.size());
}

Status SafetensorsWriter::Commit() {
  const int64_t end = header_bytes_ + (entries_.empty() ? 0 : entries_.back().end);
  WEFT_CHECK(file_.position() == end, "{} of {} bytes were given", file_.position(), end);
  return file_.Commit();
}

}  // namespace weft
