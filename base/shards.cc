#include "base/shards.h"

#include <algorithm>
#include <cstring>

#include "base/quote.h"

namespace weft {
namespace {

struct Kind {
  int32_t magic, version;
  int width;
};
constexpr Kind kKinds[] = {{20240520, 1, 2}, {20240801, 7, 4}};

enum HeaderWord { kMagic, kVersion, kCount, kVocabulary, kHashLow, kHashHigh, kHeaderWords = 256 };

template <class Stored, class T>
void CopyTokens(const std::byte* tokens, int64_t begin, std::span<T> out) {
  const auto* from = reinterpret_cast<const Stored*>(tokens) + begin;
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<T>(from[i]);
}

}  // namespace

int TokenWidth(int64_t vocabulary_size) { return vocabulary_size <= 65536 ? 2 : 4; }

StatusOr<TokenShard> TokenShard::Open(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> mapped, MappedFile::Open(path));
  const std::span<const std::byte> bytes = mapped->bytes();
  return FromBytes(bytes, path, std::move(mapped));
}

StatusOr<TokenShard> TokenShard::FromBytes(std::span<const std::byte> bytes, std::string path,
                                           std::shared_ptr<const void> owner) {
  const std::string shown = Quote(path, 1000);
  if (static_cast<int64_t>(bytes.size()) < kShardHeaderBytes) {
    return DataLoss("{}: {} bytes, expected a header of {}: not a token shard", shown, bytes.size(),
                    kShardHeaderBytes);
  }
  int32_t header[kHeaderWords];
  std::memcpy(header, bytes.data(), sizeof(header));
  const auto* kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const Kind& k) { return k.magic == header[kMagic]; });
  if (kind == std::end(kKinds)) {
    return DataLoss("{}: magic {}, expected {} (u16) or {} (u32): not a token shard", shown, header[kMagic],
                    kKinds[0].magic, kKinds[1].magic);
  }
  if (header[kVersion] != kind->version) {
    return DataLoss("{}: version {}, expected {}", shown, header[kVersion], kind->version);
  }
  const int64_t count = header[kCount];
  const int64_t expected = kShardHeaderBytes + count * kind->width;
  if (count < 0 || expected != static_cast<int64_t>(bytes.size())) {
    return DataLoss("{}: {} bytes, expected {} (header and {} tokens of {} bytes): truncated?", shown,
                    bytes.size(), expected, count, kind->width);
  }
  if (header[kVocabulary] < 0) return DataLoss("{}: vocabulary of {}", shown, header[kVocabulary]);
  TokenShard shard;
  shard.path_ = std::move(path);
  shard.owner_ = std::move(owner);
  shard.tokens_ = bytes.data() + kShardHeaderBytes;
  shard.size_ = count;
  shard.width_ = kind->width;
  shard.vocabulary_size_ = header[kVocabulary];
  shard.hash_ = static_cast<uint64_t>(static_cast<uint32_t>(header[kHashHigh])) << 32 |
                static_cast<uint32_t>(header[kHashLow]);
  return shard;
}

uint32_t TokenShard::token(int64_t i) const {
  WEFT_CHECK(i >= 0 && i < size_, "token {} of {}", i, size_);
  if (width_ == 2) return reinterpret_cast<const uint16_t*>(tokens_)[i];
  return reinterpret_cast<const uint32_t*>(tokens_)[i];
}

void TokenShard::Copy(int64_t begin, std::span<int32_t> out) const {
  WEFT_CHECK(begin >= 0 && begin + static_cast<int64_t>(out.size()) <= size_, "tokens from {} of {}", begin,
             size_);
  return width_ == 2 ? CopyTokens<uint16_t>(tokens_, begin, out) : CopyTokens<uint32_t>(tokens_, begin, out);
}

