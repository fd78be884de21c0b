// weft generate and weft eval as a user calls them, in this process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/file.h"
#include "base/json.h"
#include "frontends/data/prepare.h"
#include "frontends/data/stories.h"
#include "tests/base/temporary_directory.h"
#include "tests/generate/tiny_model.h"
#include "tools/commands.h"

namespace weft::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class GenerateCommand : public ::testing::Test {
 protected:
  void SetUp() override { WriteTinyModel(model_, TinyConfig(), 3); }

  // What the command printed; its outcome is in result_, what it said on the side in said_.
  std::string Run(std::vector<std::string> arguments) {
    CLI::App app;
    result_ = OkStatus();
    RegisterGenerateCommand(app, &result_);
    RegisterEvalCommand(app, &result_);
    arguments.insert(arguments.begin() + 1, {"--model", model_, "--threads", "1"});
    std::reverse(arguments.begin(), arguments.end());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError& error) {
      result_ = InvalidArgument("usage: {}", error.what());
    }
    said_ = ::testing::internal::GetCapturedStderr();
    return ::testing::internal::GetCapturedStdout();
  }
  std::string Good(std::vector<std::string> arguments) {
    std::string out = Run(std::move(arguments));
    EXPECT_TRUE(result_.ok()) << Message(result_);
    return out;
  }
  std::string Error(std::vector<std::string> arguments) {
    EXPECT_EQ(Run(std::move(arguments)), "");
    return result_.ok() ? "done" : Message(result_);
  }
  static std::vector<Json> Lines(const std::string& text) {
    std::vector<Json> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(Json::parse(line));
    return lines;
  }

  TemporaryDirectory directory_;
  std::string model_ = directory_ / "model";
  std::string said_;
  Status result_;
};

TEST_F(GenerateCommand, WritesOnAndSaysWhyItEnded) {
  const std::string text = Good({"generate", "--prompt", "Once", "--max-tokens", "8", "--greedy"});
  EXPECT_THAT(text, StartsWith("Once"));
  EXPECT_TRUE(text.ends_with('\n'));
  EXPECT_THAT(said_, HasSubstr("4 prompt tokens, 8 new"));
  EXPECT_THAT(said_, HasSubstr("first token"));
  EXPECT_THAT(said_, HasSubstr("tok/s"));
  EXPECT_THAT(said_, HasSubstr("ended by max_tokens"));
  const std::string alone =
      Good({"generate", "--prompt", "Once", "--max-tokens", "8", "--greedy", "--no-echo"});
  EXPECT_EQ("Once" + alone, text);
  Good({"generate", "--prompt", "Once", "--max-tokens", "0", "--greedy", "--ignore-end-token"});
  EXPECT_THAT(said_, HasSubstr("44 new"));
  EXPECT_THAT(said_, HasSubstr("ended by context"));
}

TEST_F(GenerateCommand, APromptFromAFileIsTheSameAsOneGiven) {
  const std::string file = directory_ / "prompt.txt";
  ASSERT_TRUE(WriteFileAtomically(file, "two\nlines").ok());
  EXPECT_EQ(Good({"generate", "--prompt-file", file, "--max-tokens", "6"}),
            Good({"generate", "--prompt", "two\nlines", "--max-tokens", "6"}));
  EXPECT_THAT(Error({"generate", "--prompt-file", directory_ / "none"}), HasSubstr("none"));
}

TEST_F(GenerateCommand, SeveralPromptsAndSamplesAsJson) {
  const std::vector<std::string> flags = {
      "generate",     "--prompt", "a",      "--prompt", "bcd",    "--num-samples", "2",
      "--max-tokens", "5",        "--seed", "7",        "--json", "--logprobs"};
  const std::vector<Json> lines = Lines(Good(flags));
  ASSERT_EQ(lines.size(), 4U);
  for (size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i]["index"], i);
    EXPECT_EQ(lines[i]["prompt"], i < 2 ? "a" : "bcd");
    EXPECT_EQ(lines[i]["seed"], 7 + i % 2);
    EXPECT_EQ(lines[i]["ids"].size(), lines[i]["logprobs"].size());
    for (const Json& logprob : lines[i]["logprobs"]) EXPECT_LE(logprob.get<double>(), 0);
    // The same text as when it is asked for alone.
    const std::vector<Json> alone = Lines(Good({"generate", "--prompt", lines[i]["prompt"], "--max-tokens",
                                                "5", "--seed", std::to_string(7 + i % 2), "--json"}));
    ASSERT_EQ(alone.size(), 1U);
    EXPECT_EQ(alone[0]["ids"], lines[i]["ids"]);
    EXPECT_FALSE(alone[0].contains("logprobs"));
  }
  EXPECT_NE(lines[0]["ids"], lines[1]["ids"]);
}

