// Checkpoints are whole or absent: wherever the process dies while one is written, and however a file of one
// is cut.
#include "runtime/train/checkpoint.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "runtime/train/run_lock.h"
#include "tests/base/temporary_directory.h"
#include "tests/train/crash_points.h"

namespace weft {
namespace {

using test::Crash;

Checkpoint At(int64_t step) {
  Checkpoint c;
  c.state.step = step;
  c.state.tokens = 7 * step;
  c.state.machine = {{"threads", "2"}};
  const std::vector<float> w = {static_cast<float>(step), 1, 2, 3, 4, 5};
  const std::vector<float> m = {static_cast<float>(step), 0, 0, 0, 0, 0};
  c.parameters.push_back({"w", Tensor::Of<float>({2, 3}, w)});
  c.optimizer.push_back({"adamw.m.w", Tensor::Of<float>({2, 3}, m)});
  return c;
}

Status Save(const std::string& run, int64_t step, int64_t keep, int64_t best = 0) {
  Checkpoint c = At(step);
  c.state.best_step = best;
  return CheckpointDirectory(run).Save(c, Json{{"model_type", "none"}}, "{}", keep);
}

// The step of the latest checkpoint, which must be whole; 0: there is none.
int64_t Latest(const std::string& run) {
  const StatusOr<std::optional<Checkpoint>> c = CheckpointDirectory(run).LoadLatest();
  EXPECT_TRUE(c.ok()) << Message(c.status());
  if (!c.ok() || !*c) return 0;
  const int64_t step = (*c)->state.step;
  EXPECT_EQ((*c)->state.tokens, 7 * step);
  EXPECT_EQ((*c)->parameters.at(0).tensor.as<float>()[0], static_cast<float>(step));
  EXPECT_EQ((*c)->optimizer.at(0).tensor.as<float>()[0], static_cast<float>(step));
  return step;
}

// Saves step 30 over steps 10 and 20 in a process that dies at its n-th call. False: it came to its end.
bool SaveAndDie(const std::string& run, int n, Crash crash) {
  const pid_t child = fork();
  if (child == 0) {
    test::DieAtCall(n, crash);
    _exit(Save(run, 30, 1).ok() ? 0 : 1);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(!WIFEXITED(status) || WEXITSTATUS(status) == 0) << WEXITSTATUS(status);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

void DieEverywhere(Crash crash) {
  const TemporaryDirectory directory;
  const std::string run = directory.path();
  int points = 0, old_ones = 0, new_ones = 0;
  for (bool died = true; died; ++points) {
    ASSERT_TRUE(RemoveAll(directory / "checkpoints").ok());
    ASSERT_TRUE(Save(run, 10, 2, 10).ok());
    ASSERT_TRUE(Save(run, 20, 2).ok());
    died = SaveAndDie(run, points + 1, crash);
    SCOPED_TRACE(points + 1);
    const int64_t latest = Latest(run);
    ASSERT_TRUE(latest == 20 || latest == 30) << latest;
    (latest == 20 ? old_ones : new_ones) += 1;
    // And the run goes on: the same step is saved again, and nothing half-written stays.
    ASSERT_TRUE(RemoveLeftovers(run).ok());
    ASSERT_TRUE(Save(run, 30, 1).ok());
    EXPECT_EQ(Latest(run), 30);
    EXPECT_EQ(ListDirectory(directory / "checkpoints").value(),
              (std::vector<std::string>{"best", "latest", "step-00000030"}));
  }
  EXPECT_GT(points, 30);
  EXPECT_GT(old_ones, 20);
  EXPECT_GT(new_ones, 3);
}

TEST(Checkpoint, WholeOrAbsentWhereverTheProcessDies) { DieEverywhere(Crash::kKill); }
TEST(Checkpoint, WholeOrAbsentWhereverThePowerFails) { DieEverywhere(Crash::kPowerLoss); }

TEST(Checkpoint, CutAtAnyByteIsRefusedByName) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(Save(directory.path(), 10, 1).ok());
  for (const char* name : {"model.safetensors", "optimizer.safetensors", "trainer_state.json"}) {
    const std::string path = directory / (std::string("checkpoints/step-00000010/") + name);
    const std::string whole = *ReadFile(path);
    const std::string mentioned = std::string(name);
    for (size_t length = 0; length < whole.size(); ++length) {
      // The newline at the end says nothing.
      if (mentioned == "trainer_state.json" && length + 1 == whole.size() && whole.back() == '\n') continue;
      ASSERT_TRUE(WriteFileAtomically(path, whole.substr(0, length)).ok());
      const Status status = CheckpointDirectory(directory.path()).LoadLatest().status();
      ASSERT_FALSE(status.ok()) << name << " cut at " << length;
      ASSERT_NE(Message(status).find(name), std::string::npos) << Message(status);
    }
    ASSERT_TRUE(RemoveAll(path).ok());
    const Status gone = CheckpointDirectory(directory.path()).LoadLatest().status();
    EXPECT_NE(Message(gone).find(name), std::string::npos) << Message(gone);
    ASSERT_TRUE(WriteFileAtomically(path, whole).ok());
  }
  EXPECT_EQ(Latest(directory.path()), 10);
}

TEST(Checkpoint, KeepsTheLastOnesAndTheBest) {
  const TemporaryDirectory directory;
  for (int64_t step = 10; step <= 60; step += 10) {
    ASSERT_TRUE(Save(directory.path(), step, 2, step < 20 ? 10 : 20).ok());
  }
  EXPECT_EQ(ListDirectory(directory / "checkpoints").value(),
            (std::vector<std::string>{"best", "latest", "step-00000020", "step-00000050", "step-00000060"}));
  EXPECT_EQ(CheckpointDirectory::Load(directory / "checkpoints/best")->state.step, 20);
}

// A run that was killed after a checkpoint was written and before `latest` named it, and goes on with
// checkpoints at other steps.
TEST(Checkpoint, ALaterOneThatWasNeverTheLatestDoesNotCount) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(Save(directory.path(), 10, 1).ok());
  ASSERT_TRUE(Save(directory.path(), 40, 3).ok());
  ASSERT_TRUE(ReplaceLink(directory / "checkpoints/latest", "step-00000010").ok());
  ASSERT_TRUE(Save(directory.path(), 15, 1).ok());
  EXPECT_EQ(Latest(directory.path()), 15);
  ASSERT_TRUE(Save(directory.path(), 45, 1).ok());
  EXPECT_EQ(ListDirectory(directory / "checkpoints").value(),
            (std::vector<std::string>{"latest", "step-00000045"}));
}

}  // namespace
}  // namespace weft
