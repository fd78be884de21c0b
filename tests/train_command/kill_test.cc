// A run that is killed at any moment and resumed is the run that was never killed: the same metrics, the same
// weights, bit for bit.
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "base/file.h"
#include "tests/train_command/run_directory.h"

namespace weft::test {
namespace {

using KillTest = TrainCommandTest;
constexpr int kKilled = 128 + SIGKILL;

// WEFT_TEST_KILLS=100: so many kills instead of ten.
int NumKills() {
  const char* text = std::getenv("WEFT_TEST_KILLS");
  return text == nullptr ? 10 : std::max(1, std::atoi(text));
}

TEST_F(KillTest, TenKillsChangeNothing) {
  const uint32_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  ASSERT_EQ(Run(Flags("whole")).code, 0);
  std::vector<size_t> steps;
  for (int i = 0; i < NumKills(); ++i) steps.push_back(random() % 195);
  std::sort(steps.begin(), steps.end());
  int killed = 0, while_saving = 0;
  for (size_t i = 0; i < steps.size(); ++i) {
    const bool begin = !Exists(Path("killed/run.json"));
    WeftProcess command(begin ? Flags("killed")
                              : std::vector<std::string>{"train", "--resume", Path("killed")});
    bool there = WaitForStep(command, "killed", steps[i]);
    // Every other time while a checkpoint is being written.
    if (there && i % 2 == 1) {
      there = WaitForUnfinished(command, "killed/checkpoints", "step-");
      while_saving += there;
    }
    // Lines of before the last kill may be there already: then it is the resuming that is hit, or, after a
    // longer time, the steps that are done again.
    const uint32_t longest = i % 2 == 1 ? 4000 : i % 4 == 0 ? 400'000 : 20'000;
    SleepMicroseconds(static_cast<int64_t>(random() % longest));
    command.Signal(SIGKILL);
    const Outcome ended = command.Wait();
    ASSERT_TRUE(ended.code == kKilled || ended.code == 0) << ended.err;
    killed += ended.code == kKilled;
  }
  const Outcome end = Run({"train", "--resume", Path("killed")});
  ASSERT_EQ(end.code, 0) << end.err;
  // How many hit a write depends on the disk; tests/train/checkpoint_test dies at each of its calls.
  EXPECT_GT(killed, 0);
  RecordProperty("killed", killed);
  RecordProperty("while_saving", while_saving);
  ExpectSame("whole", "killed");
  // Nothing half-written is left.
  for (const char* place : {"killed", "killed/checkpoints"}) {
    const std::vector<std::string> names = ListDirectory(Path(place)).value();
    for (const std::string& name : names) EXPECT_FALSE(IsTemporaryName(name)) << name;
  }
}

TEST_F(KillTest, WhileTheDataIsPrepared) {
  const std::vector<std::string> bpe = {"--tokenizer", "bpe", "--vocab-size", "400", "--steps", "12"};
  ASSERT_EQ(Run(Flags("whole", bpe)).code, 0);
  {
    WeftProcess command(Flags("killed", bpe));
    ASSERT_TRUE(WaitForUnfinished(command, "killed", "data"));
    command.Signal(SIGKILL);
    ASSERT_EQ(command.Wait().code, kKilled);
  }
  EXPECT_FALSE(Exists(Path("killed/data")));
  const Outcome end = Run({"train", "--resume", Path("killed")});
  ASSERT_EQ(end.code, 0) << end.err;
  ExpectSame("whole", "killed");
}

TEST_F(KillTest, BeforeTheFirstCheckpoint) {
  const std::vector<std::string> late = {"--save-every", "0"};
  ASSERT_EQ(Run(Flags("whole", late)).code, 0);
  {
    WeftProcess command(Flags("killed", late));
    ASSERT_TRUE(WaitForStep(command, "killed", 5));
    command.Signal(SIGKILL);
    ASSERT_EQ(command.Wait().code, kKilled);
  }
  EXPECT_FALSE(Exists(Path("killed/checkpoints")));
  const Outcome end = Run({"train", "--resume", Path("killed")});
  ASSERT_EQ(end.code, 0) << end.err;
  ExpectSame("whole", "killed");
}

TEST_F(KillTest, TheFirstSignalFinishesTheStepAndSaves) {
  const std::vector<std::string> rarely = {"--save-every", "50"};
  ASSERT_EQ(Run(Flags("whole", rarely)).code, 0);
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::string run = signal == SIGINT ? "interrupted" : "terminated";
    WeftProcess command(Flags(run, rarely));
    ASSERT_TRUE(WaitForStep(command, run, 33));
    command.Signal(signal);
    const Outcome stopped = command.Wait();
    EXPECT_EQ(stopped.code, 0);
    EXPECT_NE(stopped.err.find("go on with: weft train --resume " + Path(run)), std::string::npos)
        << stopped.err;
    // Saved where it stopped, not at the multiple of fifty before.
    const std::string state = Contents(run + "/checkpoints/latest/trainer_state.json");
    const std::string step = fmt::format("\"step\": {},", Metrics(run).size());
    EXPECT_NE(state.find(step), std::string::npos) << step << state;
    ASSERT_EQ(Run({"train", "--resume", Path(run)}).code, 0);
    ExpectSame("whole", run);
  }
}

TEST_F(KillTest, TheSecondSignalEndsAtOnce) {
  WeftProcess command(Flags("run", {"--steps", "100000"}));
  ASSERT_TRUE(WaitForStep(command, "run", 12));
  command.Signal(SIGINT);
  command.Signal(SIGTERM);  // two of one kind may become one
  EXPECT_EQ(command.Wait().code, 130);
}

TEST_F(KillTest, OneProcessAtATime) {
  WeftProcess first(Flags("run", {"--steps", "100000"}));
  ASSERT_TRUE(WaitForStep(first, "run", 1));
  const Outcome second = Run({"train", "--resume", Path("run")});
  EXPECT_EQ(second.code, 1);
  EXPECT_NE(second.err.find("another process is training there"), std::string::npos) << second.err;
}

TEST_F(KillTest, ResumeRefusesAnotherMathematicsAndSaysWhatElseChanged) {
  ASSERT_EQ(Run(Flags("run", {"--steps", "12"})).code, 0);
  const Outcome refused = Run({"train", "--resume", Path("run"), "--lr", "0.5", "--seed", "9"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("lr: 0.001 before, 0.5 now; seed: 1 before, 9 now"), std::string::npos)
      << refused.err;
  const Outcome threads = Run({"train", "--resume", Path("run"), "--threads", "1"});
  EXPECT_EQ(threads.code, 0);
  EXPECT_NE(threads.err.find("threads: 2 before, 1 now"), std::string::npos) << threads.err;
}

}  // namespace
}  // namespace weft::test
