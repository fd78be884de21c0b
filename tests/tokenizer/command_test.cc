// weft tokenizer train|encode|decode as a user calls it, in this process.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "frontends/tokenizer/tokenizer.h"
#include "tools/tokenizer_command.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

class Command : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "/weft_command";
    ASSERT_TRUE(RemoveAll(directory_).ok());
    ASSERT_TRUE(CreateDirectories(directory_).ok());
    Write("text.txt", text_);
  }
  std::string Path(const std::string& name) const { return directory_ + "/" + name; }
  void Write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(WriteFileAtomically(Path(name), text).ok());
  }

  // What the command printed; its outcome is in result_. Throws what CLI11 throws at wrong usage.
  std::string Run(std::vector<std::string> arguments) {
    CLI::App app;
    result_ = OkStatus();
    RegisterTokenizerCommand(app, &result_);
    arguments.insert(arguments.begin(), "tokenizer");
    std::reverse(arguments.begin(), arguments.end());
    ::testing::internal::CaptureStdout();
    try {
      app.parse(arguments);
    } catch (...) {
      ::testing::internal::GetCapturedStdout();
      throw;
    }
    return ::testing::internal::GetCapturedStdout();
  }
  void Train(const std::string& output) {
    Run({"train", "--input", Path("text.txt"), "--vocab-size", "270", "--special-token", "<|endoftext|>",
         "--output", Path(output)});
    ASSERT_TRUE(result_.ok()) << result_;
  }

  const std::string text_ = "the cat, the hat<|endoftext|>the end\xFF\n";
  std::string directory_;
  Status result_;
};

TEST_F(Command, TrainEncodeDecode) {
  const std::string said = Run({"train", "--input", Path("text.txt"), "--vocab-size", "270", "--tie-break",
                                "cs336", "--pattern", "gpt4", "--threads", "2", "--output", Path("t.json")});
  ASSERT_TRUE(result_.ok()) << result_;
  EXPECT_THAT(said, HasSubstr("t.json: "));
  const std::vector<uint32_t> ids = Tokenizer::Load(Path("t.json"))->Encode(text_).value();
  const std::string plain = Run({"encode", "--tokenizer", Path("t.json"), Path("text.txt")});
  EXPECT_EQ(plain, fmt::format("{}\n", fmt::join(ids, " ")));
  const std::string json = Run({"encode", "--tokenizer", Path("t.json"), "--json", Path("text.txt")});
  EXPECT_EQ(nlohmann::json::parse(json), nlohmann::json({{"ids", ids}}));
  for (const std::string& list : {plain, json}) {
    Write("ids", list);
    EXPECT_EQ(Run({"decode", "--tokenizer", Path("t.json"), "--raw", Path("ids")}), text_);
    EXPECT_EQ(Run({"decode", "--tokenizer", Path("t.json"), "--skip-special-tokens", Path("ids")}),
              "the cat, the hatthe end\xEF\xBF\xBD\n");
  }
}

TEST_F(Command, LinesOfJson) {
  Train("t.json");
  Write("lines", "\"the\"\n[255, 97]\n\"\"\n");
  const Tokenizer tokenizer = Tokenizer::Load(Path("t.json")).value();
  const auto ids = [&](std::string_view text) {
    return nlohmann::json(tokenizer.Encode(text).value()).dump();
  };
  EXPECT_EQ(Run({"encode", "--tokenizer", Path("t.json"), "--lines-json", Path("lines")}), ids("the") + "\n" +
                                                                                               ids("\xFF"
                                                                                                   "a") +
                                                                                               "\n[]\n");
  Write("lines", "\"the\"\n[256]\n");
  Run({"encode", "--tokenizer", Path("t.json"), "--lines-json", Path("lines")});
  EXPECT_THAT(Message(result_), HasSubstr("line 2: expected bytes"));
  Write("lines", "nonsense\n");
  Run({"encode", "--tokenizer", Path("t.json"), "--lines-json", Path("lines")});
  EXPECT_THAT(Message(result_), HasSubstr("line 1"));
}

TEST_F(Command, VocabAndMerges) {
  Train("t.json");
  const nlohmann::json model = nlohmann::json::parse(ReadFile(Path("t.json")).value())["model"];
  Write("vocab.json", model["vocab"].dump());
  std::string merges = "#version: 0.2\n";
  for (const std::string merge : model["merges"]) merges += merge + "\n";
  Write("merges.txt", merges);
  EXPECT_EQ(Run({"encode", "--vocab", Path("vocab.json"), "--merges", Path("merges.txt"), "--special-token",
                 "<|endoftext|>", "--json", Path("text.txt")}),
            Run({"encode", "--tokenizer", Path("t.json"), "--json", Path("text.txt")}));
  EXPECT_TRUE(result_.ok()) << result_;
}

TEST_F(Command, PlainBytes) {
  Write("ab", "ab<|endoftext|>");
  EXPECT_EQ(Run({"encode", "--tokenizer", "bytes", Path("ab")}), "97 98 256\n");
  EXPECT_THAT(Run({"encode", "--tokenizer", "bytes", "--special-tokens-as-text", Path("ab")}),
              HasSubstr("97 98 60"));
}

TEST_F(Command, Failures) {
  Run({"encode", "--tokenizer", Path("none.json"), Path("text.txt")});
  EXPECT_THAT(Message(result_), HasSubstr("none.json"));
  Run({"encode", "--tokenizer", "bytes", Path("none.txt")});
  EXPECT_THAT(Message(result_), HasSubstr("none.txt"));
  Run({"encode", Path("text.txt")});
  EXPECT_THAT(Message(result_), HasSubstr("give --tokenizer"));
  Run({"train", "--input", Path("text.txt"), "--vocab-size", "100", "--output", Path("t.json")});
  EXPECT_THAT(Message(result_), HasSubstr("vocabulary of 100 tokens, expected at least 257"));
  EXPECT_FALSE(Exists(Path("t.json")));
  Write("empty", "");
  Run({"train", "--input", Path("empty"), "--vocab-size", "300", "--output", Path("t.json")});
  EXPECT_THAT(Message(result_), HasSubstr("no text to train on"));
  Run({"train", "--input", Path("text.txt"), "--vocab-size", "300", "--output", Path("no/such/t.json")});
  EXPECT_THAT(Message(result_), HasSubstr("no/such/t.json"));
  Write("ids", "1 2 x");
  Run({"decode", "--tokenizer", "bytes", Path("ids")});
  EXPECT_THAT(Message(result_), HasSubstr("'x' at byte 4 is not an id"));
  Write("ids", "1 99999999999");
  Run({"decode", "--tokenizer", "bytes", Path("ids")});
  EXPECT_THAT(Message(result_), HasSubstr("too large"));
  Write("ids", "300");
  Run({"decode", "--tokenizer", "bytes", Path("ids")});
  EXPECT_THAT(Message(result_), HasSubstr("id 300 is not a token"));
}

TEST_F(Command, WrongUsage) {
  EXPECT_THROW(Run({}), CLI::ParseError);
  EXPECT_THROW(Run({"train", "--vocab-size", "300"}), CLI::ParseError) << "no --input";
  EXPECT_THROW(Run({"train", "--input", Path("text.txt"), "--vocab-size", "300", "--tie-break", "x"}),
               CLI::ParseError);
  EXPECT_THROW(Run({"encode", "--vocab", Path("v"), Path("text.txt")}), CLI::ParseError) << "no --merges";
  EXPECT_THROW(Run({"encode", "--threads", "0", "--tokenizer", "bytes", Path("text.txt")}), CLI::ParseError);
}

}  // namespace
}  // namespace weft
