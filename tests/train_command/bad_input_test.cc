// What the command cannot use is refused in one line that says what, where and what was expected, with exit
// code 1, and leaves nothing behind; what was there before stays.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/file.h"
#include "base/safetensors.h"
#include "base/shards.h"
#include "tests/base/sanitized.h"
#include "tests/train_command/run_directory.h"

namespace weft::test {
namespace {

using ::testing::HasSubstr;

class BadInput : public TrainCommandTest {
 protected:
  // Exit code 1, one line, and no directory `run`.
  void Refuses(const std::vector<std::string>& args, const std::string& expected) {
    const Outcome ended = Run(args);
    SCOPED_TRACE(expected);
    EXPECT_EQ(ended.code, 1);
    std::string error =
        ended.err.substr(ended.err.rfind("weft: ") == std::string::npos ? 0 : ended.err.rfind("weft: "));
    EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 1) << ended.err;
    EXPECT_THAT(error, HasSubstr(expected));
    EXPECT_FALSE(Exists(Path("run")));
  }
  std::string Write(const std::string& name, const std::string& text) const {
    EXPECT_TRUE(WriteFileAtomically(Path(name), text).ok());
    return Path(name);
  }
};

TEST_F(BadInput, Text) {
  Refuses(Flags("run", {"--text", Write("empty.txt", "")}), "empty.txt: the file is empty");
  Refuses(Flags("run", {"--text", Path("missing.txt")}), "missing.txt': No such file or directory");
  Refuses(Flags("run", {"--text", directory_.path()}), "is a directory, expected a file");
  Refuses(Flags("run", {"--text", Write("short.txt", "hello")}),
          "the training split has 5 tokens, fewer than one window of context length 16 + 1");
  // Bytes that are no text, and text cut inside a character, are text like any other.
  std::string binary, cut;
  for (int i = 0; i < 3000; ++i) binary += static_cast<char>(i * i % 256);
  for (int i = 0; i < 1000; ++i) cut += "\xc3\xa9";
  cut.pop_back();
  EXPECT_EQ(Run(Flags("binary", {"--text", Write("binary.txt", binary), "--steps", "1"})).code, 0);
  EXPECT_EQ(Run(Flags("cut", {"--text", Write("cut.txt", cut), "--steps", "1", "--tokenizer", "bpe",
                              "--vocab-size", "260"}))
                .code,
            0);
}

TEST_F(BadInput, Settings) {
  Refuses(Flags("run", {"--d-model", "130", "--num-heads", "4"}),
          "--d-model 130 is not divisible by --num-heads 4");
  Refuses(Flags("run", {"--tokenizer", "bpe", "--vocab-size", "100"}),
          "--vocab-size is 100, expected at least 257");
  Refuses(Flags("run", {"--lr", "nan"}), "--lr is nan, expected 0 to");
  Refuses(Flags("run", {"--memory-limit", "2MB"}), "above --memory-limit 2MB");
  Refuses(Flags("run", {"--context-length", "16777216", "--batch-size", "100000"}), "that this machine has");
  Refuses(Flags("run", {"--config", Write("c.json", R"({"batchsize": 3})")}),
          "there is no setting 'batchsize'; did you mean 'batch_size'?");
  Refuses(Flags("run", {"--config", Write("c.json", R"({"lr": 1)")}), "c.json': line 1, column");
  const Outcome usage = Run({"train", "--batchsize", "3"});
  EXPECT_EQ(usage.code, 2);
  EXPECT_THAT(usage.err, HasSubstr("unknown flag '--batchsize'; did you mean '--batch-size'?"));
}

// Flags win over the file, the file over the defaults.
TEST_F(BadInput, FlagsWinOverTheConfiguration) {
  const std::string config = Write("c.json", R"({"steps": 3, "lr": 0.25, "schedule": "constant"})");
  ASSERT_EQ(Run(Flags("run", {"--config", config, "--steps", "2", "--warmup-steps", "0"})).code, 0);
  const std::vector<std::string> lines = Metrics("run");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0], HasSubstr("\"lr\":0.25,"));
}

TEST_F(BadInput, Directories) {
  Refuses({"train", "--resume", Path("nowhere")}, "is not a run directory: it has no run.json");
  Refuses(Flags("/proc/nowhere/run"), "cannot create directory '/proc/nowhere/run'");
  Refuses(Flags("text.txt"), "cannot create directory");
  EXPECT_EQ(Contents("text.txt").size() / 1000, 60u);
  ASSERT_EQ(Run(Flags("there", {"--steps", "1"})).code, 0);
  const std::string before = Contents("there/run.json");
  Refuses(Flags("there"), "a run is there already: go on with --resume");
  EXPECT_EQ(Contents("there/run.json"), before);
  ASSERT_TRUE(CreateDirectories(Path("mine/data")).ok());
  Refuses(Flags("mine"), "mine/data is there already, and is of no run");
  EXPECT_TRUE(Exists(Path("mine/data")));
}