TEST_F(GenerateCommand, WritesInBf16) {
  const std::vector<std::string> flags = {"generate", "--prompt", "Once",       "--max-tokens",
                                          "12",       "--json",   "--logprobs", "--greedy"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), flags.begin(), flags.end());
    return more;
  };
  const Json wide = Lines(Good(flags))[0], narrow = Lines(Good(with({"--precision", "bf16"})))[0];
  EXPECT_EQ(narrow["ids"].size(), wide["ids"].size());
  EXPECT_NE(narrow["logprobs"], wide["logprobs"]);
  EXPECT_NEAR(narrow["logprobs"][0].get<double>(), wide["logprobs"][0].get<double>(), 0.05);
  const Json again = Lines(Good(with({"--precision", "bf16"})))[0];
  EXPECT_EQ(again["ids"], narrow["ids"]);
  EXPECT_EQ(again["logprobs"], narrow["logprobs"]);
  // With everything in f32 nothing is left of it.
  const Json kept = Lines(Good(with({"--precision", "bf16", "--keep-f32", ".*"})))[0];
  EXPECT_EQ(kept["ids"], wide["ids"]);
  EXPECT_EQ(kept["logprobs"], wide["logprobs"]);
  EXPECT_THAT(Error(with({"--precision", "fp8"})), HasSubstr("fp8 not in {f32,bf16}"));
  EXPECT_THAT(Error(with({"--keep-f32", "lm_head"})), HasSubstr("--keep-f32 goes with --precision bf16"));
  EXPECT_THAT(Error(with({"--precision", "bf16", "--keep-f32", "lm_hed"})),
              HasSubstr("keep-f32 'lm_hed' is the scope of no operator, expected one of"));
}

TEST_F(GenerateCommand, MeasuresInBf16) {
  const std::string file = directory_ / "text.txt";
  std::string text;
  for (int i = 0; i < 400; ++i) text += static_cast<char>('a' + i * i % 26);
  ASSERT_TRUE(WriteFileAtomically(file, text).ok());
  const std::vector<std::string> flags = {"eval", "--text", file, "--json"};
  const double wide = Lines(Good(flags))[0]["loss"];
  std::vector<std::string> in_bf16 = flags;
  in_bf16.insert(in_bf16.end(), {"--precision", "bf16"});
  const double narrow = Lines(Good(in_bf16))[0]["loss"];
  EXPECT_NEAR(narrow, wide, 0.02 * wide);
  EXPECT_NE(narrow, wide);
}

TEST_F(GenerateCommand, SeveralPromptsAsText) {
  const std::string text =
      Good({"generate", "--prompt", "first", "--prompt", "second", "--max-tokens", "3", "--greedy"});
  EXPECT_THAT(text, StartsWith("--- 1 of 2\nfirst"));
  EXPECT_THAT(text, HasSubstr("\n--- 2 of 2\nsecond"));
  EXPECT_THAT(said_, HasSubstr("ended by max_tokens (2)"));
}

TEST_F(GenerateCommand, EndsBeforeAStopString) {
  const std::vector<std::string> flags = {"generate", "--prompt",          "x", "--max-tokens", "30",
                                          "--json",   "--ignore-end-token"};
  const std::string text = Lines(Good(flags))[0]["text"];
  ASSERT_GT(text.size(), 10U);
  std::vector<std::string> with_stop = flags;
  // Whole characters from the middle.
  const auto boundary = [&](size_t at) {
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
    return at;
  };
  const size_t begin = boundary(5);
  const std::string stop = text.substr(begin, boundary(begin + 3) - begin);
  with_stop.insert(with_stop.end(), {"--stop", stop});
  const Json stopped = Lines(Good(with_stop))[0];
  EXPECT_EQ(stopped["stop_reason"], "stop_string");
  EXPECT_EQ(stopped["text"], text.substr(0, text.find(stop)));
  EXPECT_THAT(said_, HasSubstr("ended by stop_string"));
}

TEST_F(GenerateCommand, TheBestTokenInSeveralWords) {
  const std::string greedy = Good({"generate", "--prompt", "xy", "--max-tokens", "9", "--greedy"});
  for (const auto& [flag, value] :
       {std::pair{"--temperature", "0"}, {"--top-k", "1"}, {"--top-p", "1e-6"}, {"--min-p", "1"}}) {
    EXPECT_EQ(Good({"generate", "--prompt", "xy", "--max-tokens", "9", flag, value}), greedy) << flag;
  }
  EXPECT_EQ(Good({"generate", "--prompt", "xy", "--max-tokens", "9", "--greedy", "--no-cache"}), greedy);
  EXPECT_NE(
      Good({"generate", "--prompt", "xy", "--max-tokens", "9", "--greedy", "--repetition-penalty", "50"}),
      greedy);
}

TEST_F(GenerateCommand, Errors) {
  EXPECT_THAT(Error({"generate", "--prompt", std::string(60, 'a')}), HasSubstr("the model's context is 48"));
  EXPECT_THAT(Error({"generate", "--prompt", "a", "--prompt", std::string(60, 'a')}), HasSubstr("prompt 2"));
  EXPECT_THAT(Error({"generate", "--temperature", "-1"}), HasSubstr("--temperature is -1"));
  EXPECT_THAT(Error({"generate", "--max-tokens", "-4"}), HasSubstr("--max-tokens is -4"));
  EXPECT_THAT(Error({"generate", "--num-samples", "0"}), HasSubstr("--num-samples is 0"));
  EXPECT_THAT(Error({"generate", "--batch-size", "0"}), HasSubstr("--batch-size is 0"));
  EXPECT_THAT(Error({"generate", "--top-k", "many"}), HasSubstr("usage"));
}

