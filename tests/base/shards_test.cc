#include "base/shards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

using std::string_literals::operator""s;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<uint32_t> Ids(uint32_t from, size_t n) {
  std::vector<uint32_t> ids(n);
  for (size_t i = 0; i < n; ++i) ids[i] = from + static_cast<uint32_t>(i);
  return ids;
}

Status Write(const std::string& path, int64_t vocabulary, std::span<const uint32_t> ids) {
  WEFT_ASSIGN_OR_RETURN(TokenShardWriter writer, TokenShardWriter::Create(path, vocabulary));
  WEFT_RETURN_IF_ERROR(writer.Append(ids));
  return writer.Commit();
}

std::string Header(std::vector<int32_t> words) {
  words.resize(256);
  return {reinterpret_cast<const char*>(words.data()), 1024};
}
StatusOr<TokenShard> Read(std::string_view bytes) {
  return TokenShard::FromBytes(std::as_bytes(std::span(bytes)), "x", nullptr);
}
std::string ReadError(std::string_view bytes) { return Message(Read(bytes).status()); }

TEST(TokenShard, WhatIsWrittenIsReadInBothWidths) {
  const TemporaryDirectory dir;
  for (const int64_t vocabulary : {65536, 65537}) {
    const std::vector<uint32_t> ids = Ids(60000, 5000);
    ASSERT_TRUE(Write(dir / "a.bin", vocabulary, ids).ok());
    const TokenShard shard = *TokenShard::Open(dir / "a.bin");
    EXPECT_EQ(shard.size(), 5000);
    EXPECT_EQ(shard.width(), vocabulary == 65536 ? 2 : 4);
    EXPECT_EQ(shard.vocabulary_size(), vocabulary);
    EXPECT_EQ(shard.token(4999), 64999U);
    std::vector<int32_t> narrow(3);
    std::vector<int64_t> wide(3);
    shard.Copy(4997, narrow);
    shard.Copy(0, wide);
    EXPECT_THAT(narrow, ElementsAre(64997, 64998, 64999));
    EXPECT_THAT(wide, ElementsAre(60000, 60001, 60002));
    EXPECT_TRUE(shard.Verify().ok());
  }
}

TEST(TokenShard, TheLayoutIsLlmcs) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(Write(dir / "a.bin", 50257, std::vector<uint32_t>{1, 50256}).ok());
  const std::string bytes = *ReadFile(dir / "a.bin");
  ASSERT_EQ(bytes.size(), 1024U + 4);
  int32_t header[256];
  std::memcpy(header, bytes.data(), 1024);
  EXPECT_EQ(header[0], 20240520);
  EXPECT_EQ(header[1], 1);
  EXPECT_EQ(header[2], 2);
  EXPECT_EQ(bytes.substr(1024), "\x01\x00\x50\xc4"s);
  ASSERT_TRUE(Write(dir / "b.bin", 128256, std::vector<uint32_t>{128000}).ok());
  const std::string wide = *ReadFile(dir / "b.bin");
  std::memcpy(header, wide.data(), 1024);
  EXPECT_EQ(header[0], 20240801);
  EXPECT_EQ(header[1], 7);
  EXPECT_EQ(header[2], 1);
  EXPECT_EQ(wide.substr(1024), "\x00\xf4\x01\x00"s);
}

TEST(TokenShard, ReadsLlmcsFilesWithoutOurWords) {
  const std::string bytes = Header({20240520, 1, 2}) + "\x05\x00\x06\x00"s;
  const TokenShard shard = *Read(bytes);
  EXPECT_EQ(shard.token(1), 6U);
  EXPECT_EQ(shard.vocabulary_size(), 0);
  EXPECT_TRUE(shard.Verify().ok());
}

TEST(TokenShard, CorruptFilesAreErrors) {
  const std::string good = Header({20240520, 1, 3}) + std::string(6, '\1');
  ASSERT_TRUE(Read(good).ok());
  for (size_t size = 0; size < good.size(); ++size) {
    const std::vector<char> cut(good.begin(), good.begin() + static_cast<int64_t>(size));
    EXPECT_FALSE(Read({cut.data(), cut.size()}).ok()) << size;
  }
  EXPECT_EQ(ReadError(good + "x"),
            "'x': 1031 bytes, expected 1030 (header and 3 tokens of 2 bytes): truncated?");
  EXPECT_EQ(ReadError("abc"), "'x': 3 bytes, expected a header of 1024: not a token shard");
  EXPECT_EQ(ReadError(Header({7, 1, 0})),
            "'x': magic 7, expected 20240520 (u16) or 20240801 (u32): not a token shard");
  EXPECT_EQ(ReadError(Header({20240520, 2, 0})), "'x': version 2, expected 1");
  EXPECT_THAT(ReadError(Header({20240801, 7, -1})), HasSubstr("header and -1 tokens"));
  EXPECT_THAT(ReadError(Header({20240801, 7, INT32_MAX})), HasSubstr("expected 8589935612"));
  EXPECT_THAT(ReadError(Header({20240520, 1, 0, -5})), HasSubstr("vocabulary of -5"));
}

TEST(TokenShard, DamageIsFoundByVerify) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(Write(dir / "a.bin", 100, Ids(0, 100)).ok());
  std::string bytes = *ReadFile(dir / "a.bin");
  bytes[1030] = static_cast<char>(bytes[1030] ^ 1);
  EXPECT_THAT(Message(Read(bytes)->Verify()), HasSubstr("damaged"));
  const std::string no_hash = Header({20240520, 1, 2, 6}) + "\x05\x00\x06\x00"s;
  EXPECT_EQ(Message(Read(no_hash)->Verify()), "'x': token 1 is 6, expected less than the vocabulary of 6");
}

