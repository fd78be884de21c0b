// Random graphs: that they are varied and the same for the same seed; that weft is equal on them; that a
// mistake is found, shrunk, and found again from the text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "compiler/passes/fuse.h"
#include "ir/equal.h"
#include "ops/mul/op.h"
#include "ops/registry.h"
#include "ops/text.h"
#include "tests/verify/wrong.h"
#include "tools/verify/random_run.h"
#include "tools/verify/shrink.h"

namespace weft {
namespace {

using test::FlippingTarget;
using testing::HasSubstr;

TEST(RandomGraphs, AreEqualToWhatWeftMakesOfThem) {
  const StatusOr<RandomRun> run = RunRandomGraphs({.seed = 1, .graphs = 150});
  ASSERT_TRUE(run.ok()) << Message(run.status());
  for (const Finding& f : run->report.findings)
    ADD_FAILURE() << "seed " << run->failed_seed << ": " << f.ToString();
  if (run->shrunk) ADD_FAILURE() << PrintTrial(*run->shrunk);
  EXPECT_EQ(run->graphs, 150);
  EXPECT_GT(run->symbolic, 20);
  EXPECT_GT(run->differentiated, 20);
  EXPECT_GT(run->empty, 10);
  EXPECT_GT(run->report.gradients.calls, 100);
  EXPECT_LT(run->report.kinks, run->report.gradients.calls / 4);
}

TEST(RandomGraphs, HoldEveryOperator) {
  const CaseTable table(1500);
  std::set<const OpDef*> seen;
  size_t outputs = 0, shared = 0, traded = 0;
  for (uint64_t seed = 1; seed <= 400; ++seed) {
    const StatusOr<Trial> trial = MakeRandomGraph(table, {.seed = seed});
    ASSERT_TRUE(trial.ok()) << "seed " << seed << ": " << Message(trial.status());
    const Graph& g = trial->graph;
    for (NodeId id : g.NodeIds()) seen.insert(g.node(id).op);
    outputs = std::max(outputs, g.outputs().size());
    for (const State& s : g.states()) {
      shared += g.value(s.value).uses.size() > 1;
      traded += s.next != ValueId::kNone && g.value(s.next).is_input && s.next != s.value;
    }
  }
  for (const OpEntry& entry : AllOps()) EXPECT_TRUE(seen.contains(entry.def)) << entry.def->name;
  EXPECT_GT(outputs, 3U);
  EXPECT_GT(shared, 20U);
  EXPECT_GT(traded, 5U);
}

TEST(RandomGraphs, AreTheSameForTheSameSeedAndReadBackFromText) {
  const CaseTable table(400);
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    const StatusOr<Trial> a = MakeRandomGraph(table, {.seed = seed}),
                          b = MakeRandomGraph(table, {.seed = seed});
    ASSERT_TRUE(a.ok() && b.ok());
    EXPECT_TRUE(Equal(a->graph, b->graph));
    const std::string text = PrintTrial(*a);
    EXPECT_EQ(text, PrintTrial(*b));
    const StatusOr<Trial> read = ParseTrial(text);
    ASSERT_TRUE(read.ok()) << Message(read.status()) << "\n" << text;
    std::string why;
    EXPECT_TRUE(Equal(read->graph, a->graph, &why)) << why;
    EXPECT_EQ(PrintTrial(*read), text);
  }
}

// The one operator with a flipped sign is found among all, and alone in what is left.
TEST(RandomGraphs, AFlippedSignIsFoundAndShrunk) {
  const FlippingTarget wrong("SwiGLU");
  RandomRunOptions options{.seed = 1, .graphs = 400};
  options.target = [&](int) { return &wrong; };
  const StatusOr<RandomRun> run = RunRandomGraphs(options);
  ASSERT_TRUE(run.ok()) << Message(run.status());
  ASSERT_TRUE(run->shrunk.has_value());
  ASSERT_FALSE(run->report.findings.empty());
  EXPECT_EQ(run->report.findings[0].check, CheckKind::kKernel);
  EXPECT_EQ(run->report.findings[0].op, "SwiGLU");
  EXPECT_LE(run->shrunk->graph.num_nodes(), 2);
  EXPECT_LE(run->shrunk->graph.num_nodes(), run->failed->graph.num_nodes());
  // From the text it is found again, and without the mistake it is equal.
  const StatusOr<Trial> read = ParseTrial(PrintTrial(*run->shrunk));
  ASSERT_TRUE(read.ok()) << Message(read.status());
  const VerifyReport again = CheckTrial(*read, {.target = &wrong});
  ASSERT_EQ(again.findings.size(), 1U);
  EXPECT_EQ(again.findings[0].op, "SwiGLU");
  const CpuTarget right;
  EXPECT_TRUE(CheckTrial(*read, {.target = &right}).findings.empty());
}

// x * x for x * y: found where the two differ, with nothing else left.
TEST(RandomGraphs, AWrongRuleIsFoundAndShrunk) {
  RandomRunOptions options{.seed = 1, .graphs = 200};
  options.rewrite = [](Graph& graph) {
    for (NodeId id : graph.NodeIds()) {
      const Node& n = graph.node(id);
      // Of the graph itself: what shrinks to a Mul of a gradient has none any more.
      if (n.op != &ops::MulOp::def || n.phase != Phase::kForward) continue;
      if (graph.value(n.inputs[0]).type != graph.value(n.inputs[1]).type) continue;
      graph.SetOperand(id, 1, n.inputs[0]);
    }
    return OkStatus();
  };
  const StatusOr<RandomRun> run = RunRandomGraphs(options);
  ASSERT_TRUE(run.ok()) << Message(run.status());
  ASSERT_TRUE(run->shrunk.has_value());
  EXPECT_EQ(run->report.findings[0].check, CheckKind::kRewrite);
  EXPECT_LE(run->shrunk->graph.num_nodes(), 3) << PrintTrial(*run->shrunk);
  const CpuTarget target;
  const VerifyReport again = CheckTrial(*run->shrunk, {.target = &target, .rewrite = options.rewrite});
  EXPECT_EQ(again.findings.size(), 1U);
  EXPECT_NE(PrintTrial(*run->shrunk).find("Mul("), std::string::npos) << PrintTrial(*run->shrunk);
}

TEST(Shrink, StopsAtWhatIsNeeded) {
  // Fails while there is a Tanh that reads what comes from w, in rows of at least 3.
  const StatusOr<Trial> trial = ParseTrial(
      "# weft verify: bind n=4\n<ir_version: 10, opset_import: [\"\": 24]>\n"
      "g (float[n,8] x, float[8] w, float[n,8] u) => (float[n,8] y, float[n,8] z, float[n] s)\n"
      "{ a = Mul(x, w) b = Tanh(a) c = Exp(b) y = Add(c, u) z = Sin(u) s = ReduceSum<keepdims: int = 0>(y, "
      "axes) }\n");
  const StatusOr<Trial> simple = ParseTrial(
      "# weft verify: bind n=4\n<ir_version: 10, opset_import: [\"\": 24]>\n"
      "g (float[n,8] x, float[8] w, float[n,8] u) => (float[n,8] y, float[n,8] z)\n"
      "{ a = Mul(x, w) b = Tanh(a) c = Exp(b) y = Add(c, u) z = Sin(u) }\n");
  EXPECT_FALSE(trial.ok());  // axes is no value: said, not taken
  ASSERT_TRUE(simple.ok()) << Message(simple.status());
  int calls = 0;
  const Trial shrunk = Shrink(*simple, {.fails = [&](const Trial& t) {
    ++calls;
    for (NodeId id : t.graph.NodeIds()) {
      if (t.graph.node(id).op->name == "Tanh") return true;
    }
    return false;
  }});
  EXPECT_EQ(shrunk.graph.num_nodes(), 1);
  EXPECT_EQ(shrunk.graph.inputs().size(), 1U);
  EXPECT_TRUE(shrunk.bindings.empty());
  EXPECT_EQ(shrunk.graph.value(shrunk.graph.inputs()[0]).type.num_elements(), Dim(1));
  EXPECT_LT(calls, 200);
}

TEST(TrialText, SaysWhatIsWrongWithIt) {
  const std::string graph =
      "<ir_version: 10, opset_import: [\"\": 24]>\ng (float[2] x) => (float[2] y) { y = Exp(x) }\n";
  const std::pair<const char*, const char*> wrong[] = {
      {"# weft verify: input x norml 0 1\n", "line 1: expected normal, uniform"},
      {"# weft verify: input x normal 0\n", "line 1: normal takes 2 numbers, got 1"},
      {"# weft verify: input x given 1 b\n", "line 1: 'b' is no number"},
      {"# a comment\n# weft verify: bind n\n", "line 2: expected NAME=NUMBER, got 'n'"},
      {"# weft verify: fill x\n", "line 1: expected bind, input NAME or differentiate, got 'fill'"},
      {"# weft verify: input z normal 0 1\n", "a comment fills 'z', which is no input of the graph"},
  };
  for (const auto& [comment, error] : wrong) {
    const StatusOr<Trial> trial = ParseTrial(comment + graph);
    ASSERT_FALSE(trial.ok()) << comment;
    EXPECT_THAT(std::string(Message(trial.status())), HasSubstr(error));
  }
}

}  // namespace
}  // namespace weft
