// What two graphs differ in, by structure.
#include "ir/graph_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ir/graph_samples.h"
#include "tests/ir/test_ops.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace test;  // NOLINT: the test operators

Graph Parse(std::string_view nodes, std::string_view signature = "(float[2,3] x) => (y)") {
  StatusOr<Graph> g =
      ParseText(fmt::format("<opset_import: [\"\": 24, \"weft\": 1]>\ng {}\n{{\n{}\n}}", signature, nodes),
                TestParseOptions());
  EXPECT_TRUE(g.ok()) << Message(g.status());
  return *std::move(g);
}

std::string Diff(const Graph& a, const Graph& b) { return DiffReport(DiffGraphs(a, b)); }

TEST(GraphDiff, TheSame) {
  for (const Graph& g : {GraphOfNodes(), GraphOfAttributes(), GraphOfConstants(), GraphOfStates(), Graph()}) {
    EXPECT_EQ(Diff(g, g), fmt::format("the same graph: {} nodes\n", g.num_nodes()));
    EXPECT_THAT(DiffGraphs(g, g).differences, IsEmpty());
  }
}

TEST(GraphDiff, NodesAddedRemovedAndChanged) {
  const Graph a =
      Parse("a = Neg(x) b = Neg(a) [\"mlp/0\"] c = weft.Softmax<epsilon = 0.5, mode = 1>(b) y = Add(c, c)");
  const Graph b =
      Parse("a = Neg(x) [\"mlp/0\"] c = weft.Softmax<epsilon = 0.25, mode = 1>(a) d = Neg(c) y = Add(c, d)");
  EXPECT_EQ(Diff(a, b),
            "- b: Neg (a)\n"
            "+ d: Neg (c)\n"
            "~ y: operands: (c, c) -> (c, d)\n"
            "mlp\n"
            "  ~ c: epsilon=0.5 -> epsilon=0.25; operands: (b) -> (a)\n"
            "1 removed, 1 added, 2 changed; 1 of 4 and 4 nodes are the same\n");
}

TEST(GraphDiff, OperatorScopePhaseAndTypes) {
  const Graph a = Parse("[\"mlp/0\"] t = Neg(x) y = Neg(t)");
  const Graph b = Parse("[\"backward:mlp/0\"] t = weft.Softmax<epsilon = 1.0, mode = 0>(x) y = Neg(t)");
  EXPECT_THAT(Diff(a, b), HasSubstr("  ~ t: operator: Neg -> Softmax; phase: forward -> backward\n"));
  const Graph moved = Parse("[\"attn/0~2\"] t = Neg(x) y = Neg(t)");
  EXPECT_THAT(Diff(a, moved), HasSubstr("attn\n  ~ t: scope: mlp -> attn; clone: 0 -> 2\n"));
  // Another operator in another place is another node.
  const Graph other = Parse("[\"attn/0\"] t = weft.Softmax<epsilon = 1.0, mode = 0>(x) y = Neg(t)");
  EXPECT_THAT(Diff(a, other),
              AllOf(HasSubstr("mlp\n  - t: Neg (x)\n"), HasSubstr("attn\n  + t: Softmax (x)\n")));
  const Graph wider = Parse("[\"mlp/0\"] t = Neg(x) y = Neg(t)", "(float[2,4] x) => (y)");
  EXPECT_THAT(Diff(a, wider), AllOf(HasSubstr("~ input x: type: f32[2, 3] -> f32[2, 4]\n"),
                                    HasSubstr("~ y: output 0: f32[2, 3] -> f32[2, 4]\n"),
                                    HasSubstr("0 of 2 and 2 nodes are the same")));
}

TEST(GraphDiff, RenamedNodesAreFound) {
  const Graph a = Parse("p = Neg(x) q = Neg(p) y = Add(q, p)");
  const Graph b = Parse("r = Neg(x) s = Neg(r) y = Add(s, r)");
  EXPECT_EQ(Diff(a, b),
            "~ r: renamed: p -> r\n"
            "~ s: renamed: q -> s\n"
            "0 removed, 0 added, 2 changed; 1 of 3 and 3 nodes are the same\n");
}

TEST(GraphDiff, ConstantsInputsAndOutputs) {
  const Graph a = Parse(
      "k = Constant<value_floats = [1.0, 2.0]>() m = Constant<value_floats = [3.0, 4.0]>() y = Add(k, m)",
      "(float[2] x, float[2] z) => (y, k)");
  const Graph b = Parse(
      "k = Constant<value_floats = [1.0, 5.0]>() n = Constant<value_floats = [3.0, 4.0]>() y = Add(k, n)",
      "(float[2] z, float[2] u) => (y, z)");
  EXPECT_EQ(Diff(a, b),
            "- input x: f32[2]\n"
            "+ input u: f32[2]\n"
            "~ constant k: its values\n"
            "~ constant n: renamed: m -> n\n"
            "- output k: f32[2]\n"
            "+ output z: f32[2]\n"
            "2 removed, 2 added, 2 changed; 1 of 1 and 1 nodes are the same\n");
}

TEST(GraphDiff, Order) {
  const Graph a = Parse("p = Neg(x) q = Neg(x) y = Add(q, p)"),
              b = Parse("q = Neg(x) p = Neg(x) y = Add(q, p)");
  EXPECT_EQ(
      Diff(a, b),
      "~ graph g: the order of its nodes\n0 removed, 0 added, 1 changed; 3 of 3 and 3 nodes are the same\n");
  const Graph c = Parse("y = Neg(x) u = Neg(z)", "(float[2] x, float[2] z) => (y, u)");
  const Graph d = Parse("y = Neg(x) u = Neg(z)", "(float[2] z, float[2] x) => (u, y)");
  EXPECT_THAT(Diff(c, d), AllOf(HasSubstr("~ graph g: the order of its inputs\n"),
                                HasSubstr("~ graph g: the order of its outputs\n")));
}

TEST(GraphDiff, StatesAndBounds) {
  const Graph a = GraphOfStates();
  Graph b = GraphOfStates();
  b.symbol_bounds = {{"pages", 32}, {"rows", 2}};
  b.mutable_states()[0].role = StateRole::kOptimizer;
  b.mutable_states()[1].next = ValueId::kNone;
  b.mutable_states()[2].init = nullptr;
  b.mutable_states()[4].init = b.states()[0].init;
  b.EraseState(5);
  const GraphDiff diff = DiffGraphs(a, b);
  EXPECT_EQ(DiffReport(diff),
            "~ bound pages: <= 64 -> <= 32\n"
            "+ bound rows: <= 2\n"
            "- input d: f32[4, 2]\n"
            "~ state layers.0 w: role: parameter -> optimizer\n"
            "~ state layers.0 m: next: add -> -\n"
            "~ state layers.0 v: initial value: a graph -> none\n"
            "~ state layers.0 b: its initial value\n"
            "- state layers.0 d: derived f32[4, 2]\n"
            "2 removed, 1 added, 5 changed; 3 of 3 and 3 nodes are the same\n");
  EXPECT_EQ(diff.Count(GraphDifference::kChanged), 5);
  EXPECT_EQ(diff.differences[3].what, "state");
}

}  // namespace
}  // namespace weft
