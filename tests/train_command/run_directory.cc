#include "tests/train_command/run_directory.h"

#include <algorithm>

#include "base/file.h"

namespace weft::test {

TrainCommandTest::TrainCommandTest() {
  std::string text;
  uint32_t state = 1;
  const char* words[] = {"the ", "cat ", "sat ", "on ", "a ", "mat.\n", "dog ", "ran ", "to ", "it, "};
  while (text.size() < 60000) text += words[(state = state * 1664525 + 1013904223) >> 16 & 7];
  EXPECT_TRUE(WriteFileAtomically(Path("text.txt"), text).ok());
}

std::vector<std::string> TrainCommandTest::Flags(const std::string& run,
                                                 const std::vector<std::string>& more) const {
  std::vector<std::pair<std::string, std::string>> flags = {{"--text", Path("text.txt")},
                                                            {"--out", Path(run)},
                                                            {"--tokenizer", "bytes"},
                                                            {"--d-model", "32"},
                                                            {"--num-layers", "1"},
                                                            {"--num-heads", "2"},
                                                            {"--d-ff", "48"},
                                                            {"--context-length", "16"},
                                                            {"--batch-size", "2"},
                                                            {"--steps", "200"},
                                                            {"--save-every", "10"},
                                                            {"--eval-every", "25"},
                                                            {"--eval-windows", "4"},
                                                            {"--dropout", "0.1"},
                                                            {"--warmup-steps", "10"},
                                                            {"--threads", "2"}};
  std::vector<std::string> args = {"train"};
  for (const auto& [flag, value] : flags) {
    if (std::find(more.begin(), more.end(), flag) == more.end()) args.insert(args.end(), {flag, value});
  }
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

std::string TrainCommandTest::Contents(const std::string& path) const {
  StatusOr<std::string> text = ReadFile(Path(path));
  EXPECT_TRUE(text.ok()) << Message(text.status());
  return text.ok() ? *std::move(text) : std::string();
}

std::vector<std::string> TrainCommandTest::Metrics(const std::string& run) const {
  std::vector<std::string> lines;
  const std::string text = ReadFile(Path(run + "/metrics.jsonl")).value_or("");
  for (size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, text.find(",\"ms\"", begin) - begin));
  }
  return lines;
}

void TrainCommandTest::ExpectSame(const std::string& a, const std::string& b) const {
  EXPECT_EQ(Metrics(a), Metrics(b));
  for (const char* file : {"model.safetensors", "optimizer.safetensors"}) {
    const std::string latest = std::string("/checkpoints/latest/") + file;
    EXPECT_TRUE(Contents(a + latest) == Contents(b + latest)) << file << " differs";
  }
}

bool TrainCommandTest::WaitForStep(WeftProcess& command, const std::string& run, size_t step) const {
  while (command.Running()) {
    if (Metrics(run).size() >= step) return true;
    SleepMicroseconds(200);
  }
  return false;
}

bool TrainCommandTest::WaitForUnfinished(WeftProcess& command, const std::string& directory,
                                         const std::string& prefix) const {
  while (command.Running()) {
    const StatusOr<std::vector<std::string>> names = ListDirectory(Path(directory));
    for (const std::string& name : names.ok() ? *names : std::vector<std::string>()) {
      if (IsTemporaryName(name) && name.starts_with(prefix)) return true;
    }
    SleepMicroseconds(50);
  }
  return false;
}

}  // namespace weft::test
