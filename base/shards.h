// Token shards in llm.c's .bin layout, and a directory of them as one long sequence.
//
//   256 int32   [0] magic, [1] version, [2] number of tokens, [3] vocabulary size (0: not said),
//               [4] [5] XXH64 of the token bytes, low word first (0 0: not said); the rest 0
//   tokens      u16 (magic 20240520, version 1) or u32 (magic 20240801, version 7), little-endian
//
// llm.c reads [0] to [2] only. Invariant: the file has exactly 1024 + tokens * width bytes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/hash.h"
#include "base/status.h"

namespace weft {

inline constexpr int64_t kShardHeaderBytes = 1024;
inline constexpr int64_t kMaxShardTokens = INT32_MAX;  // the count is an int32

// u16 while every id fits: the width (2 or 4) of ids of a vocabulary of `size`.
int TokenWidth(int64_t vocabulary_size);

class TokenShard {
 public:
  // The header is checked, the tokens are not read.
  static StatusOr<TokenShard> Open(const std::string& path);
  // The same for bytes in memory that `owner` keeps alive; `path` is used in errors only.
  static StatusOr<TokenShard> FromBytes(std::span<const std::byte> bytes, std::string path,
                                        std::shared_ptr<const void> owner);

  int64_t size() const { return size_; }  // tokens
  int width() const { return width_; }    // bytes a token: 2 or 4
  int64_t vocabulary_size() const { return vocabulary_size_; }
  uint64_t content_hash() const { return hash_; }  // of the tokens, as the header says it; 0: not said
  const std::string& path() const { return path_; }
  uint32_t token(int64_t i) const;  // 0 <= i < size()
  // out[k] = token(begin + k). CHECKs the range.
  void Copy(int64_t begin, std::span<int32_t> out) const;
  void Copy(int64_t begin, std::span<int64_t> out) const;
  // Reads every token: the hash, where there is one, and ids below the vocabulary size, where the file or the
  // caller says it.
  Status Verify(int64_t vocabulary_size = 0) const;

 private:
  std::string path_;
  std::shared_ptr<const void> owner_;
  const std::byte* tokens_ = nullptr;
  int64_t size_ = 0;
  int width_ = 2;
  int64_t vocabulary_size_ = 0;
  uint64_t hash_ = 0;
};

// Writes one shard as a stream; it appears with Commit().
class TokenShardWriter {
 public:
  // `vocabulary_size` chooses the width and bounds the ids.
  static StatusOr<TokenShardWriter> Create(const std::string& path, int64_t vocabulary_size);
  // An id outside the vocabulary, or more than kMaxShardTokens in all: OutOfRange.
  Status Append(std::span<const uint32_t> ids);
  int64_t size() const { return size_; }
  Status Commit();

 private:
  TokenShardWriter(FileWriter file, int64_t vocabulary_size);
  FileWriter file_;
  int64_t vocabulary_size_;
  int width_;
  int64_t size_ = 0;
  ContentHash hash_;
};

// SPLIT-00000.bin, SPLIT-00001.bin, ... in a directory, each full but the last. At least one, maybe empty.
class TokenShardSetWriter {
 public:
  static StatusOr<TokenShardSetWriter> Create(const std::string& directory, std::string_view split,
                                              int64_t vocabulary_size,
                                              int64_t tokens_per_shard = int64_t{100'000'000});
  Status Append(std::span<const uint32_t> ids);
  int64_t size() const { return size_; }  // tokens in all shards
  int num_shards() const { return num_shards_; }
  Status Commit();

 private:
  TokenShardSetWriter(std::string prefix, int64_t vocabulary_size, int64_t tokens_per_shard,
                      TokenShardWriter first);
  std::string prefix_;
  int64_t vocabulary_size_, tokens_per_shard_;
  TokenShardWriter current_;
  int num_shards_ = 1;
  int64_t size_ = 0;
};

// Shards one behind the other, as one sequence of tokens.
class TokenDataset {
 public:
  // All SPLIT-*.bin of a data directory, by name; NotFound if there is none. Numbered ones without a hole.
  static StatusOr<TokenDataset> OpenSplit(const std::string& directory, std::string_view split);
  // The files given, in that order. They must agree on the width and, where said, the vocabulary.
  static StatusOr<TokenDataset> Open(std::span<const std::string> paths);

  int64_t size() const { return begins_.empty() ? 0 : begins_.back(); }  // tokens
  int width() const { return shards_.empty() ? 2 : shards_.front().width(); }
  int64_t vocabulary_size() const { return vocabulary_size_; }  // 0 if no shard says it
  const std::vector<TokenShard>& shards() const { return shards_; }
  uint32_t token(int64_t i) const;
  // out[k] = token(begin + k), across shards. CHECKs the range.
  void Copy(int64_t begin, std::span<int32_t> out) const;
  void Copy(int64_t begin, std::span<int64_t> out) const;

 private:
  size_t ShardOf(int64_t token) const;
  template <class T>
  void CopyAcross(int64_t begin, std::span<T> out) const;
  std::vector<TokenShard> shards_;
  std::vector<int64_t> begins_;  // begins_[k]: first token of shard k; one more: the size
  int64_t vocabulary_size_ = 0;
};

}  // namespace weft