TEST(TokenShardWriter, RefusesIdsOutsideTheVocabulary) {
  const TemporaryDirectory dir;
  EXPECT_EQ(Message(Write(dir / "a.bin", 100, std::vector<uint32_t>{99, 100})),
            "token 100 in a vocabulary of 100");
  EXPECT_THAT(Message(Write(dir / "a.bin", 0, {})), HasSubstr("a vocabulary of 0"));
  EXPECT_FALSE(Exists(dir / "a.bin"));
}

TEST(TokenDataset, ShardsAreOneSequence) {
  const TemporaryDirectory dir;
  TokenShardSetWriter writer = *TokenShardSetWriter::Create(dir.path(), "train", 1000, 7);
  const std::vector<uint32_t> ids = Ids(100, 23);
  ASSERT_TRUE(writer.Append(std::span(ids).first(2)).ok());
  ASSERT_TRUE(writer.Append({}).ok());
  ASSERT_TRUE(writer.Append(std::span(ids).subspan(2)).ok());
  EXPECT_EQ(writer.size(), 23);
  EXPECT_EQ(writer.num_shards(), 4);
  ASSERT_TRUE(writer.Commit().ok());
  ASSERT_TRUE(Write(dir / "val-00000.bin", 1000, Ids(0, 1)).ok());
  EXPECT_THAT(*ListDirectory(dir.path()), ElementsAre("train-00000.bin", "train-00001.bin", "train-00002.bin",
                                                      "train-00003.bin", "val-00000.bin"));
  const TokenDataset data = *TokenDataset::OpenSplit(dir.path(), "train");
  EXPECT_EQ(data.size(), 23);
  EXPECT_EQ(data.vocabulary_size(), 1000);
  for (int64_t i = 0; i < 23; ++i) EXPECT_EQ(data.token(i), 100 + i);
  for (int64_t begin = 0; begin <= 23; ++begin) {
    for (int64_t n = 0; begin + n <= 23; ++n) {
      std::vector<int64_t> window(n);
      std::vector<int32_t> narrow(n);
      data.Copy(begin, window);
      data.Copy(begin, narrow);
      for (int64_t i = 0; i < n; ++i) {
        ASSERT_EQ(window[i], 100 + begin + i);
        ASSERT_EQ(narrow[i], 100 + begin + i);
      }
    }
  }
}

TEST(TokenDataset, EmptyShardsAreSkipped) {
  const TemporaryDirectory dir;
  std::vector<std::string> paths;
  for (const size_t n : {0, 2, 0, 0, 3, 0}) {
    paths.push_back(dir / std::to_string(paths.size()));
    ASSERT_TRUE(Write(paths.back(), 100, Ids(static_cast<uint32_t>(10 * paths.size()), n)).ok());
  }
  const TokenDataset data = *TokenDataset::Open(paths);
  std::vector<int64_t> all(data.size());
  data.Copy(0, all);
  EXPECT_THAT(all, ElementsAre(20, 21, 50, 51, 52));
  EXPECT_EQ(data.token(2), 50U);
  const TokenDataset none = *TokenDataset::Open({});
  EXPECT_EQ(none.size(), 0);
}

TEST(TokenDataset, WhatDoesNotFitTogetherIsRefused) {
  const TemporaryDirectory dir;
  EXPECT_EQ(Message(TokenDataset::OpenSplit(dir.path(), "train").status()),
            fmt::format("'{}' holds no 'train-*.bin': prepare it with 'weft data prepare'", dir.path()));
  ASSERT_TRUE(Write(dir / "train-00000.bin", 100, Ids(0, 5)).ok());
  ASSERT_TRUE(Write(dir / "train-00002.bin", 100, Ids(0, 5)).ok());
  EXPECT_THAT(Message(TokenDataset::OpenSplit(dir.path(), "train").status()),
              HasSubstr("train-00001.bin' is missing"));
  ASSERT_TRUE(Write(dir / "train-00001.bin", 70000, Ids(0, 5)).ok());
  EXPECT_THAT(Message(TokenDataset::OpenSplit(dir.path(), "train").status()),
              HasSubstr("holds tokens of 4 bytes, expected 2"));
  ASSERT_TRUE(Write(dir / "train-00001.bin", 101, Ids(0, 5)).ok());
  EXPECT_THAT(Message(TokenDataset::OpenSplit(dir.path(), "train").status()),
              HasSubstr("has a vocabulary of 101, the shards before it of 100"));
  ASSERT_TRUE(Write(dir / "train-00001.bin", 100, Ids(0, 5)).ok());
  EXPECT_EQ(TokenDataset::OpenSplit(dir.path(), "train")->size(), 15);
}

TEST(TokenDataset, OtherNumberingsAreTaken) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(Write(dir / "train-000001.bin", 100, Ids(1, 2)).ok());
  ASSERT_TRUE(Write(dir / "train-000002.bin", 100, Ids(3, 2)).ok());
  EXPECT_EQ(TokenDataset::OpenSplit(dir.path(), "train")->token(3), 4U);
}

TEST(TokenDatasetDeathTest, WindowsLieInside) {
  const TemporaryDirectory dir;
  ASSERT_TRUE(Write(dir / "a", 100, Ids(0, 5)).ok());
  const TokenDataset data = *TokenDataset::Open(std::vector<std::string>{dir / "a"});
  std::vector<int64_t> window(3);
  EXPECT_DEATH(data.Copy(3, window), "tokens from 3 of 5");
  EXPECT_DEATH(data.Copy(-1, window), "tokens from -1 of 5");
  EXPECT_DEATH(data.token(5), "token 5 of 5");
}

}  // namespace
}  // namespace weft
