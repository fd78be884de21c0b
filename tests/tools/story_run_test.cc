// The way of tools/quickstart.sh in small: stories, a run, how good it is, a text from standard input.
// Numbers that two commands say of the same thing agree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "tests/base/temporary_directory.h"
#include "tests/command/weft_process.h"

namespace weft::test {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class StoryRun : public ::testing::Test {
 protected:
  Outcome Good(const std::vector<std::string>& arguments, const ProcessOptions& streams = {}) {
    Outcome outcome = RunWeft(arguments, streams);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome;
  }
  // The last line of metrics.jsonl.
  Json LastMetrics() {
    std::string text = *ReadFile(run_ + "/metrics.jsonl");
    text.pop_back();
    return Json::parse(text.substr(text.rfind('\n') + 1));
  }
  void Train() {
    Good({"data", "stories", "--count", "60", "--seed", "2", "--output", text_});
    trained_ = Good({"train", "--text",           text_, "--vocab-size", "500", "--val-fraction",
                     "0.2",   "--d-model",        "32",  "--num-layers", "1",   "--num-heads",
                     "2",     "--context-length", "64",  "--batch-size", "4",   "--steps",
                     "6",     "--eval-every",     "3",   "--threads",    "1",   "--out",
                     run_});
  }
  TemporaryDirectory directory_;
  std::string text_ = directory_ / "stories.txt", run_ = directory_ / "run";
  Outcome trained_;
};

TEST_F(StoryRun, TrainAndEvalSayTheSameOfTheHeldOutText) {
  Train();
  const Json last = LastMetrics();
  const double floor = last["floor_bits_per_byte"], bits = last["val_bits_per_byte"];
  EXPECT_GT(bits, floor);
  EXPECT_THAT(trained_.err, HasSubstr("bits/byte, floor 0."));
  EXPECT_THAT(trained_.out, HasSubstr("its floor"));
  const Json eval =
      Json::parse(Good({"eval", "--model", run_, "--kneser-ney", "5", "--threads", "1", "--json"}).out);
  EXPECT_NEAR(eval["loss"].get<double>(), last["val_loss"].get<double>(), 1e-5);
  EXPECT_NEAR(eval["bits_per_byte"].get<double>(), bits, 1e-5);
  EXPECT_DOUBLE_EQ(eval["floor_bits_per_byte"].get<double>(), floor);
  EXPECT_GT(eval["kneser_ney"]["bits_per_byte"].get<double>(), floor);
  // Any text, from standard input as from a file.
  const std::string from_file =
      Good({"eval", "--model", run_, "--text", text_, "--threads", "1", "--json"}).out;
  EXPECT_EQ(Good({"eval", "--model", run_, "--text", "-", "--threads", "1", "--json"}, {.in = text_}).out,
            from_file);
}

TEST_F(StoryRun, WritesFromAPromptOnStandardInput) {
  Train();
  const std::string prompt = directory_ / "prompt.txt";
  ASSERT_TRUE(WriteFileAtomically(prompt, "Once upon a time").ok());
  const std::vector<std::string> flags = {"generate", "--model",   run_, "--max-tokens", "9", "--seed",
                                          "4",        "--threads", "1"};
  std::vector<std::string> from_argument = flags, from_input = flags;
  from_argument.insert(from_argument.end(), {"--prompt", "Once upon a time"});
  from_input.insert(from_input.end(), {"--prompt-file", "-"});
  const Outcome text = Good(from_argument);
  EXPECT_THAT(text.out, StartsWith("Once upon a time"));
  EXPECT_THAT(text.out, EndsWith("\n"));
  EXPECT_THAT(text.err, HasSubstr("ended by max_tokens"));
  EXPECT_EQ(Good(from_input, {.in = prompt}).out, text.out);
  // A run whose data has gone still writes, and says what eval lacks.
  ASSERT_TRUE(RemoveAll(run_ + "/data").ok());
  EXPECT_EQ(Good(from_argument).out, text.out);
  const Outcome eval = RunWeft({"eval", "--model", run_});
  EXPECT_EQ(eval.code, 1);
  EXPECT_THAT(eval.err, HasSubstr("data.json"));
}

// A model directory may carry its graph: it is what runs.
TEST_F(StoryRun, AModelWithItsGraph) {
  Train();
  const std::vector<std::string> generate = {"generate", "--model",   run_, "--max-tokens", "9", "--prompt",
                                             "One day",  "--threads", "1"};
  const std::string text = Good(generate).out, graph = run_ + "/checkpoints/latest/model.weft";
  Good({"graph", "dump", "--model", run_, "--program", "model", "-o", graph});
  EXPECT_EQ(Good(generate).out, text);
  Good({"eval", "--model", run_, "--text", text_, "--threads", "1"});
  const auto refused = [&](const std::string& reason) {
    const Outcome outcome = RunWeft(generate);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr(reason));
  };
  Good({"graph", "dump", "--model", run_, "--program", "eval", "-o", graph});
  refused("model.weft: ");
  Good({"graph", "dump", "--preset", "tiny", "--vocab-size", "501", "--program", "model", "-o", graph});
  refused(
      "model.weft: 'logits' is f32[batch, seq, 501], expected [batch, seq, 500] (config.json's vocab_size)");
  ASSERT_TRUE(WriteFileAtomically(graph, "nothing").ok());
  refused("model.weft: not a graph in weft's file form");
}

}  // namespace
}  // namespace weft::test
