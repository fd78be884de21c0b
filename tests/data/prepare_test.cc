#include "frontends/data/prepare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/file.h"
#include "base/shards.h"
#include "frontends/data/stories.h"
#include "frontends/tokenizer/tokenizer.h"
#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Prepare : public testing::Test {
 protected:
  std::string Write(const std::string& name, std::string_view text) {
    EXPECT_TRUE(WriteFileAtomically(directory_ / name, text).ok());
    return directory_ / name;
  }
  static PrepareOptions Bytes(double val_fraction = 0.1) {
    PrepareOptions options;
    options.tokenizer = "bytes";
    options.val_fraction = val_fraction;
    options.document_nats = StoryNats;
    return options;
  }
  StatusOr<DataInfo> Run(const std::vector<std::string>& files, const PrepareOptions& options) {
    output_ = directory_ / ("out" + std::to_string(runs_++));
    auto info = PrepareData(files, output_, options);
    train_ = Ids("train");
    val_ = Ids("val");
    return info;
  }
  StatusOr<DataInfo> Run(std::string_view text, double val_fraction = 0.1) {
    return Run({Write("text", text)}, Bytes(val_fraction));
  }
  std::string Error(const StatusOr<DataInfo>& info) {
    EXPECT_FALSE(Exists(output_));
    const std::string message = info.ok() ? "prepared" : Message(info.status());
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return message;
  }
  // A split as text; the separator's token is '#'.
  std::string Ids(const char* split) {
    const auto data = TokenDataset::OpenSplit(output_, split);
    std::string text;
    for (int64_t i = 0; data.ok() && i < data->size(); ++i) {
      text += data->token(i) == 256 ? '#' : static_cast<char>(data->token(i));
    }
    return text;
  }
  TemporaryDirectory directory_;
  std::string output_, train_, val_;
  int runs_ = 0;
};

TEST_F(Prepare, OneDocumentIsCutByBytesAndNothingIsAdded) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += static_cast<char>('a' + i % 26);
  const auto info = Run(text, 0.1);
  ASSERT_TRUE(info.ok()) << Message(info.status());
  EXPECT_EQ(train_, text.substr(0, 90));
  EXPECT_EQ(val_, text.substr(90));
  EXPECT_EQ(info->train.tokens, 90);
  EXPECT_EQ(info->train.bytes, 90);
  EXPECT_EQ(info->val.tokens, 10);
  EXPECT_EQ(info->vocab_size, 257);
  EXPECT_EQ(info->FloorBitsPerByte(), std::nullopt);
  const auto read = ReadDataInfo(output_);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->vocab_size, 257);
  EXPECT_EQ(read->val.bytes, 10);
  EXPECT_EQ(read->val_floor_nats, std::nullopt);
}

TEST_F(Prepare, TheCutRespectsCharacters) {
  // Ten characters of three bytes.
  std::string text;
  for (int i = 0; i < 10; ++i) text += "\u4e00";
  for (const double fraction : {0.05, 0.1, 0.13, 0.37, 0.5}) {
    ASSERT_TRUE(Run(text, fraction).ok());
    EXPECT_EQ(train_ + val_, text);
    EXPECT_EQ(train_.size() % 3, 0u) << fraction;
  }
}

TEST_F(Prepare, DocumentsAreNotCut) {
  const std::string separator(kDocumentSeparator);
  std::string text, expected;
  for (int i = 0; i < 20; ++i) {
    text += "document " + std::to_string(i) + "\n" + separator + "\n";
    expected += "document " + std::to_string(i) + "\n#\n";
  }
  const auto info = Run(text, 0.2);
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(train_ + val_, expected);
  EXPECT_TRUE(train_.ends_with("\n#\n"));
  EXPECT_TRUE(val_.starts_with("document 1"));
  EXPECT_NEAR(static_cast<double>(info->val.bytes), 0.2 * static_cast<double>(text.size()), 30);
}

