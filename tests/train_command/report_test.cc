// report.html: left by every run, made again from what is in the run directory, whatever state that is in.
#include <gmock/gmock.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "tests/train_command/run_directory.h"

namespace weft::test {
namespace {

using ::testing::HasSubstr;

class ReportTest : public TrainCommandTest {
 protected:
  // The data that lies in the run's page.
  Json DataOf(const std::string& run) const {
    const std::string page = Contents(run + "/report.html");
    constexpr std::string_view kBegin = "id=\"data\">";
    const size_t begin = page.find(kBegin) + kBegin.size();
    return ParseJson(page.substr(begin, page.find("</script", begin) - begin), "page").value_or(Json());
  }
};

TEST_F(ReportTest, ARunLeavesOneAndItCanBeMadeAgain) {
  const Outcome run = Run(Flags("run", {"--steps", "30", "--profile", Path("trace.json")}));
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("report.html"));
  const Json left = DataOf("run");
  EXPECT_EQ(left["metrics"]["step"], 30);
  EXPECT_EQ(left["metrics"]["points"]["rows"].size(), 30U);
  EXPECT_EQ(left["metrics"]["evaluations"]["rows"].size(), 2U);
  EXPECT_FALSE(left["time_by_operator"]["rows"].empty());
  int64_t sum = 0;
  for (const auto& [category, bytes] : left["plan"]["memory"].items()) sum += bytes.get<int64_t>();
  EXPECT_EQ(left["plan"]["peak_bytes"], sum);

  const Outcome again = Run({"train", "--report", Path("run"), "--json"});
  ASSERT_EQ(again.code, 0) << again.err;
  const Json printed = ParseJson(again.out, "output").value();
  EXPECT_EQ(printed, DataOf("run"));
  EXPECT_EQ(printed["metrics"], left["metrics"]);
  EXPECT_EQ(printed["step_program"], left["step_program"]);
  EXPECT_EQ(printed["time_by_operator"], nullptr);
  const Outcome profiled = Run({"train", "--report", Path("run"), "--profile", Path("trace.json")});
  ASSERT_EQ(profiled.code, 0) << profiled.err;
  EXPECT_EQ(DataOf("run")["time_by_operator"]["rows"].size(), left["time_by_operator"]["rows"].size());

  // The same profile fits the run's programs.
  const Outcome explain =
      Run({"graph", "explain", Path("run"), "--profile", Path("trace.json"), "--json", "--program",
           "train,eval", "--threads", "2", "--roof-flops", "1e11", "--roof-bandwidth", "1e10"});
  ASSERT_EQ(explain.code, 0) << explain.err;
  const Json explained = ParseJson(explain.out, "output").value();
  ASSERT_EQ(explained["programs"].size(), 2U);
  EXPECT_EQ(explained["programs"][0]["time"]["source"], "measured");
  EXPECT_EQ(explained["programs"][0]["time"]["runs"], 30);
  EXPECT_EQ(explained["programs"][1]["time"]["source"], "measured");
}

TEST_F(ReportTest, AnInterruptedRunLeavesOne) {
  WeftProcess command(Flags("run", {"--steps", "1000000", "--save-every", "0", "--eval-every", "0"}));
  ASSERT_TRUE(WaitForStep(command, "run", 3));
  command.Signal(SIGINT);
  ASSERT_EQ(command.Wait().code, 0);
  EXPECT_EQ(DataOf("run")["metrics"]["step"], Metrics("run").size());
}

TEST_F(ReportTest, DamagedRunDirectories) {
  ASSERT_EQ(Run(Flags("run", {"--steps", "10"})).code, 0);
  const auto report = [&] { return Run({"train", "--report", Path("run")}); };
  const auto write = [&](const std::string& text) {
    ASSERT_TRUE(WriteFileAtomically(Path("run/metrics.jsonl"), text).ok());
  };
  const std::string metrics = Contents("run/metrics.jsonl");
  write(metrics.substr(0, metrics.size() - 30));
  EXPECT_EQ(report().code, 0);
  EXPECT_EQ(DataOf("run")["metrics"]["step"], 9);
  EXPECT_EQ(DataOf("run")["metrics"]["unreadable_lines"], 1);
  write("{\"step\":1,\"tokens\":32,\"loss\":NaN}\n{\"step\":2,\"tokens\":64,\"loss\":null}\n</script>\n");
  EXPECT_EQ(report().code, 0);
  EXPECT_EQ(DataOf("run")["metrics"]["unreadable_lines"], 2);
  ASSERT_TRUE(RemoveAll(Path("run/metrics.jsonl")).ok());
  EXPECT_EQ(report().code, 0);
  EXPECT_TRUE(DataOf("run")["metrics"]["points"]["rows"].empty());
  ASSERT_TRUE(CreateDirectories(Path("run/metrics.jsonl")).ok());
  EXPECT_EQ(report().code, 1);
  EXPECT_THAT(report().err, HasSubstr("metrics.jsonl"));
  ASSERT_TRUE(WriteFileAtomically(Path("run/run.json"), "{}").ok());
  EXPECT_THAT(report().err, HasSubstr("run.json"));
  EXPECT_EQ(Run({"train", "--report", Path("none")}).code, 1);
  EXPECT_EQ(Run({"train", "--report", Path("run"), "--resume", Path("run")}).code, 2);
}

TEST_F(ReportTest, WhereItCannotBeWrittenTheRunGoesOn) {
  ASSERT_TRUE(CreateDirectories(Path("run/report.html")).ok());
  const Outcome run = Run(Flags("run", {"--steps", "10"}));
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.err, HasSubstr("note: there is no new report: "));
  EXPECT_EQ(Metrics("run").size(), 10U);
}

}  // namespace
}  // namespace weft::test
