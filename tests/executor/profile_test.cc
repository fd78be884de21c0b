// Profiles: totals, and a trace that a viewer reads.
#include "runtime/executor/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "compiler/compile.h"
#include "runtime/executor/session.h"
#include "tests/base/temporary_directory.h"
#include "tests/compiler/test_ops/test_ops.h"

namespace weft::test {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(ProfileTest, SpansOfCallsPassesAndMemory) {
  Model m;
  m.b.set_scope("blocks.0");
  Var x = m.Op(Scale{}, {m.In("in", {1000})}, "x");
  m.b.Output(m.Op(SumAll{}, {m.Op(Log{}, {x})}, "sum"));
  StatusOr<Program> program = CompileBound(m.graph, TestTarget(), {.name = "train"});
  ASSERT_TRUE(program.ok());
  Profile profile;
  profile.AddPasses(*program);
  Session session;
  Executor& e = **session.AddProgram("p", *std::move(program));
  ASSERT_TRUE(e.SetInput("in", Tensor::Zeros(DataType::kF32, {1000})).ok());
  ASSERT_TRUE(e.Run().ok());  // not profiled
  e.set_profile(&profile);
  for (int run = 0; run < 2; ++run) ASSERT_TRUE(e.Run().ok());
  e.set_profile(nullptr);
  ASSERT_TRUE(e.Run().ok());

  const std::vector<Profile::Total> by_op = profile.ByOp();
  ASSERT_THAT(by_op, SizeIs(3));
  for (const Profile::Total& t : by_op) EXPECT_EQ(t.count, 2) << t.name;
  ASSERT_THAT(profile.ByName(), SizeIs(1));
  EXPECT_EQ(profile.ByName()[0].count, 6);
  EXPECT_THAT(FormatTotals(by_op), HasSubstr("2 calls"));

  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/trace.json";
  ASSERT_TRUE(profile.WriteChromeTrace(path).ok());
  const nlohmann::json trace = nlohmann::json::parse(*ReadFile(path), nullptr, false);
  ASSERT_FALSE(trace.is_discarded());
  int kernels = 0, passes = 0, counters = 0;
  for (const nlohmann::json& event : trace["traceEvents"]) {
    const std::string kind = event.value("cat", "");
    kernels += kind == "kernel" ? 1 : 0;
    passes += kind == "pass" ? 1 : 0;
    counters += event["ph"] == "C" ? 1 : 0;
    if (kind == "kernel") {
      EXPECT_EQ(event["name"], "blocks.0");
      EXPECT_GE(event["dur"].get<double>(), 0);
    }
  }
  EXPECT_EQ(kernels, 6);
  EXPECT_EQ(counters, 6);
  EXPECT_GE(passes, 5);
}

}  // namespace
}  // namespace weft::test