TEST_F(Prepare, FilesAreDocuments) {
  const auto info =
      Run({Write("a", "first"), Write("b", "second"), Write("c", "third, held out")}, Bytes(0.5));
  ASSERT_TRUE(info.ok()) << Message(info.status());
  EXPECT_EQ(train_.substr(0, 12), "first#second");
  const auto all = Run({Write("a", "first"), Write("b", "second")}, Bytes(0));
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(train_, "first#second");
  EXPECT_EQ(all->val.tokens, 0);
}

TEST_F(Prepare, AnyBytesRoundTrip) {
  std::string text;
  for (int i = 0; i < 1024; ++i) text += static_cast<char>(i * 7);
  ASSERT_TRUE(Run(text).ok());
  EXPECT_EQ(train_ + val_, text);
}

TEST_F(Prepare, ATrainedTokenizerSeesTheTrainingPartOnly) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "the hat and the cat ";
  const std::string held_out = " zzzzzzzz zzzzzzzz zzzzzzzz zzzzzzzz zzzzzzzz";
  PrepareOptions options =
      Bytes(static_cast<double>(held_out.size()) / static_cast<double>(text.size() + 45));
  options.tokenizer = "bpe";
  options.vocab_size = 300;
  const auto info = Run({Write("text", text + held_out)}, options);
  ASSERT_TRUE(info.ok()) << Message(info.status());
  const auto tokenizer = Tokenizer::Load(JoinPath(output_, "tokenizer.json"));
  ASSERT_TRUE(tokenizer.ok());
  EXPECT_EQ(info->vocab_size, tokenizer->vocab_size());
  for (uint32_t id = 0; id < tokenizer->vocab_size(); ++id) {
    EXPECT_EQ(tokenizer->TokenBytes(id).find("zz"), std::string_view::npos);
  }
  // The shards are the text.
  for (const auto& [split, part] : {std::pair{"train", text}, std::pair{"val", held_out}}) {
    const auto data = TokenDataset::OpenSplit(output_, split);
    std::vector<uint32_t> ids;
    for (int64_t i = 0; i < data->size(); ++i) ids.push_back(data->token(i));
    EXPECT_EQ(*tokenizer->DecodeBytes(ids), part);
  }
}

TEST_F(Prepare, TheFloorIsThatOfTheHeldOutStories) {
  StoryFileOptions stories;
  stories.path = directory_ / "stories.txt";
  stories.count = 300;
  stories.seed = 4;
  ASSERT_TRUE(WriteStories(stories).ok());
  PrepareOptions options = Bytes(0.1);
  options.threads = 2;
  const auto info = Run({stories.path}, options);
  ASSERT_TRUE(info.ok()) << Message(info.status());
  const auto held_out = std::count(val_.begin(), val_.end(), '#');
  EXPECT_NEAR(held_out, 30, 3);
  double nats = 0;
  for (auto i = static_cast<uint32_t>(300 - held_out); i < 300; ++i) nats += MakeStory(4, i).nats();
  ASSERT_TRUE(info->val_floor_nats.has_value());
  EXPECT_NEAR(*info->val_floor_nats, nats, 1e-9);
  EXPECT_NEAR(*info->FloorBitsPerByte(), nats / std::log(2.0) / static_cast<double>(info->val.bytes), 1e-12);
  const auto read = ReadDataInfo(output_);
  ASSERT_TRUE(read.ok());
  EXPECT_DOUBLE_EQ(*read->val_floor_nats, *info->val_floor_nats);

  // One held-out document that is no story: no floor.
  const std::string text = *ReadFile(stories.path) + "Not a story.\n";
  const auto mixed = Run({Write("mixed.txt", text)}, options);
  ASSERT_TRUE(mixed.ok());
  EXPECT_EQ(mixed->val_floor_nats, std::nullopt);
}