TEST_F(BadInput, AFullDisk) {
  if (WEFT_THREAD_SANITIZER)
    GTEST_SKIP() << "the sanitizer's own memory is a file, which may not be so large";
  // The data does not fit: nothing stays.
  WeftProcess data(Flags("run"), {.largest_file = 20000});
  const Outcome refused = data.Wait();
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("File too large"));
  EXPECT_FALSE(Exists(Path("run")));
  // A checkpoint does not fit: the one from before stays, and the run goes on from it.
  const std::vector<std::string> flags = {"--steps", "20", "--d-ff", "1600"};
  ASSERT_EQ(Run(Flags("whole", flags)).code, 0);
  WeftProcess first(Flags("run", flags));
  ASSERT_TRUE(WaitForStep(first, "run", 12));
  first.Signal(SIGKILL);
  first.Wait();
  WeftProcess full({"train", "--resume", Path("run")}, {.largest_file = 200000});
  const Outcome ended = full.Wait();
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("saving step 20: cannot write"));
  EXPECT_FALSE(Exists(Path("run/checkpoints/step-00000020")));
  ASSERT_EQ(Run({"train", "--resume", Path("run")}).code, 0);
  ExpectSame("whole", "run");
}

TEST_F(BadInput, Shards) {
  ASSERT_EQ(Run(Flags("made", {"--steps", "1"})).code, 0);
  const std::vector<std::string> args = {"train",   "--data", Path("made/data"),  "--out", Path("run"),
                                         "--steps", "1",      "--context-length", "16"};
  const std::string shard = "made/data/train-00000.bin", whole = Contents(shard);
  const auto with = [&](size_t at, const std::string& bytes) {
    std::string changed = whole;
    changed.replace(at, bytes.size(), bytes);
    return changed;
  };
  Write(shard, with(1024 + 2000, "\xff\xff"));
  Refuses(args, "train-00000.bin': the tokens hash to");
  std::string without_hash = with(1024 + 2000, "\xff\xff");
  without_hash.replace(12, 12, std::string(12, '\0'));  // nor a vocabulary: as llm.c writes them
  Write(shard, without_hash);
  Refuses(args, "token 1000 is 65535, expected less than the vocabulary of 257");
  Write(shard, whole.substr(0, 5000));
  Refuses(args, "truncated?");
  Write(shard, "");
  Refuses(args, "train-00000.bin");
  ASSERT_TRUE(RemoveAll(Path(shard)).ok());
  Refuses(args, "holds no 'train-*.bin'");
}

TEST_F(BadInput, InitialWeights) {
  ASSERT_EQ(Run(Flags("made", {"--steps", "1"})).code, 0);
  const std::string file = Path("made/checkpoints/latest/model.safetensors");
  const SafetensorsFile original = *SafetensorsFile::Open(file);
  const std::string name = "model.layers.0.mlp.up_proj.weight";
  // The tensors, with `change` made to that one.
  const auto write = [&](auto change) {
    std::vector<NamedTensor> tensors;
    for (const SafetensorsEntry& e : original.entries()) {
      NamedTensor t{e.name, original.Get(e.name)->Clone()};
      if (e.name != name || change(t)) tensors.push_back(t);
    }
    ASSERT_TRUE(WriteSafetensors(file, tensors).ok());
  };
  std::vector<std::string> args = Flags("run", {"--init-from", Path("made"), "--steps", "1"});
  write([](NamedTensor&) { return false; });
  Refuses(args, "1 tensor is missing: '" + name + "'");
  write([](NamedTensor& t) {
    t.name = "model.layers.0.mlp.upproj.weight";
    return true;
  });
  Refuses(args, "'model.layers.0.mlp.upproj.weight' (is it '" + name + "'?)");
  write([](NamedTensor& t) {
    t.tensor = Tensor::Zeros(DataType::kF32, {5, 32});
    return true;
  });
  Refuses(args, "'" + name + "' is f32[5, 32], expected f32[48, 32]");
  write([](NamedTensor& t) {
    SetElementFromDouble(t.tensor, 35, NAN);
    return true;
  });
  Refuses(args, "step 1: state '" + name + "'");
  Refuses(Flags("run", {"--init-from", Path("made"), "--d-model", "64"}), "d_model is 32 there, 64 here");
  write([](NamedTensor&) { return true; });
  EXPECT_EQ(Run(args).code, 0);
}

TEST_F(BadInput, ACutCheckpointIsRefusedAndTheRestIsThere) {
  ASSERT_EQ(Run(Flags("made", {"--steps", "20"})).code, 0);
  const std::string file = "made/checkpoints/latest/optimizer.safetensors", whole = Contents(file);
  Write(file, whole.substr(0, whole.size() - 1));
  Refuses({"train", "--resume", Path("made")}, "optimizer.safetensors: damaged");
  Write(file, whole);
  EXPECT_EQ(Run({"train", "--resume", Path("made")}).code, 0);
}

}  // namespace
}  // namespace weft::test