void TokenShard::Copy(int64_t begin, std::span<int64_t> out) const {
  WEFT_CHECK(begin >= 0 && begin + static_cast<int64_t>(out.size()) <= size_, "tokens from {} of {}", begin,
             size_);
  return width_ == 2 ? CopyTokens<uint16_t>(tokens_, begin, out) : CopyTokens<uint32_t>(tokens_, begin, out);
}

Status TokenShard::Verify(int64_t vocabulary_size) const {
  const std::string shown = Quote(path_, 1000);
  if (hash_ != 0) {
    const uint64_t hash = HashContents({tokens_, static_cast<size_t>(size_ * width_)});
    if (hash != hash_) {
      return DataLoss("{}: the tokens hash to {}, expected {}: damaged", shown, HashText(hash),
                      HashText(hash_));
    }
  }
  int64_t limit = vocabulary_size_;
  if (limit == 0 || (vocabulary_size > 0 && vocabulary_size < limit)) limit = vocabulary_size;
  if (limit == 0) return OkStatus();
  for (int64_t i = 0; i < size_; ++i) {
    if (token(i) < limit) continue;
    return DataLoss("{}: token {} is {}, expected less than the vocabulary of {}", shown, i, token(i), limit);
  }
  return OkStatus();
}

StatusOr<TokenShardWriter> TokenShardWriter::Create(const std::string& path, int64_t vocabulary_size) {
  if (vocabulary_size < 1 || vocabulary_size > INT32_MAX) {
    return InvalidArgument("{}: a vocabulary of {}, expected 1 to {}", Quote(path, 1000), vocabulary_size,
                           INT32_MAX);
  }
  WEFT_ASSIGN_OR_RETURN(FileWriter file, FileWriter::Create(path));
  const std::string blank(kShardHeaderBytes, '\0');
  WEFT_RETURN_IF_ERROR(file.Write(blank));
  return TokenShardWriter(std::move(file), vocabulary_size);
}

TokenShardWriter::TokenShardWriter(FileWriter file, int64_t vocabulary_size)
    : file_(std::move(file)), vocabulary_size_(vocabulary_size), width_(TokenWidth(vocabulary_size)) {}

Status TokenShardWriter::Append(std::span<const uint32_t> ids) {
  constexpr size_t kPiece = 4096;
  if (static_cast<int64_t>(ids.size()) > kMaxShardTokens - size_) {
    return OutOfRange("a token shard holds at most {} tokens", kMaxShardTokens);
  }
  for (const uint32_t id : ids) {
    if (id >= vocabulary_size_) return OutOfRange("token {} in a vocabulary of {}", id, vocabulary_size_);
  }
  size_ += static_cast<int64_t>(ids.size());
  if (width_ == 4) {
    hash_.Add(std::as_bytes(ids));
    return file_.Write(ids.data(), ids.size_bytes());
  }
  uint16_t narrow[kPiece];
  while (!ids.empty()) {
    const size_t n = std::min(ids.size(), kPiece);
    for (size_t i = 0; i < n; ++i) narrow[i] = static_cast<uint16_t>(ids[i]);
    ids = ids.subspan(n);
    hash_.Add(narrow, n * sizeof(uint16_t));
    WEFT_RETURN_IF_ERROR(file_.Write(narrow, n * sizeof(uint16_t)));
  }
  return OkStatus();
}

Status TokenShardWriter::Commit() {
  const Kind& kind = kKinds[width_ == 2 ? 0 : 1];
  const uint64_t hash = hash_.Value();
  int32_t header[kHeaderWords] = {};
  header[kMagic] = kind.magic;
  header[kVersion] = kind.version;
  header[kCount] = static_cast<int32_t>(size_);
  header[kVocabulary] = static_cast<int32_t>(vocabulary_size_);
  header[kHashLow] = static_cast<int32_t>(hash);
  header[kHashHigh] = static_cast<int32_t>(hash >> 32);
  WEFT_RETURN_IF_ERROR(file_.WriteAt(0, header, sizeof(header)));
  return file_.Commit();
}

}  // namespace weft
