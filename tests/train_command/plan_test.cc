// What is known before anything runs is what is then used.
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "tests/train_command/run_directory.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WEFT_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WEFT_SANITIZED 1
#endif
#endif

namespace weft::test {
namespace {

using PlanTest = TrainCommandTest;

TEST_F(PlanTest, ADryRunNeedsNoDataAndWritesNothing) {
  const Outcome text = Run({"train", "--preset", "cs336-17m", "--dry-run", "--out", Path("run")});
  ASSERT_EQ(text.code, 0) << text.err;
  EXPECT_NE(text.out.find("22,696,448"), std::string::npos) << text.out;
  const Outcome json = Run({"train", "--preset", "cs336-17m", "--dry-run", "--json", "--out", Path("run")});
  const Json plan = ParseJson(json.out, "plan").value();
  EXPECT_EQ(plan["parameters"], 22'696'448);
  int64_t sum = 0;
  for (const auto& [category, bytes] : plan["memory"].items()) sum += bytes.get<int64_t>();
  EXPECT_EQ(plan["peak_bytes"], sum);
  EXPECT_EQ(plan["memory"]["parameters"], 22'696'448 * 4);
  EXPECT_EQ(plan["memory"]["optimizer"], 22'696'448 * 8);
  EXPECT_FALSE(Exists(Path("run")));
}

// Accumulation needs another program and the sums of gradients; they are in the plan.
TEST_F(PlanTest, CountsAllPrograms) {
  const auto peak = [&](const std::vector<std::string>& more) {
    std::vector<std::string> args = {"train", "--preset", "tiny", "--dry-run", "--json"};
    args.insert(args.end(), more.begin(), more.end());
    return ParseJson(Run(args).out, "plan").value()["memory"];
  };
  const Json one = peak({"--val-fraction", "0"});
  const Json accumulated = peak({"--val-fraction", "0", "--grad-accumulation", "4"});
  const Json evaluated = peak({"--val-fraction", "0.1"});
  EXPECT_GE(accumulated["gradients"].get<int64_t>(), one["parameters"].get<int64_t>());
  EXPECT_GT(evaluated["inputs_outputs"].get<int64_t>(), one["inputs_outputs"].get<int64_t>());
}

#ifndef WEFT_SANITIZED
// The figure of the step line (resident memory of the process's own, beyond what it had before) against the
// plan. What libraries may take is a bound, not a prediction: it lies between.
TEST_F(PlanTest, WhatIsUsedIsWhatWasPlanned) {
  for (const char* accumulation : {"1", "2"}) {
    SCOPED_TRACE(accumulation);
    std::vector<std::string> args = {
        "--d-model",        "256", "--num-layers",        "3",         "--num-heads", "4", "--d-ff",    "688",
        "--context-length", "128", "--batch-size",        "8",         "--steps",     "3", "--dropout", "0",
        "--save-every",     "2",   "--grad-accumulation", accumulation};
    const std::string run = std::string("run") + accumulation;
    ASSERT_EQ(Run(Flags(run, args)).code, 0);
    args.insert(args.begin(), {"train", "--dry-run", "--json", "--tokenizer", "bytes", "--threads", "2"});
    const Json plan = ParseJson(Run(args).out, "plan").value();
    const auto planned = plan["peak_bytes"].get<double>(), library = plan["memory"]["library"].get<double>();
    const std::string text = Contents(run + "/metrics.jsonl");
    const size_t line = text.rfind('\n', text.size() - 2) + 1;
    const auto used = ParseJson(text.substr(line), "metrics").value()["mem"].get<double>();
    EXPECT_LE(used, planned * 1.02);
    EXPECT_GE(used, (planned - library) * 0.98);
    RecordProperty("planned" + run, std::to_string(planned));
    RecordProperty("used" + run, std::to_string(used));
  }
}
#endif

}  // namespace
}  // namespace weft::test
