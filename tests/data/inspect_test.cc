#include "frontends/data/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "frontends/data/prepare.h"
#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class Inspect : public testing::Test {
 protected:
  void SetUp() override {
    data_ = directory_ / "data";
    ASSERT_TRUE(CreateDirectories(data_).ok());
    ASSERT_TRUE(WriteFileAtomically(directory_ / "text", "no shard").ok());
    WriteSplit("train", "|one|two|three|four|five|six|seven|eight|");
    WriteSplit("val", "|nine|ten|");
    ASSERT_TRUE(WriteFileAtomically(JoinPath(data_, "data.json"), R"({"vocab_size": 257, "tokenizer": "bytes",
        "train": {"tokens": 41, "bytes": 41}, "val": {"tokens": 10, "bytes": 10}})")
                    .ok());
  }
  // Bytes as tokens, '|' as 256.
  void WriteSplit(const char* split, std::string_view text) {
    auto writer = TokenShardSetWriter::Create(data_, split, 257, 10);
    ASSERT_TRUE(writer.ok());
    for (const char c : text) {
      const uint32_t id = c == '|' ? 256 : static_cast<uint8_t>(c);
      ASSERT_TRUE(writer->Append(std::span<const uint32_t>(&id, 1)).ok());
    }
    ASSERT_TRUE(writer->Commit().ok());
  }
  static InspectOptions Separated() {
    InspectOptions options;
    options.separator = 256;
    return options;
  }
  std::string Error(const std::string& path) {
    const auto report = InspectData(path, Separated());
    return report.ok() ? "fine" : Message(report.status());
  }
  void Change(const std::string& name, size_t at, char byte) {
    std::string bytes = *ReadFile(JoinPath(data_, name));
    ASSERT_LT(at, bytes.size());
    bytes[at] = byte;
    ASSERT_TRUE(WriteFileAtomically(JoinPath(data_, name), bytes).ok());
  }
  TemporaryDirectory directory_;
  std::string data_;
};

TEST_F(Inspect, ShowsWhatWasPrepared) {
  InspectOptions options = Separated();
  options.documents = 2;
  options.max_tokens = 4;
  const auto report = InspectData(data_, options);
  ASSERT_TRUE(report.ok()) << Message(report.status());
  ASSERT_TRUE(report->info.has_value());
  EXPECT_EQ(report->info->vocab_size, 257);
  ASSERT_THAT(report->splits, SizeIs(2));
  const SplitReport& train = report->splits[0];
  EXPECT_EQ(train.name, "train");
  EXPECT_EQ(train.tokens, report->info->train.tokens);
  EXPECT_EQ(train.shards.size(), static_cast<size_t>((train.tokens + 9) / 10));
  EXPECT_EQ(train.shards[0].tokens, 10);
  EXPECT_EQ(train.shards[0].width, 2);
  EXPECT_EQ(train.shards[0].largest_id, 256u);
  ASSERT_THAT(train.documents, SizeIs(2));
  EXPECT_EQ(train.documents[0].begin, 1);
  EXPECT_THAT(train.documents[0].ids, ElementsAre('o', 'n', 'e'));
  const SplitReport& val = report->splits[1];
  EXPECT_EQ(val.name, "val");
  ASSERT_THAT(val.documents, SizeIs(2));
  EXPECT_THAT(val.documents[0].ids, ElementsAre('n', 'i', 'n', 'e'));
  EXPECT_EQ(val.distinct_ids, 5);  // n i e t and the separator
  options.documents = 100;
  options.max_tokens = 2;
  const auto all = InspectData(data_, options);
  EXPECT_THAT(all->splits[0].documents, SizeIs(8));
  EXPECT_THAT(all->splits[0].documents[2].ids, ElementsAre('t', 'h'));
  EXPECT_EQ(all->splits[0].documents[2].tokens, 5);
}

