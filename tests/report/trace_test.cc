// Chrome traces: what a Profile writes is read back; what is no trace is refused.
#include "runtime/report/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "runtime/executor/session.h"
#include "runtime/report/cost.h"
#include "tests/base/temporary_directory.h"
#include "tests/report/small_program.h"

namespace weft::test {
namespace {

using ::testing::HasSubstr;

class TraceTest : public ::testing::Test {
 protected:
  // A trace of two runs of the small program.
  void Profiled() {
    Session session;
    Executor& e = **session.AddProgram("p", *SmallProgram());
    ASSERT_TRUE(e.SetInput("x", Tensor::Zeros(DataType::kF32, {256})).ok());
    e.set_profile(&profile_);
    for (int run = 0; run < 2; ++run) ASSERT_TRUE(e.Run().ok());
    ASSERT_TRUE(profile_.WriteChromeTrace(path_).ok());
  }
  StatusOr<Trace> ReadText(std::string_view text) {
    EXPECT_TRUE(WriteFileAtomically(path_, text).ok());
    return Trace::Read(path_);
  }
  void ExpectRefused(std::string_view text, const std::string& reason) {
    const StatusOr<Trace> trace = ReadText(text);
    ASSERT_FALSE(trace.ok()) << text;
    EXPECT_THAT(Message(trace.status()), HasSubstr(reason));
    EXPECT_THAT(Message(trace.status()), HasSubstr(path_));
  }
  TemporaryDirectory directory_;
  std::string path_ = directory_ / "trace.json";
  Profile profile_;
};

TEST_F(TraceTest, TimesAreThoseOfTheProfile) {
  Profiled();
  const StatusOr<Trace> trace = Trace::Read(path_);
  ASSERT_TRUE(trace.ok()) << Message(trace.status());
  const Program program = *SmallProgram();
  const std::vector<Trace::CallTime> times = *trace->TimesOf(program);
  ASSERT_EQ(times.size(), program.calls.size());
  double seconds = 0, expected = 0;
  for (size_t i = 0; i < times.size(); ++i) {
    EXPECT_EQ(times[i].count, program.calls[i].is_view ? 0 : 2);
    seconds += times[i].mean_seconds * 2;
  }
  for (const Profile::Total& t : profile_.ByOp()) expected += t.seconds;
  EXPECT_NEAR(seconds, expected, 1e-9 * 2 * static_cast<double>(times.size()));  // nanoseconds are written
  const std::vector<Trace::OperatorTime> operators = trace->ByOperator();
  ASSERT_EQ(operators.size(), profile_.ByOp().size());
  const StatusOr<ProgramCost> cost = CostOf(program, {1e9, 1e9}, &*trace);
  ASSERT_TRUE(cost.ok());
  EXPECT_TRUE(cost->measured);
  EXPECT_EQ(cost->runs, 2);
  EXPECT_NEAR(cost->total.seconds, seconds / 2, 1e-12);
}

TEST_F(TraceTest, AnotherProgramIsTold) {
  Profiled();
  const Trace trace = *Trace::Read(path_);
  Program other = *SmallProgram();
  other.name = "evaluation";
  EXPECT_TRUE(trace.TimesOf(other)->empty());
  EXPECT_FALSE(CostOf(other, {1e9, 1e9}, &trace)->measured);
  Program larger = *SmallProgram(nullptr, 512);
  EXPECT_THAT(Message(trace.TimesOf(larger).status()), HasSubstr("a profile of another program: call "));
  Program shorter = *SmallProgram();
  shorter.calls.resize(2);
  EXPECT_THAT(Message(trace.TimesOf(shorter).status()), HasSubstr("'nothing'"));
}

TEST_F(TraceTest, WhatIsNoTraceIsRefused) {
  ExpectRefused("", "not a trace");
  ExpectRefused("{", "not a trace");
  ExpectRefused("{}", "it has no list 'traceEvents'");
  ExpectRefused("[]", "it has no list 'traceEvents'");
  ExpectRefused(R"({"traceEvents": 3})", "it has no list 'traceEvents'");
  ExpectRefused(R"({"traceEvents": []})", "no kernel ran in this trace");
  ExpectRefused(R"({"traceEvents": [{"cat":"kernel","dur":1,"args":{"op":"Add"}}]})", "profile again");
  ExpectRefused(R"({"traceEvents": [{"cat":"kernel","dur":-1,"args":{"op":"Add","program":"p","call":0}}]})",
                "profile again");
  ExpectRefused(
      R"({"traceEvents": [{"cat":"kernel","dur":1,"args":{"op":"Add","program":"p","call":1e300}}]})",
      "profile again");
  ExpectRefused(std::string(100000, '['), "nested deeper than");
  EXPECT_FALSE(Trace::Read(directory_ / "none").ok());
}

TEST_F(TraceTest, EveryTruncationIsRefused) {
  Profiled();
  const std::string text = *ReadFile(path_);
  const size_t end = text.find_last_of('}');
  for (size_t size = 0; size < end; size += size < 150 ? 1 : 211) {
    EXPECT_FALSE(ReadText(std::string_view(text).substr(0, size)).ok()) << size;
  }
}

}  // namespace
}  // namespace weft::test