// ---- weft eval

TEST_F(GenerateCommand, EvalOfAFileOfStoriesHasItsFloor) {
  const std::string file = directory_ / "stories.txt";
  const StatusOr<StoryTotals> stories = WriteStories({.path = file, .count = 3, .seed = 4});
  ASSERT_TRUE(stories.ok());
  const Json json = Lines(Good({"eval", "--text", file, "--json"}))[0];
  const int64_t size = *FileSize(file);
  EXPECT_NEAR(json["perplexity"].get<double>(), std::exp(json["loss"].get<double>()), 1e-9);
  EXPECT_NEAR(json["floor_bits_per_byte"].get<double>(), stories->nats / M_LN2 / static_cast<double>(size),
              1e-9);
  EXPECT_EQ(json["bytes"], size - 1);  // the first byte is the first token, which is not asked for
  EXPECT_NEAR(
      json["bits_per_byte"].get<double>(),
      json["loss"].get<double>() * json["tokens"].get<double>() / M_LN2 / static_cast<double>(size - 1),
      1e-9);
  EXPECT_THAT(Good({"eval", "--text", file}), HasSubstr("its floor"));
  const std::string other = directory_ / "other.txt";
  ASSERT_TRUE(WriteFileAtomically(other, "This is not a story.").ok());
  EXPECT_FALSE(Lines(Good({"eval", "--text", other, "--json"}))[0].contains("floor_bits_per_byte"));
  EXPECT_FALSE(Lines(Good({"eval", "--text", file, other, "--json"}))[0].contains("floor_bits_per_byte"));
}

TEST_F(GenerateCommand, EvalOfHeldOutDataBesideAnNgramModel) {
  const std::string file = directory_ / "stories.txt", data = directory_ / "data",
                    held = directory_ / "held.txt";
  ASSERT_TRUE(WriteStories({.path = file, .count = 40, .seed = 4}).ok());
  PrepareOptions options;
  options.tokenizer = "bytes";
  options.val_fraction = 0.1;
  options.document_nats = StoryNats;
  const StatusOr<DataInfo> info = PrepareData({file}, data, options);
  ASSERT_TRUE(info.ok()) << Message(info.status());
  const Json json = Lines(Good({"eval", "--data", data, "--kneser-ney", "5", "--json"}))[0];
  const double floor = json["floor_bits_per_byte"];
  EXPECT_NEAR(floor, *info->FloorBitsPerByte(), 1e-12);
  EXPECT_EQ(json["kneser_ney"]["order"], 5);
  EXPECT_GT(json["kneser_ney"]["bits_per_byte"].get<double>(), floor);
  EXPECT_GT(json["bits_per_byte"].get<double>(), json["kneser_ney"]["bits_per_byte"].get<double>());
  // The held-out text itself, given as a file, gives the same numbers.
  const std::string text = *ReadFile(file);
  ASSERT_TRUE(
      WriteFileAtomically(held, text.substr(text.size() - static_cast<size_t>(info->val.bytes))).ok());
  const Json from_text = Lines(Good({"eval", "--text", held, "--json"}))[0];
  for (const char* field : {"loss", "bits_per_byte", "floor_bits_per_byte", "tokens", "bytes"}) {
    EXPECT_EQ(from_text[field], json[field]) << field;
  }
  const std::string table = Good({"eval", "--data", data, "--kneser-ney", "3"});
  EXPECT_THAT(table, HasSubstr("its floor"));
  EXPECT_THAT(table, HasSubstr("Kneser-Ney, order 3"));
}

TEST_F(GenerateCommand, EvalErrors) {
  EXPECT_THAT(Error({"eval"}), HasSubstr("give --text FILE... or --data DIRECTORY"));
  EXPECT_THAT(Error({"eval", "--text", "a", "--data", "b"}), HasSubstr("expected one of them"));
  EXPECT_THAT(Error({"eval", "--text", "a", "--kneser-ney", "5"}), HasSubstr("--kneser-ney needs"));
  EXPECT_THAT(Error({"eval", "--text", directory_ / "none"}), HasSubstr("none"));
  const std::string file = directory_ / "text.txt", data = directory_ / "data";
  ASSERT_TRUE(WriteFileAtomically(file, std::string(3000, 'a')).ok());
  EXPECT_THAT(Error({"eval", "--text", file, "--context-length", "49"}), HasSubstr("--context-length is 49"));
  PrepareOptions options;
  options.vocab_size = 258;
  ASSERT_TRUE(PrepareData({file}, data, options).ok());
  EXPECT_THAT(Error({"eval", "--data", data}), HasSubstr("are not those of the model's tokenizer"));
}

}  // namespace
}  // namespace weft::test
