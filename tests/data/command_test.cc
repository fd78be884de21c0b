// weft data stories|prepare|inspect as a user calls it, in this process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "frontends/data/stories.h"
#include "tests/base/temporary_directory.h"
#include "tools/commands.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

class Command : public ::testing::Test {
 protected:
  // What the command printed; its outcome is in result_.
  std::string Run(std::vector<std::string> arguments) {
    CLI::App app;
    result_ = OkStatus();
    RegisterDataCommand(app, &result_);
    arguments.insert(arguments.begin(), "data");
    std::reverse(arguments.begin(), arguments.end());
    ::testing::internal::CaptureStdout();
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError& error) {
      result_ = InvalidArgument("usage: {}", error.what());
    }
    return ::testing::internal::GetCapturedStdout();
  }
  std::string Error(std::vector<std::string> arguments) {
    EXPECT_EQ(Run(std::move(arguments)), "");
    return result_.ok() ? "done" : Message(result_);
  }
  TemporaryDirectory directory_;
  Status result_;
};

TEST_F(Command, StoriesToStandardOutput) {
  const std::string text = Run({"stories", "--count", "2", "--seed", "5"});
  ASSERT_TRUE(result_.ok()) << Message(result_);
  EXPECT_EQ(text, MakeStory(5, 0).text + "\n<|endoftext|>\n" + MakeStory(5, 1).text + "\n<|endoftext|>\n");
}

TEST_F(Command, StoriesPreparedAndInspected) {
  const std::string stories = directory_ / "s.txt", data = directory_ / "data";
  const Json described =
      Json::parse(Run({"stories", "--count", "1000", "--output", stories, "--threads", "2", "--json"}));
  EXPECT_EQ(described["stories"], 1000);
  const double floor = described["bits_per_byte"];
  const std::string said = Run({"prepare", "--input", stories, "--output", data, "--vocab-size", "700"});
  ASSERT_TRUE(result_.ok()) << Message(result_);
  EXPECT_THAT(said, HasSubstr("its floor"));

  const std::string text = Run({"inspect", data, "--documents", "2", "--max-tokens", "1000"});
  ASSERT_TRUE(result_.ok()) << Message(result_);
  EXPECT_THAT(text, HasSubstr("vocabulary 700"));
  std::string first = MakeStory(0, 0).text;
  EXPECT_THAT(text, HasSubstr(first.substr(0, first.find('\n'))));

  const Json json = Json::parse(Run({"inspect", data, "--json", "--kneser-ney", "5"}));
  EXPECT_NEAR(json["floor_bits_per_byte"].get<double>(), floor, 0.05 * floor);
  // An n-gram model sees five tokens: on stories, which remember, it stays well above the floor.
  EXPECT_GT(json["kneser_ney"]["bits_per_byte"].get<double>(), 1.25 * floor);
  EXPECT_LT(json["kneser_ney"]["bits_per_byte"].get<double>(), 4 * floor);
  EXPECT_EQ(json["kneser_ney"]["order"], 5);
  EXPECT_EQ(json["vocab_size"], 700);
  const Json& document = json["splits"]["train"]["documents"][0];
  EXPECT_EQ(document["ids"].size(), 64u);
  EXPECT_TRUE(first.starts_with(document["text"].get<std::string>().substr(0, 60)));

  const Json shard = Json::parse(Run({"inspect", data + "/val-00000.bin", "--json"}));
  EXPECT_EQ(shard["splits"].size(), 1u);
}

TEST_F(Command, Errors) {
  EXPECT_THAT(Error({"stories", "--count", "0"}), HasSubstr("number of stories is 0"));
  EXPECT_THAT(Error({"stories", "--json"}), HasSubstr("give --output"));
  EXPECT_THAT(Error({"stories", "--output", directory_ / "no" + "/a.txt"}), HasSubstr("No such file"));
  EXPECT_THAT(Error({"prepare", "--input", directory_ / "missing", "--output", directory_ / "d"}),
              HasSubstr("missing"));
  EXPECT_THAT(Error({"prepare"}), HasSubstr("--input is required"));
  EXPECT_THAT(Error({"inspect", directory_ / "none"}), HasSubstr("does not exist"));
  EXPECT_THAT(Error({"inspect", directory_.path(), "--kneser-ney", "9"}), HasSubstr("usage"));
  EXPECT_THAT(Error({"inspect", directory_.path()}), HasSubstr("no token shards"));
  EXPECT_THAT(Error({"nothing"}), HasSubstr("usage"));
  EXPECT_FALSE(Exists(directory_ / "d"));
}

}  // namespace
}  // namespace weft
