// The order of calls: what ends values earlier moves, and nothing else.
#include "compiler/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/concat/op.h"
#include "tests/compiler/test_ops/test_ops.h"

namespace weft::test {
namespace {

using ::testing::ElementsAre;

struct Scheduled {
  std::vector<std::string> names;  // of each node's first output
  int64_t peak, peak_of_graph_order;
};

Scheduled ScheduleOf(Model& m) {
  EXPECT_TRUE(m.b.status().ok()) << Message(m.b.status());
  const StatusOr<Placement> placement = Place(m.graph, TestTarget());
  EXPECT_TRUE(placement.ok());
  const StatusOr<std::vector<NodeId>> order = Schedule(m.graph, *placement);
  EXPECT_TRUE(order.ok()) << Message(order.status());
  Scheduled s;
  for (NodeId id : *order) s.names.push_back(m.graph.value(m.graph.node(id).outputs[0]).name);
  s.peak = PeakBytes(m.graph, *placement, *order);
  s.peak_of_graph_order = PeakBytes(m.graph, *placement, m.graph.NodeIds());
  return s;
}

TEST(ScheduleTest, UpdatesRunRightAfterTheirGradients) {
  Model m;
  Var in = m.In("in", {64});
  Var w[3], g[3];
  for (int i = 0; i < 3; ++i) w[i] = m.Param(fmt::format("w{}", i), {64});
  for (int i = 0; i < 3; ++i) g[i] = m.Op(Scale{}, {in}, fmt::format("g{}", i));
  m.b.set_phase(Phase::kOptimizer);
  for (int i = 0; i < 3; ++i) m.Next(w[i], m.Op(Step{}, {w[i], g[i]}, fmt::format("n{}", i)));
  const Scheduled s = ScheduleOf(m);
  EXPECT_THAT(s.names, ElementsAre("g0", "n0", "g1", "n1", "g2", "n2"));
  EXPECT_EQ(s.peak_of_graph_order, 3 * 256);
  EXPECT_EQ(s.peak, 256);
}

TEST(ScheduleTest, ValuesUsedLateAreMadeLate) {
  Model m;
  Var in = m.In("in", {64});
  Var mask = m.Op(Dense{}, {in}, "mask");
  Var x = in;
  for (int i = 0; i < 3; ++i) x = m.Op(Dense{}, {x}, fmt::format("x{}", i));
  m.b.Output(m.Op(SumAll{}, {m.Op(AddTo{}, {x, mask}, "sum")}, "out"));
  const Scheduled s = ScheduleOf(m);
  EXPECT_THAT(s.names, ElementsAre("x0", "x1", "x2", "mask", "sum", "out"));
  EXPECT_EQ(s.peak_of_graph_order, 3 * 256);
  EXPECT_EQ(s.peak, 2 * 256);
}

TEST(ScheduleTest, KeepsTheGraphsOrderWhereNothingIsGained) {
  Model m;
  Var in = m.In("in", {64});
  for (const char* name : {"a", "b", "c"}) m.b.Output(m.Op(Scale{}, {in}, name));
  Var d = m.Op(Scale{}, {in}, "d");
  m.b.Output(m.Op(SumAll{}, {d}, "e"));
  EXPECT_THAT(ScheduleOf(m).names, ElementsAre("a", "b", "c", "d", "e"));
}

TEST(ScheduleTest, AmongEqualPeaksTheOneWhoseValuesEndEarlier) {
  Model m;
  Var in = m.In("in", {64});
  Var a = m.Op(Dense{}, {in}, "a"), b = m.Op(Dense{}, {in}, "b");
  Var c = m.Op(AddTo{}, {a, b}, "c");  // the peak, wherever d is
  Var d = m.Op(SumAll{}, {in}, "d");
  Var e = m.Op(SumAll{}, {c}, "e");
  m.b.Output(m.Op(AddTo{}, {d, e}, "f"));
  EXPECT_THAT(ScheduleOf(m).names, ElementsAre("a", "b", "c", "e", "d", "f"));
}

TEST(ScheduleTest, TheSameOrderEveryTime) {
  std::vector<std::string> first;
  for (int run = 0; run < 3; ++run) {
    Model m;
    std::vector<Var> values = {m.In("in", {64})};
    uint32_t random = 1;
    for (int i = 0; i < 200; ++i) {
      random = random * 1664525 + 1013904223;
      const Var a = values[random % values.size()], b = values[(random >> 8) % values.size()];
      values.push_back(m.Op(AddTo{}, {a, b}));
    }
    m.b.Output(m.Op(SumAll{}, {values.back()}), "out");
    const Scheduled s = ScheduleOf(m);
    EXPECT_LE(s.peak, s.peak_of_graph_order);
    if (run == 0) first = s.names;
    EXPECT_EQ(s.names, first);
  }
}

// The parts of a join, and what takes the place of a part, are in one storage: it counts once, from its first
// writer to its last reader.
TEST(ScheduleTest, AStorageThatSeveralWriteCountsOnce) {
  Model joins;
  std::vector<Var> parts;
  for (const char* name : {"a", "b", "c"}) parts.push_back(joins.Op(Scale{}, {joins.In(name, {4, 16})}));
  joins.b.Output(joins.Op(SumAll{}, {ops::Concat(parts, -1)}), "out");
  EXPECT_EQ(ScheduleOf(joins).peak, 3 * 256);
  Model places;
  Var x = places.Op(Scale{}, {places.In("in", {4, 32})}, "x");
  const std::vector<Var> halves = places.b.EmitMany(Halves{}, {x}, 0);
  Var y = places.Op(Scale{}, {halves[0]}, "y"), z = places.Op(Scale{}, {halves[1]}, "z");
  places.b.Output(places.Op(SumAll{}, {y}), "first");
  places.b.Output(places.Op(SumAll{}, {z}), "second");
  EXPECT_EQ(ScheduleOf(places).peak, 2 * 256);
}

}  // namespace
}  // namespace weft::test
