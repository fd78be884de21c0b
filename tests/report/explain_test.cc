// The data of the explain page: its sums are those of stats and memory.
#include "runtime/report/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "compiler/report.h"
#include "runtime/report/modules.h"
#include "runtime/report/table.h"
#include "tests/report/small_program.h"

namespace weft::test {
namespace {

constexpr Roof kRoof{1e9, 1e8};

std::vector<std::map<std::string, Json>> Rows(const Json& table) {
  std::vector<std::map<std::string, Json>> rows;
  for (const Json& row : table["rows"]) {
    EXPECT_EQ(row.size(), table["columns"].size());
    std::map<std::string, Json>& fields = rows.emplace_back();
    for (size_t i = 0; i < row.size(); ++i) fields[table["columns"][i].get<std::string>()] = row[i];
  }
  return rows;
}
double Sum(const Json& table, const std::string& column) {
  double sum = 0;
  for (auto& row : Rows(table)) sum += row[column].get<double>();
  return sum;
}

class ExplainTest : public ::testing::Test {
 protected:
  ExplainTest() : program_(*SmallProgram(&log_)), cost_(*CostOf(program_, kRoof, nullptr)) {
    json_ = ExplainJson(program_, log_, cost_);
  }
  StageLog log_;
  Program program_;
  ProgramCost cost_;
  Json json_;
};

TEST_F(ExplainTest, SumsAgreeWithStats) {
  const Json stats = StatsJson(program_);
  EXPECT_EQ(json_["stats"]["by_operator"], stats["by_operator"]);
  for (const char* table : {"calls", "operators"}) {
    EXPECT_DOUBLE_EQ(Sum(json_[table], "flops"), stats["flops"]) << table;
    EXPECT_DOUBLE_EQ(Sum(json_[table], "bytes"), stats["bytes"]) << table;
    EXPECT_NEAR(Sum(json_[table], "seconds"), json_["time"]["seconds"], 1e-15) << table;
  }
  EXPECT_EQ(Sum(json_["operators"], "calls"), stats["calls"]);
  EXPECT_EQ(json_["calls"]["rows"].size(), program_.calls.size());
}

TEST_F(ExplainTest, AModuleIsWhatIsInIt) {
  auto rows = Rows(json_["modules"]);
  const Json stats = StatsJson(program_);
  EXPECT_EQ(rows[0]["module"], "");
  EXPECT_EQ(rows[0]["parent"], -1);
  EXPECT_EQ(rows[0]["calls"], stats["calls"]);
  EXPECT_DOUBLE_EQ(rows[0]["bytes"].get<double>(), stats["bytes"]);
  auto calls = Rows(json_["calls"]);
  for (auto& module : rows) {
    const std::string path = module["module"];
    double bytes = 0;
    for (auto& call : calls) {
      const std::string in = call["module"];
      if (path.empty() || in == path || in.starts_with(path + ".")) bytes += call["bytes"].get<double>();
    }
    EXPECT_DOUBLE_EQ(module["bytes"].get<double>(), bytes) << path;
    if (module["parent"] != -1) {
      const std::string parent = rows[module["parent"].get<size_t>()]["module"];
      EXPECT_TRUE(parent.empty() || path.starts_with(parent + ".")) << path;
    }
  }
}

TEST_F(ExplainTest, StoragesAreThePlan) {
  const Json memory = MemoryJson(program_);
  EXPECT_EQ(json_["memory"]["arena_bytes"], memory["arena_bytes"]);
  EXPECT_EQ(json_["memory"]["total_bytes"], memory["total_bytes"]);
  std::vector<int64_t> live(program_.calls.size(), 0);
  for (auto& s : Rows(json_["storages"])) {
    for (int64_t call = s["first"].get<int64_t>(); call <= s["last"].get<int64_t>(); ++call)
      live[static_cast<size_t>(call)] += s["bytes"].get<int64_t>();
    EXPECT_LE(s["offset"].get<int64_t>() + s["bytes"].get<int64_t>(), memory["arena_bytes"].get<int64_t>());
  }
  EXPECT_EQ(Json(live), memory["live_bytes"]);
  EXPECT_EQ(MemoryPictureJson(program_)["storages"], json_["storages"]);
}

TEST_F(ExplainTest, StagesHaveTheOperatorsTheyHad) {
  ASSERT_EQ(json_["stages"].size(), 2U);
  EXPECT_EQ(json_["stages"][0]["pass"], "as built");
  EXPECT_EQ(json_["stages"][1]["pass"], "place");
  for (int stage = 0; stage < 2; ++stage) {
    int there = 0;
    for (auto& o : Rows(json_["operators_by_stage"]))
      there += o["first"].get<int>() <= stage && stage <= o["last"].get<int>() ? 1 : 0;
    EXPECT_EQ(there, json_["stages"][static_cast<size_t>(stage)]["operators"]);
  }
}

TEST_F(ExplainTest, EstimatesAreTheRoofs) {
  for (const CallCost& c : cost_.calls) {
    EXPECT_EQ(c.seconds, c.roof_seconds);
    EXPECT_EQ(c.seconds, std::max(c.flops / kRoof.flops, c.bytes / kRoof.bytes));
  }
  EXPECT_EQ(json_["time"]["source"], "estimated");
  EXPECT_FALSE(CostOf(program_, {0, 1}, nullptr).ok());
  EXPECT_FALSE(CostOf(program_, {1, NAN}, nullptr).ok());
}

TEST(StageLogTest, AnOperatorThatComesBackIsAnother) {
  Model m;
  Var x = m.Op(Scale{}, {m.In("in", {4})}, "x");
  m.b.Output(x);
  Graph without;
  StageLog log;
  log.Add("", 0, m.graph);
  log.Add("gone", 0, without);
  log.Add("back", 0, m.graph);
  ASSERT_EQ(log.operators().size(), 2U);
  EXPECT_EQ(log.operators()[0].last, 0);
  EXPECT_EQ(log.operators()[1].first, 2);
  EXPECT_EQ(log.stages()[1].nodes, 0);
}

TEST(ModuleTreeTest, ScopesOfNothingButDotsMakeNoDeepTree) {
  ModuleTree tree;
  tree.Add(std::string(200, '.'), {1, 1, 1, 1});
  EXPECT_LE(tree.modules().size(), static_cast<size_t>(ModuleTree::kMaxDepth) + 1);
  tree.Add("a.b", {1, 1, 1, 1});
  tree.Add("a", {1, 1, 1, 1});
  EXPECT_EQ(tree.modules()[0].calls, 3);
  EXPECT_EQ(tree.modules()[static_cast<size_t>(tree.At("a"))].calls, 2);
  EXPECT_EQ(tree.modules()[static_cast<size_t>(tree.At("a.b"))].name, "b");
}

// A page of a very large program is no larger than its tables allow.
TEST(ExplainSizeTest, TablesAreBounded) {
  Model m;
  Var x = m.In("x", {8});
  const int count = static_cast<int>(kMaxRows) + 50;
  for (int i = 0; i < count; ++i) {
    m.b.set_scope(fmt::format("blocks.{}.{}", i % 100, std::string(400, 'n')));
    x = m.Op(Dense{}, {x});
  }
  m.b.Output(x);
  StageLog log;
  log.Add("", 0, m.graph);
  StatusOr<Program> program = CompileBound(m.graph, TestTarget(), {.name = "large", .verify_plan = false});
  ASSERT_TRUE(program.ok()) << Message(program.status());
  const Json json = ExplainJson(*program, log, *CostOf(*program, kRoof, nullptr));
  for (const char* table : {"calls", "operators_by_stage"}) {
    EXPECT_EQ(json[table]["rows"].size(), kMaxRows);
    EXPECT_EQ(json[table]["left_out"], 50);
  }
  EXPECT_EQ(json["modules"]["rows"][0][3], count) << "sums count all";
  EXPECT_LT(DumpJson(json).size(), size_t{40} << 20);
}

}  // namespace
}  // namespace weft::test
