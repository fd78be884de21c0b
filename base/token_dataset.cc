#include <algorithm>

#include "base/quote.h"
#include "base/shards.h"

namespace weft {
namespace {

std::string ShardName(std::string_view split, int number) {
  return fmt::format("{}-{:05}.bin", split, number);
}

}  // namespace

StatusOr<TokenShardSetWriter> TokenShardSetWriter::Create(const std::string& directory,
                                                          std::string_view split, int64_t vocabulary_size,
                                                          int64_t tokens_per_shard) {
  if (tokens_per_shard < 1 || tokens_per_shard > kMaxShardTokens) {
    return InvalidArgument("{} tokens a shard, expected 1 to {}", tokens_per_shard, kMaxShardTokens);
  }
  std::string prefix = JoinPath(directory, split);
  WEFT_ASSIGN_OR_RETURN(TokenShardWriter first,
                        TokenShardWriter::Create(ShardName(prefix, 0), vocabulary_size));
  return TokenShardSetWriter(std::move(prefix), vocabulary_size, tokens_per_shard, std::move(first));
}

TokenShardSetWriter::TokenShardSetWriter(std::string prefix, int64_t vocabulary_size,
                                         int64_t tokens_per_shard, TokenShardWriter first)
    : prefix_(std::move(prefix)),
      vocabulary_size_(vocabulary_size),
      tokens_per_shard_(tokens_per_shard),
      current_(std::move(first)) {}

Status TokenShardSetWriter::Append(std::span<const uint32_t> ids) {
  while (!ids.empty()) {
    if (current_.size() == tokens_per_shard_) {
      WEFT_RETURN_IF_ERROR(current_.Commit());
      WEFT_ASSIGN_OR_RETURN(current_,
                            TokenShardWriter::Create(ShardName(prefix_, num_shards_), vocabulary_size_));
      ++num_shards_;
    }
    const size_t n = std::min(ids.size(), static_cast<size_t>(tokens_per_shard_ - current_.size()));
    WEFT_RETURN_IF_ERROR(current_.Append(ids.first(n)));
    size_ += static_cast<int64_t>(n);
    ids = ids.subspan(n);
  }
  return OkStatus();
}

Status TokenShardSetWriter::Commit() { return current_.Commit(); }

StatusOr<TokenDataset> TokenDataset::OpenSplit(const std::string& directory, std::string_view split) {
  WEFT_ASSIGN_OR_RETURN(const std::vector<std::string> names, ListDirectory(directory));
  std::vector<std::string> paths;
  for (const std::string& name : names) {
    const bool of_split = name.starts_with(split) && name.substr(split.size()).starts_with('-');
    if (of_split && name.ends_with(".bin")) paths.push_back(JoinPath(directory, name));
  }
  if (paths.empty()) {
    return NotFound("{} holds no '{}-*.bin': prepare it with 'weft data prepare'", Quote(directory, 1000),
                    split);
  }
  // A lost shard in the middle would shift every window behind it without a word.
  const bool our_numbers = Exists(JoinPath(directory, ShardName(split, 0)));
  for (size_t i = 0; our_numbers && i < paths.size(); ++i) {
    const std::string expected = JoinPath(directory, ShardName(split, static_cast<int>(i)));
    if (paths[i] == expected) continue;
    return NotFound("{} is missing: {} follows", Quote(expected, 1000), Quote(paths[i], 1000));
  }
  return Open(paths);
}

StatusOr<TokenDataset> TokenDataset::Open(std::span<const std::string> paths) {
  TokenDataset dataset;
  dataset.begins_.push_back(0);
  for (const std::string& path : paths) {
    WEFT_ASSIGN_OR_RETURN(TokenShard shard, TokenShard::Open(path));
    if (!dataset.shards_.empty() && shard.width() != dataset.width()) {
      return InvalidArgument("{} holds tokens of {} bytes, expected {} as in {}", Quote(path, 1000),
                             shard.width(), dataset.width(), Quote(dataset.shards_[0].path(), 1000));
    }
    const int64_t vocabulary = shard.vocabulary_size();
    if (vocabulary != 0 && dataset.vocabulary_size_ != 0 && vocabulary != dataset.vocabulary_size_) {
      return InvalidArgument("{} has a vocabulary of {}, the shards before it of {}", Quote(path, 1000),
                             vocabulary, dataset.vocabulary_size_);
    }
    dataset.vocabulary_size_ = std::max(vocabulary, dataset.vocabulary_size_);
    dataset.begins_.push_back(dataset.begins_.back() + shard.size());
    dataset.shards_.push_back(std::move(shard));
  }
  return dataset;
}

// The last shard that begins at or before the token (empty ones lie before it).
size_t TokenDataset::ShardOf(int64_t token) const {
  return static_cast<size_t>(std::upper_bound(begins_.begin(), begins_.end(), token) - begins_.begin()) - 1;
}

uint32_t TokenDataset::token(int64_t i) const {
  WEFT_CHECK(i >= 0 && i < size(), "token {} of {}", i, size());
  const size_t shard = ShardOf(i);
  return shards_[shard].token(i - begins_[shard]);
}

template <class T>
void TokenDataset::CopyAcross(int64_t begin, std::span<T> out) const {
  WEFT_CHECK(begin >= 0 && begin + static_cast<int64_t>(out.size()) <= size(), "tokens from {} of {}", begin,
             size());
  while (!out.empty()) {
    const size_t shard = ShardOf(begin);
    const size_t n = std::min(out.size(), static_cast<size_t>(begins_[shard + 1] - begin));
    shards_[shard].Copy(begin - begins_[shard], out.first(n));
    begin += static_cast<int64_t>(n);
    out = out.subspan(n);
  }
}

void TokenDataset::Copy(int64_t begin, std::span<int32_t> out) const { CopyAcross(begin, out); }
void TokenDataset::Copy(int64_t begin, std::span<int64_t> out) const { CopyAcross(begin, out); }

}  // namespace weft
