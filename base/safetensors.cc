#include "base/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "base/quote.h"
#include "base/safetensors_header.h"
#include "base/suggest.h"

namespace weft {

static_assert(std::endian::native == std::endian::little, "tensors are shared with little-endian files");

namespace {

constexpr int64_t kLengthBytes = 8;

uint64_t LittleEndian64(std::span<const std::byte> bytes) {
  uint64_t value = 0;
  std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

}  // namespace

StatusOr<SafetensorsFile> SafetensorsFile::Open(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> mapped, MappedFile::Open(path));
  const std::span<const std::byte> bytes = mapped->bytes();
  return FromBytes(bytes, path, std::move(mapped));
}

StatusOr<SafetensorsFile> SafetensorsFile::FromBytes(std::span<const std::byte> bytes, std::string path,
                                                     std::shared_ptr<const void> owner) {
  const std::string shown = Quote(path, 1000);
  const auto size = static_cast<int64_t>(bytes.size());
  if (size < kLengthBytes) {
    return DataLoss("{}: {} bytes, expected at least {}: not a safetensors file", shown, size, kLengthBytes);
  }
  const uint64_t length = LittleEndian64(bytes);
  if (length > static_cast<uint64_t>(kMaxSafetensorsHeader)) {
    return DataLoss("{}: the header claims {} bytes, expected at most {}: not a safetensors file", shown,
                    length, kMaxSafetensorsHeader);
  }
  const auto header_bytes = static_cast<int64_t>(length);
  if (header_bytes > size - kLengthBytes) {
    return DataLoss("{}: the header claims {} bytes, expected at most {} in a file of {}: truncated?", shown,
                    length, size - kLengthBytes, size);
  }
  SafetensorsFile file;
  const std::string_view header(reinterpret_cast<const char*>(bytes.data()) + kLengthBytes, header_bytes);
  file.data_ = bytes.subspan(kLengthBytes + header_bytes);
  WEFT_RETURN_IF_ERROR(internal::ParseSafetensorsHeader(header, static_cast<int64_t>(file.data_.size()),
                                                        shown, &file.entries_, &file.metadata_));
  const std::vector<SafetensorsEntry>& entries = file.entries_;
  file.by_name_.resize(entries.size());
  std::iota(file.by_name_.begin(), file.by_name_.end(), 0U);
  std::sort(file.by_name_.begin(), file.by_name_.end(),
            [&](uint32_t a, uint32_t b) { return entries[a].name < entries[b].name; });
  for (size_t i = 1; i < entries.size(); ++i) {
    const std::string& name = entries[file.by_name_[i]].name;
    if (name != entries[file.by_name_[i - 1]].name) continue;
    return DataLoss("{}: tensor {} appears twice", shown, Quote(name));
  }
  file.path_ = std::move(path);
  file.owner_ = std::move(owner);
  return file;
}

std::vector<std::string> SafetensorsFile::Names() const {
  std::vector<std::string> names;
  names.reserve(entries_.size());
  for (const uint32_t i : by_name_) names.push_back(entries_[i].name);
  return names;
}

const SafetensorsEntry* SafetensorsFile::Find(std::string_view name) const {
  const auto found = std::lower_bound(by_name_.begin(), by_name_.end(), name,
                                      [&](uint32_t i, std::string_view n) { return entries_[i].name < n; });
  return found == by_name_.end() || entries_[*found].name != name ? nullptr : &entries_[*found];
}

StatusOr<Tensor> SafetensorsFile::Get(std::string_view name) const {
  const SafetensorsEntry* entry = Find(name);
  if (entry == nullptr) {
    return NotFound("{}: there is no tensor {}{}", Quote(path_, 1000), Quote(name),
                    DidYouMean(name, Names()));
  }
  const std::byte* data = data_.data() + entry->begin;
  const int64_t bytes = entry->end - entry->begin;
  if (entry->dtype == DataType::kBool) {
    for (int64_t i = 0; i < bytes; ++i) {
      if (static_cast<uint8_t>(data[i]) <= 1) continue;
      return DataLoss("{}: tensor {}: element {} is {}, expected 0 or 1 (BOOL)", Quote(path_, 1000),
                      Quote(name), i, static_cast<int>(data[i]));
    }
  }
  if (bytes == 0) return Tensor::Allocate(entry->dtype, entry->shape);
  const size_t element = static_cast<size_t>(SizeInBits(entry->dtype) / 8);
  if (reinterpret_cast<uintptr_t>(data) % element == 0) {
    return Tensor::View(entry->dtype, entry->shape, data, owner_);
  }
  WEFT_ASSIGN_OR_RETURN(Tensor copy, Tensor::Allocate(entry->dtype, entry->shape));
  std::memcpy(copy.mutable_data(), data, static_cast<size_t>(bytes));
  return copy;
}

}  // namespace weft
