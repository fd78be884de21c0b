// Reports say what the plan says.
#include "compiler/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "compiler/compile.h"
#include "compiler/dot.h"
#include "tests/compiler/test_ops/test_ops.h"

namespace weft::test {
namespace {

using ::testing::HasSubstr;

Program TwoBlocks(Graph* graph = nullptr) {
  Model m;
  Var x = m.In("x", {256});
  std::vector<Var> kept;
  for (int i = 0; i < 2; ++i) {
    m.b.set_scope(fmt::format("blocks.{}.ffn", i));
    x = m.Op(Dense{}, {x});
    kept.push_back(x);
  }
  m.b.set_scope("");
  Var w = m.Param("w", {256});
  Var m1 = m.Param("moment", {256}, StateRole::kOptimizer);
  m.b.set_phase(Phase::kOptimizer);
  Var g = m.Op(AddTo{}, {m.Op(Dense{}, {kept[0]}, "d"), kept[1]}, "g");
  m.Next(w, m.Op(StepApart{}, {w, g}, "w_next"));
  m.Next(m1, m.Op(Step{}, {m1, kept[1]}));
  m.b.Output(m.Op(SumAll{}, {kept[0]}, "loss"));
  if (graph != nullptr) *graph = m.graph;
  StatusOr<Program> program = CompileBound(m.graph, TestTarget(), {.name = "train"});
  EXPECT_TRUE(program.ok()) << Message(program.status());
  return *std::move(program);
}

TEST(ReportTest, MemoryAddsUp) {
  const Program p = TwoBlocks();
  EXPECT_EQ(p.memory.parameters, 1024);
  EXPECT_EQ(p.memory.optimizer, 1024);
  EXPECT_EQ(p.memory.inputs_outputs, 1024 + 64);
  EXPECT_EQ(p.memory.Total() - p.memory.parameters - p.memory.optimizer - p.memory.inputs_outputs,
            p.arena_bytes);
  const nlohmann::json json = MemoryJson(p);
  EXPECT_EQ(json["arena_bytes"], p.arena_bytes);
  EXPECT_EQ(json["arena_lower_bound"], p.arena_lower_bound);
  int64_t at_peak = 0, values = 0;
  for (const auto& scope : json["peak_by_scope"]) at_peak += scope["bytes"].get<int64_t>();
  for (const auto& value : json["peak_values"]) values += value["bytes"].get<int64_t>();
  EXPECT_EQ(at_peak, p.arena_lower_bound);
  EXPECT_EQ(values, p.arena_lower_bound);
  EXPECT_EQ(json["live_bytes"].size(), p.calls.size());
}

TEST(ReportTest, MemoryText) {
  const std::string text = MemoryReport(TwoBlocks());
  EXPECT_THAT(text, HasSubstr("program train: planned peak"));
  EXPECT_THAT(text, HasSubstr("blocks.*.ffn"));
  EXPECT_THAT(text, HasSubstr("(1.000x), peak at call"));
  EXPECT_THAT(text, HasSubstr("copy of 1.00 KiB into state 'w': StepApart 'w_next' reads the old value"));
}

TEST(ReportTest, Stats) {
  const Program p = TwoBlocks();
  const nlohmann::json json = StatsJson(p);
  EXPECT_EQ(json["calls"], 8);  // a copy among them
  double flops = 0;
  int64_t calls = 0;
  for (const auto& row : json["by_operator"]) {
    flops += row["flops"].get<double>();
    calls += row["calls"].get<int64_t>();
  }
  EXPECT_EQ(flops, p.flops());
  EXPECT_EQ(calls, 8);
  EXPECT_THAT(StatsReport(p), HasSubstr("test.Dense test"));
}

TEST(ReportTest, Dot) {
  Graph graph;
  TwoBlocks(&graph);
  const std::string dot = DotOf(graph);
  EXPECT_THAT(dot, HasSubstr("digraph"));
  EXPECT_THAT(dot, HasSubstr("test.Dense\\nblocks.1.ffn"));
  EXPECT_THAT(dot, HasSubstr("state w"));
}

TEST(ReportTest, ScopePattern) {
  EXPECT_EQ(ScopePattern("blocks.12.attn.q_proj"), "blocks.*.attn.q_proj");
  EXPECT_EQ(ScopePattern("layer2.norm"), "layer2.norm");
  EXPECT_EQ(ScopePattern(""), "");
}

}  // namespace
}  // namespace weft::test
