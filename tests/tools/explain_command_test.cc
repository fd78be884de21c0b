// weft graph explain, as a person calls it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json.h"
#include "tests/base/temporary_directory.h"
#include "tests/command/weft_process.h"

namespace weft::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

// Roofs that are given make the numbers the same each time.
const Words kExplain = {"graph",        "explain", "--preset",     "tiny", "--threads",        "1",
                        "--vocab-size", "512",     "--roof-flops", "1e11", "--roof-bandwidth", "1e10"};

Words With(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}
Json JsonOf(const Words& words) {
  const Outcome outcome = RunWeft(words);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  return ParseJson(outcome.out, "output").value_or(Json());
}

// The data that lies in a page.
Json DataIn(const std::string& path) {
  const std::string page = ReadFile(path).value_or("");
  constexpr std::string_view kBegin = "id=\"data\">";
  const size_t begin = page.find(kBegin) + kBegin.size();
  return ParseJson(page.substr(begin, page.find("</script", begin) - begin), "page").value_or(Json());
}

TEST(ExplainCommandTest, NumbersAreThoseOfStatsAndMemory) {
  const TemporaryDirectory directory;
  const std::string page = directory / "explain.html";
  const Json json = JsonOf(With(kExplain, {"--json", "-o", page}));
  ASSERT_EQ(json["programs"].size(), 4U);
  EXPECT_EQ(DataIn(page), json);
  const char* names[] = {"train", "eval", "prefill", "decode"};
  for (size_t i = 0; i < 4; ++i) {
    SCOPED_TRACE(names[i]);
    const Json& program = json["programs"][i];
    EXPECT_FALSE(program["fusions"]["rows"].empty()) << "no rule fired";
    EXPECT_GT(program["stages"].size(), 3U);
    if (i == 1) continue;  // the trainer's batch, not that of `graph stats --program eval`
    const Words model = {"--preset", "tiny",      "--threads", "1",     "--vocab-size",
                         "512",      "--program", names[i],    "--json"};
    const Json stats = JsonOf(With({"graph", "stats"}, model)),
               memory = JsonOf(With({"graph", "memory"}, model));
    for (const char* field : {"calls", "views", "flops", "bytes", "by_operator", "by_scope", "by_phase"})
      EXPECT_EQ(program["stats"][field], stats[field]) << field;
    for (const char* field :
         {"total_bytes", "memory", "arena_bytes", "live_bytes", "peak_by_scope", "copies"})
      EXPECT_EQ(program["memory"][field], memory[field]) << field;
    EXPECT_EQ(program["modules"]["rows"][0][3], stats["calls"]);
    EXPECT_DOUBLE_EQ(program["modules"]["rows"][0][5].get<double>(), stats["bytes"].get<double>());
  }
}

TEST(ExplainCommandTest, ASecondCallSaysTheSame) {
  const Words words = With(kExplain, {"--json", "--program", "decode"});
  Json first = JsonOf(words), second = JsonOf(words);
  for (Json* json : {&first, &second}) {  // but for the time that passes took
    for (Json& program : (*json)["programs"]) {
      program["stats"].erase("passes");
      for (Json& stage : program["stages"]) stage.erase("seconds");
    }
  }
  EXPECT_EQ(first, second);
}

TEST(ExplainCommandTest, AGraphsText) {
  const TemporaryDirectory directory;
  const std::string hostile = directory / "hostile.onnxtxt";
  ASSERT_TRUE(WriteFileAtomically(hostile, R"(<ir_version: 10, opset_import: ["": 24, "weft": 1]>
g (float[n, 4] x) => (y) {
  ["</script><b>.x"] a = Sigmoid(x)
  ["blocks.0"] y = Mul(x, a)
})")
                  .ok());
  const std::string page = directory / "explain.html";
  const Words roofs = {"--roof-flops", "1e11", "--roof-bandwidth", "1e10", "--threads", "1"};
  const Json json = JsonOf(With({"graph", "explain", hostile, "--bind", "n=3", "-o", page, "--json"}, roofs));
  EXPECT_EQ(json["programs"][0]["program"], "run");
  EXPECT_EQ(DataIn(page), json);
  // The file form says the same, but for what its passes took and its name.
  const std::string file = directory / "hostile.weft";
  ASSERT_EQ(RunWeft({"graph", "dump", hostile, "-o", file}).code, 0);
  EXPECT_EQ(
      JsonOf(With({"graph", "explain", file, "--bind", "n=3", "--json"}, roofs))["programs"][0]["calls"],
      json["programs"][0]["calls"]);
  const Outcome unbound =
      RunWeft(With({"graph", "explain", hostile, "--json", "--passes", "canonicalize"}, roofs));
  EXPECT_EQ(unbound.code, 1);
  EXPECT_THAT(unbound.err, HasSubstr("give --bind n=NUMBER"));
}

TEST(ExplainCommandTest, WhatIsAskedWrongly) {
  const TemporaryDirectory directory;
  const std::string none = directory / "none";
  const auto fails = [](const Words& words, int code, const std::string& reason) {
    const Outcome outcome = RunWeft(words);
    EXPECT_EQ(outcome.code, code) << outcome.err;
    EXPECT_THAT(outcome.err, StartsWith("weft"));
    EXPECT_THAT(outcome.err, HasSubstr(reason));
    EXPECT_TRUE(outcome.out.empty());
  };
  fails({"graph", "explain", "--preset", "tiny"}, 2,
        "give -o FILE for the page, --json for its numbers, or both");
  fails({"graph", "explain", "--json"}, 2, "give a run or model directory");
  fails({"graph", "explain", "x", "--preset", "tiny", "--json"}, 2, "give a run or model directory");
  fails({"graph", "explain", "--preset", "tinny", "--json"}, 2, "did you mean 'tiny'?");
  fails({"graph", "explain", "--preset", "tiny", "--json", "--program", "trian"}, 2, "trian");
  fails({"graph", "explain", none, "--json"}, 1, none);
  fails({"graph", "explain", directory.path(), "--json"}, 1, directory.path());
  fails(With(kExplain, {"--json", "--profile", none}), 1, none);
  fails({"graph", "explain", "--preset", "tiny", "--json", "--roof-flops=-1"}, 2,
        "--roof-flops is -1, expected above 0");
  fails(With(kExplain, {"--program", "decode", "-o", none + "/x.html"}), 1, none + "/x.html");
  ASSERT_TRUE(WriteFileAtomically(directory / "run.json", "{\"settings\": 3}").ok());
  fails({"graph", "explain", directory.path(), "--json"}, 1, "settings");
}

}  // namespace
}  // namespace weft::test
