#include "frontends/data/prepare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>

#include "base/hash.h"
#include "base/shards.h"
#include "frontends/data/inspect.h"
#include "frontends/data/stories.h"
#include "tests/base/temporary_directory.h"
#include "tests/data/byte_tokenizer.h"

namespace weft {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class Prepare : public testing::Test {
 protected:
  std::string Write(const std::string& name, std::string_view text) {
    EXPECT_TRUE(WriteFileAtomically(directory_ / name, text).ok());
    return directory_ / name;
  }
  // Prepares one text; the ids of both splits are in train_ and val_.
  StatusOr<DataInfo> Run(std::string_view text, double val_fraction = 0.1, std::string_view separator = "|") {
    PrepareOptions options;
    options.files = {Write("text", text)};
    options.val_fraction = val_fraction;
    options.separator = separator;
    return Run(options);
  }
  StatusOr<DataInfo> Run(PrepareOptions options) {
    output_ = directory_ / ("out" + std::to_string(runs_++));
    options.output = output_;
    auto info = PrepareData(options, ByteTokenizer());
    train_ = Ids("train");
    val_ = Ids("val");
    return info;
  }
  std::string Error(const StatusOr<DataInfo>& info) {
    EXPECT_FALSE(Exists(output_));
    const std::string message = info.ok() ? "prepared" : Message(info.status());
    EXPECT_EQ(message.find('\n'), std::string::npos);
    return message;
  }
  // As text; the separator's token is '#'.
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
  const std::string text = "The quick brown fox jumps over the lazy dog, again and again.";
  const auto info = Run(text, 0.1);
  ASSERT_TRUE(info.ok()) << Message(info.status());
  const size_t cut = static_cast<size_t>(0.9 * static_cast<double>(text.size()));
  EXPECT_EQ(train_, text.substr(0, cut));
  EXPECT_EQ(val_, text.substr(cut));
  EXPECT_EQ(info->train.tokens, static_cast<int64_t>(cut));
  EXPECT_EQ(info->val.bytes, static_cast<int64_t>(text.size() - cut));
  EXPECT_EQ(info->val.predicted_bytes, info->val.bytes - 1);  // the first byte is given
  EXPECT_EQ(info->separator_id, std::nullopt);
  EXPECT_EQ(info->val.floor_nats, std::nullopt);
}

TEST_F(Prepare, TheCutRespectsCharacters) {
  // Three bytes each: the cut at byte 15 * 0.9 = 13 moves back to 12.
  ASSERT_TRUE(Run("\u4e00\u4e01\u4e02\u4e03\u4e04").ok());
  EXPECT_EQ(train_, "\u4e00\u4e01\u4e02\u4e03");
  EXPECT_EQ(val_, "\u4e04");
  // Bytes that are no UTF-8 are cut where they are.
  ASSERT_TRUE(Run(std::string(20, '\x80')).ok());
  EXPECT_EQ(val_.size(), 2u);
  ASSERT_TRUE(Run("abcdefghijklmnopq\xe4\xb8\x61").ok());
  EXPECT_EQ(train_.size(), 18u);
}

TEST_F(Prepare, DocumentsAreSurroundedByTheSeparator) {
  const auto info = Run("a|bb|c|d|e|f|g|h|i|jj|", 0.2);
  ASSERT_TRUE(info.ok()) << Message(info.status());
  EXPECT_EQ(train_, "#a#bb#c#d#e#f#g#h#");
  EXPECT_EQ(val_, "#i#jj#");
  EXPECT_EQ(info->train.documents, 8);
  EXPECT_EQ(info->train.bytes, 9);
  EXPECT_EQ(info->val.documents, 2);
  EXPECT_EQ(info->val.bytes, 3);
  EXPECT_EQ(info->val.predicted_bytes, 3);  // what is given is the separator
  EXPECT_EQ(info->val.tokens, 6);
  EXPECT_EQ(info->separator_id, 256u);
  const DataInfo read = *ReadDataInfo(output_);
  EXPECT_EQ(read.vocabulary_size, 257);
  EXPECT_EQ(read.tokenizer, "bytes");
  EXPECT_EQ(read.tokenizer_hash, HashText(*HashFile(JoinPath(output_, "tokenizer.json"))));
  EXPECT_EQ(read.separator, "|");
  EXPECT_EQ(read.separator_id, 256u);
  EXPECT_EQ(read.val.predicted_bytes, 3);
  EXPECT_EQ(read.val.floor_nats, std::nullopt);
  EXPECT_EQ(read.val_fraction, 0.2);
  EXPECT_THAT(read.sources, ElementsAre(directory_ / "text"));
}

TEST_F(Prepare, ATenthOfTenDocumentsIsOne) {
  ASSERT_TRUE(Run("a|b|c|d|e|f|g|h|i|j", 0.1).ok());
  EXPECT_EQ(val_, "#j#");
  ASSERT_TRUE(Run("a|b|c|d|e|f|g|h|i|j", 0.0).ok());
  EXPECT_EQ(train_, "#a#b#c#d#e#f#g#h#i#j#");
  EXPECT_EQ(val_, "");
}

TEST_F(Prepare, TooFewDocumentsAreCutByBytes) {
  // A tenth of 30 bytes: the last three bytes of the second document.
  const auto info = Run("abcdefghij|ABCDEFGHIJKLMNOPQRST", 0.1);
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(train_, "#abcdefghij#ABCDEFGHIJKLMNOPQ");
  EXPECT_EQ(val_, "RST#");
  EXPECT_EQ(info->val.predicted_bytes, 2);
  EXPECT_EQ(info->train.documents + info->val.documents, 3);  // the second counts in both
  // The cut between documents.
  ASSERT_TRUE(Run("abcdefghi|J", 0.1).ok());
  EXPECT_EQ(train_, "#abcdefghi#");
  EXPECT_EQ(val_, "#J#");
}

TEST_F(Prepare, EachFileIsADocument) {
  PrepareOptions options;
  options.separator = "";
  options.val_fraction = 0.5;
  options.files = {Write("a", "one|two"), Write("b", "three")};
  ASSERT_TRUE(Run(options).ok());
  EXPECT_EQ(train_, "#one|two#");
  EXPECT_EQ(val_, "#three#");
}

TEST_F(Prepare, AnyBytesRoundTrip) {
  std::string text;
  for (int i = 0; i < 1024; ++i) text += static_cast<char>(i * 7);
  ASSERT_TRUE(Run(text, 0.1, "").ok());
  EXPECT_EQ(train_ + val_, text);
}

TEST_F(Prepare, LongTextsAreStreamedToTheSameTokens) {
  std::string text;
  while (text.size() < (size_t{9} << 20)) text += "All work and no play makes Jack a dull boy. ";
  PrepareOptions options;
  options.files = {Write("text", text)};
  options.tokens_per_shard = 1'000'000;
  options.threads = 3;
  int64_t done = 0, total = 0;
  options.progress = [&](int64_t d, int64_t t) {
    EXPECT_GE(d, done);
    done = d;
    total = t;
  };
  const auto info = Run(options);
  ASSERT_TRUE(info.ok()) << Message(info.status());
  EXPECT_TRUE(train_ + val_ == text);
  EXPECT_EQ(info->train.shards, 9);
  EXPECT_EQ(done, static_cast<int64_t>(text.size()));
  EXPECT_EQ(total, done);
}

TEST_F(Prepare, TheFloorIsThatOfTheHeldOutStories) {
  StoryFileOptions stories;
  stories.path = directory_ / "stories.txt";
  stories.count = 300;
  stories.seed = 4;
  ASSERT_TRUE(WriteStories(stories).ok());
  PrepareOptions options;
  options.files = {stories.path};
  options.val_fraction = 0.1;
  options.threads = 2;
  const auto info = Run(options);
  ASSERT_TRUE(info.ok()) << Message(info.status());
  double nats = 0;
  int64_t bytes = 0;
  for (uint32_t i = 270; i < 300; ++i) {
    nats += MakeStory(4, i).nats();
    bytes += static_cast<int64_t>(MakeStory(4, i).text.size());
  }
  ASSERT_TRUE(info->val.floor_nats.has_value());
  EXPECT_NEAR(*info->val.floor_nats, nats, 1e-9);
  EXPECT_EQ(info->val.bytes, bytes);
  EXPECT_EQ(info->val.predicted_bytes, bytes);
  EXPECT_EQ(info->val.tokens, bytes + 31);
  EXPECT_EQ(info->train.floor_nats, std::nullopt);
  const DataInfo read = *ReadDataInfo(output_);
  EXPECT_DOUBLE_EQ(*read.val.floor_nats, *info->val.floor_nats);
  EXPECT_NEAR(BitsPerByte(*read.val.floor_nats, read.val), nats / std::log(2.0) / static_cast<double>(bytes), 1e-12);

  // One held-out document that is no story: no floor.
  const std::string text = *ReadFile(stories.path) + "Not a story.\n";
  options.files = {Write("mixed.txt", text)};
  const auto mixed = Run(options);
  ASSERT_TRUE(mixed.ok());
  EXPECT_EQ(mixed->val.floor_nats, std::nullopt);
  EXPECT_EQ(ReadDataInfo(output_)->val.floor_nats, std::nullopt);
}

TEST_F(Prepare, ThreadsDoNotMatter) {
  StoryFileOptions stories;
  stories.path = directory_ / "stories.txt";
  stories.count = 2000;
  ASSERT_TRUE(WriteStories(stories).ok());
  PrepareOptions options;
  options.files = {stories.path};
  ASSERT_TRUE(Run(options).ok());
  const std::string train = train_, val = val_, info = *ReadFile(JoinPath(output_, "data.json"));
  options.threads = 4;
  ASSERT_TRUE(Run(options).ok());
  EXPECT_TRUE(train == train_ && val == val_);
  EXPECT_EQ(info, *ReadFile(JoinPath(output_, "data.json")));
}

TEST_F(Prepare, BadInput) {
  PrepareOptions options;
  EXPECT_THAT(Error(Run(options)), HasSubstr("no text file given"));
  options.files = {directory_ / "missing"};
  EXPECT_THAT(Error(Run(options)), AllOf(HasSubstr("missing"), HasSubstr("No such file")));
  options.files = {directory_.path()};
  EXPECT_THAT(Error(Run(options)), HasSubstr("is a directory"));
  options.files = {"/dev/null"};
  EXPECT_THAT(Error(Run(options)), HasSubstr("/dev/null"));
  EXPECT_THAT(Error(Run("")), HasSubstr("is empty"));
  EXPECT_THAT(Error(Run("||\n|")), HasSubstr("only separators"));
}

TEST_F(Prepare, TooLittleText) {
  EXPECT_THAT(Error(Run("|||")), HasSubstr("only separators"));
  EXPECT_THAT(Error(Run("a")), HasSubstr("fewer than one window"));
  EXPECT_THAT(Error(Run("abcdefghij", 0.1)), HasSubstr("held-out split has 1 tokens, expected at least 2"));
  PrepareOptions options;
  options.files = {Write("text", "abcdefghijklmnopqrstuvwxyz")};
  options.context_length = 64;
  EXPECT_THAT(Error(Run(options)),
              HasSubstr("training split has 23 tokens, fewer than one window of context length 64 + 1"));
  options.context_length = 8;
  for (const double fraction : {-0.1, 1.0, 2.0, std::nan("")}) {
    options.val_fraction = fraction;
    EXPECT_THAT(Error(Run(options)), HasSubstr("val fraction is"));
  }
}

TEST_F(Prepare, ATokenizerThatCannotSeparateOrEncode) {
  PrepareOptions options;
  options.files = {Write("text", "some text|more text")};
  options.separator = "|";
  options.output = directory_ / "none";
  TextTokenizer tokenizer = ByteTokenizer();
  tokenizer.separator_id.reset();
  auto info = PrepareData(options, tokenizer);
  EXPECT_THAT(Message(info.status()), HasSubstr("2 documents, but tokenizer 'bytes' has no token to separate them"));
  tokenizer = ByteTokenizer();
  tokenizer.encode = [](std::string_view, std::vector<uint32_t>*) { return InvalidArgument("no such byte"); };
  info = PrepareData(options, tokenizer);
  EXPECT_THAT(Message(info.status()), HasSubstr("no such byte"));
  EXPECT_FALSE(Exists(options.output));
  tokenizer.encode = [](std::string_view, std::vector<uint32_t>* ids) {
    ids->push_back(300);  // outside of the vocabulary
    return OkStatus();
  };
  EXPECT_EQ(PrepareData(options, tokenizer).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_FALSE(Exists(options.output));
}

TEST_F(Prepare, WhatIsThereIsNotOverwritten) {
  PrepareOptions options;
  options.files = {Write("text", "some text, long enough for two")};
  options.output = directory_ / "out";
  ASSERT_TRUE(PrepareData(options, ByteTokenizer()).ok());
  const std::string before = *ReadFile(JoinPath(options.output, "data.json"));
  EXPECT_FALSE(PrepareData(options, ByteTokenizer()).ok());
  EXPECT_EQ(*ReadFile(JoinPath(options.output, "data.json")), before);
  options.output = directory_ / "no" + "/such/place";
  EXPECT_FALSE(PrepareData(options, ByteTokenizer()).ok());
}

TEST(ReadDataInfo, HostileFiles) {
  TemporaryDirectory directory;
  EXPECT_EQ(ReadDataInfo(directory.path()).status().code(), absl::StatusCode::kNotFound);
  DataInfo info;
  info.vocabulary_size = 300;
  info.separator_id = 256;
  ASSERT_TRUE(WriteDataInfo(directory.path(), info).ok());
  const std::string good = *ReadFile(directory / "data.json");
  ASSERT_TRUE(ReadDataInfo(directory.path()).ok());
  // Cut anywhere: an error that names the file, never a crash.
  for (size_t i = 0; i + 2 < good.size(); ++i) {
    ASSERT_TRUE(WriteFileAtomically(directory / "data.json", good.substr(0, i)).ok());
    EXPECT_THAT(Message(ReadDataInfo(directory.path()).status()), HasSubstr("data.json"));
  }
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
    EXPECT_TRUE(WriteFileAtomically(directory / "data.json", text).ok());
    const auto read = ReadDataInfo(directory.path());
    return read.ok() ? "read" : Message(read.status());
  };
  EXPECT_THAT(with("\"format\": 1", "\"format\": 2"), HasSubstr("'format' is 2, expected 1"));
  EXPECT_THAT(with("\"separator_id\": 256", "\"separator_id\": 300"), HasSubstr("'separator_id' is 300"));
  EXPECT_THAT(with("\"tokens\": 0", "\"tokens\": -1"), HasSubstr("'tokens' is -1"));
  EXPECT_THAT(with("\"vocab_size\": 300", "\"vocab_size\": \"x\""), HasSubstr("vocab_size"));
}

}  // namespace
}  // namespace weft