TEST_F(Inspect, OneShardAndADirectoryOfShardsAlone) {
  const auto shard = InspectData(JoinPath(data_, "val-00000.bin"), Separated());
  ASSERT_TRUE(shard.ok());
  ASSERT_THAT(shard->splits, SizeIs(1));
  EXPECT_EQ(shard->splits[0].tokens, 10);
  ASSERT_TRUE(RemoveAll(JoinPath(data_, "data.json")).ok());
  const auto bare = InspectData(data_, {});
  ASSERT_TRUE(bare.ok());
  EXPECT_FALSE(bare->info.has_value());
  EXPECT_THAT(bare->splits, SizeIs(2));
  EXPECT_THAT(bare->splits[0].documents, SizeIs(1));  // nothing says what separates them
}

TEST_F(Inspect, DamageIsFound) {
  EXPECT_THAT(Error(directory_ / "none"), HasSubstr("does not exist"));
  EXPECT_THAT(Error(directory_.path()), HasSubstr("no token shards"));
  EXPECT_THAT(Error(directory_ / "text"), HasSubstr("text"));
  Change("val-00000.bin", 1024, 'x');  // a token: the hash tells
  EXPECT_THAT(Error(data_), HasSubstr("val-00000.bin"));
}

TEST_F(Inspect, AMissingShardIsFound) {
  ASSERT_TRUE(RemoveAll(JoinPath(data_, "train-00001.bin")).ok());
  EXPECT_NE(Error(data_), "fine");
  ASSERT_TRUE(RemoveAll(JoinPath(data_, "train-00000.bin")).ok());
  EXPECT_NE(Error(data_), "fine");
}

TEST_F(Inspect, ALastShardThatIsGoneIsFound) {
  const auto names = ListDirectory(data_);
  std::string last;
  for (const std::string& name : *names) {
    if (name.starts_with("train-")) last = name;
  }
  ASSERT_TRUE(RemoveAll(JoinPath(data_, last)).ok());
  EXPECT_THAT(Error(data_), HasSubstr("expected 41 as data.json says"));
}

TEST_F(Inspect, EveryCutAndEveryHeaderByteIsSurvived) {
  const std::string path = JoinPath(data_, "val-00000.bin");
  const std::string good = *ReadFile(path);
  for (size_t size = 0; size < good.size(); size += size < 1024 ? 37 : 1) {
    ASSERT_TRUE(WriteFileAtomically(path, good.substr(0, size)).ok());
    EXPECT_THAT(Error(data_), HasSubstr("val-00000.bin"));
  }
  for (size_t at = 0; at < 24; ++at) {
    for (const char byte : {'\0', '\x7f', '\xff'}) {
      if (good[at] == byte) continue;
      std::string bad = good;
      bad[at] = byte;
      ASSERT_TRUE(WriteFileAtomically(path, bad).ok());
      EXPECT_NE(Error(data_), "fine") << "byte " << at;
    }
  }
}

TEST_F(Inspect, IdsOutsideOfDataJsonsVocabularyAreFound) {
  std::string json = *ReadFile(JoinPath(data_, "data.json"));
  const size_t at = json.find("\"vocab_size\": 257");
  ASSERT_NE(at, std::string::npos);
  json.replace(at, 17, "\"vocab_size\": 100");
  ASSERT_TRUE(WriteFileAtomically(JoinPath(data_, "data.json"), json).ok());
  EXPECT_THAT(Error(data_), HasSubstr("is of a vocabulary of 257, expected 100"));
  // A shard that does not say its vocabulary (llm.c's own) is checked by its ids.
  for (const char* name : {"train-00000.bin", "val-00000.bin"}) {
    for (size_t byte = 12; byte < 16; ++byte) Change(name, byte, 0);
  }
  ASSERT_THAT(Error(JoinPath(data_, "train-00000.bin")), HasSubstr("fine"));
  EXPECT_THAT(Error(data_), HasSubstr("holds id 256, expected less than the vocabulary size 100"));
}

}  // namespace
}  // namespace weft