TEST_F(Prepare, ThreadsDoNotMatter) {
  StoryFileOptions stories;
  stories.path = directory_ / "stories.txt";
  stories.count = 500;
  ASSERT_TRUE(WriteStories(stories).ok());
  PrepareOptions options = Bytes(0.1);
  options.tokenizer = "bpe";
  options.vocab_size = 600;
  std::vector<std::string> contents;
  for (const int threads : {1, 4}) {
    options.threads = threads;
    ASSERT_TRUE(Run({stories.path}, options).ok());
    for (const char* name : {"data.json", "tokenizer.json", "train-00000.bin", "val-00000.bin"}) {
      contents.push_back(*ReadFile(JoinPath(output_, name)));
    }
  }
  for (size_t i = 0; i < 4; ++i) EXPECT_TRUE(contents[i] == contents[i + 4]) << i;
}

TEST_F(Prepare, BadInput) {
  EXPECT_THAT(Error(Run(std::vector<std::string>(), Bytes())), HasSubstr("no text"));
  EXPECT_THAT(Error(Run({directory_ / "missing"}, Bytes())),
              AllOf(HasSubstr("missing"), HasSubstr("No such file")));
  EXPECT_THAT(Error(Run({directory_.path()}, Bytes())), HasSubstr("is a directory"));
  EXPECT_THAT(Error(Run({"/dev/null"}, Bytes())), HasSubstr("/dev/null"));
  EXPECT_THAT(Error(Run("")), HasSubstr("is empty"));
  PrepareOptions options = Bytes();
  const std::string text = Write("text", "some text that is long enough");
  options.tokenizer = directory_ / "none.json";
  EXPECT_THAT(Error(Run({text}, options)), HasSubstr("none.json"));
  options.tokenizer = "bpe";
  options.vocab_size = 100;
  EXPECT_THAT(Error(Run({text}, options)), HasSubstr("100"));
  for (const double fraction : {-0.1, 1.0, 2.0, std::nan("")}) {
    EXPECT_THAT(Error(Run({text}, Bytes(fraction))), HasSubstr("val fraction")) << fraction;
  }
}

TEST_F(Prepare, WhatIsThereIsNotOverwritten) {
  ASSERT_TRUE(Run("some text, long enough for two").ok());
  const std::string before = *ReadFile(JoinPath(output_, "data.json"));
  EXPECT_FALSE(PrepareData({Write("other", "another text")}, output_, Bytes()).ok());
  EXPECT_EQ(*ReadFile(JoinPath(output_, "data.json")), before);
  EXPECT_FALSE(PrepareData({directory_ / "other"}, directory_ / "no" + "/such/place", Bytes()).ok());
}

TEST(ReadDataInfo, HostileFiles) {
  TemporaryDirectory directory;
  EXPECT_EQ(ReadDataInfo(directory.path()).status().code(), absl::StatusCode::kNotFound);
  const std::string good = R"({"vocab_size": 300, "train": {"tokens": 10, "bytes": 20},
      "val": {"tokens": 1, "bytes": 2, "floor_nats": 3.5}})";
  const auto read = [&](std::string_view text) {
    EXPECT_TRUE(WriteFileAtomically(directory / "data.json", text).ok());
    const auto info = ReadDataInfo(directory.path());
    return info.ok() ? "read" : Message(info.status());
  };
  EXPECT_EQ(read(good), "read");
  for (size_t i = 0; i < good.size(); ++i) {
    EXPECT_THAT(read(good.substr(0, i)), HasSubstr("data.json"));
  }
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return read(text);
  };
  EXPECT_THAT(with("300", "-1"), HasSubstr("vocab_size"));
  EXPECT_THAT(with("\"tokens\": 10", "\"tokens\": -10"), HasSubstr("tokens"));
  EXPECT_THAT(with("\"bytes\": 2,", "\"bytes\": -2,"), HasSubstr("bytes"));
  EXPECT_THAT(with("3.5", "-3.5"), HasSubstr("floor_nats"));
  EXPECT_THAT(with("3.5", "\"x\""), HasSubstr("floor_nats"));
}

}  // namespace
}  // namespace weft
