// The engine behind fusion rules: what it answers for, and the reasons it gives. The rules here are of the
// test's own, over ordinary operators.
#include "compiler/passes/fuse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/passes/canonicalize.h"
#include "compiler/passes/decompose.h"
#include "ir/equal.h"
#include "ops/add/op.h"
#include "ops/cases.h"
#include "ops/exp/op.h"
#include "ops/mul/op.h"
#include "ops/neg/op.h"
#include "ops/registry.h"
#include "ops/sub/op.h"
#include "ops/text.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Graph Parse(const std::string& text) {
  StatusOr<Graph> graph = ParseText("<opset_import: [\"\": 24, \"weft\": 1]>\n" + text, WithOperators());
  EXPECT_TRUE(graph.ok()) << Message(graph.status());
  return graph.ok() ? *std::move(graph) : Graph();
}

// a - b from a + (-b); the negation may be read by others if `exports`.
void AddSubtraction(RuleSet& rules) {
  Rule& r = rules.Add("subtraction");
  const Pattern a = r.Any("a"), b = r.Any("b");
  r.Matches(Op<ops::AddOp>(a, Op<ops::NegOp>(b))).Becomes<ops::SubOp>({a, b});
}

std::vector<std::string> Notes(const std::vector<FusionNote>& notes) {
  std::vector<std::string> lines;
  for (const FusionNote& n : notes) lines.push_back(fmt::format("{} {}: {}", n.rule, n.node, n.reason));
  return lines;
}

struct Result {
  Graph graph;
  std::vector<std::string> notes;
};
Result FuseText(const std::string& text, const RuleSet& rules) {
  Result r{Parse(text), {}};
  const auto notes = Fuse(r.graph, rules.rules());
  EXPECT_TRUE(notes.ok()) << Message(notes.status());
  if (notes.ok()) r.notes = Notes(*notes);
  const Status verified = Verify(r.graph);
  EXPECT_TRUE(verified.ok()) << Message(verified);
  return r;
}

void ExpectGraph(const Graph& graph, const std::string& text) {
  std::string why;
  EXPECT_TRUE(Equal(graph, Parse(text), &why)) << why << "\n" << PrintText(graph);
}

TEST(FuseTest, CommutativeOperandsInEitherOrder) {
  RuleSet rules;
  AddSubtraction(rules);
  const Result r = FuseText("g (float[2] x, float[2] y) => (float[2] z) { n = Neg(y) z = Add(n, x) }", rules);
  EXPECT_THAT(r.notes, ElementsAre("subtraction Add 'z': "));
  ExpectGraph(r.graph, "g (float[2] x, float[2] y) => (float[2] z) { z = Sub(x, y) }");
}

TEST(FuseTest, ChoicesAreTriedToTheEnd) {
  // x must be the same value on both sides: only one order of the outer sum and one of the inner fits.
  RuleSet rules;
  Rule& rule = rules.Add("twice");
  const Pattern x = rule.Any("x"), y = rule.Any("y");
  rule.Matches(Op<ops::AddOp>(Op<ops::AddOp>(x, y), x)).Becomes<ops::MulOp>({x, y});
  for (const char* text : {"g (float[2] p, float[2] q) => (float[2] z) { s = Add(p, q) z = Add(s, q) }",
                           "g (float[2] p, float[2] q) => (float[2] z) { s = Add(q, p) z = Add(q, s) }"}) {
    const Result r = FuseText(text, rules);
    ExpectGraph(r.graph, "g (float[2] p, float[2] q) => (float[2] z) { z = Mul(q, p) }");
  }
}

TEST(FuseTest, WhatOthersReadStays) {
  RuleSet rules;
  AddSubtraction(rules);
  const std::string read =
      "g (float[2] x, float[2] y) => (float[2] z, float[2] e) { n = Neg(y) z = Add(x, n) e = Exp(n) }";
  Result r = FuseText(read, rules);
  EXPECT_THAT(r.notes, ElementsAre("subtraction Add 'z': 'n' is read by Exp 'e' too"));
  ExpectGraph(r.graph, read);
  r = FuseText("g (float[2] x, float[2] y) => (float[2] n, float[2] z) { n = Neg(y) z = Add(x, n) }", rules);
  EXPECT_THAT(r.notes, ElementsAre("subtraction Add 'z': 'n' is an output of the graph"));
}

TEST(FuseTest, ConditionsHaveTheirReason) {
  RuleSet rules;
  AddSubtraction(rules);
  RuleSet picky;
  Rule& rule = picky.Add("picky");
  const Pattern a = rule.Any("a"), b = rule.Any("b");
  rule.Matches(Op<ops::AddOp>(a, Op<ops::NegOp>(b)))
      .When([](const Graph& graph,
               const Match& m) { return graph.value(m.value("a")).type == graph.value(m.value("b")).type; },
            "a and b differ in type")
      .Becomes<ops::SubOp>({a, b});
  const Result r =
      FuseText("g (float[3,2] x, float[2] y) => (float[3,2] z) { n = Neg(y) z = Add(x, n) }", picky);
  EXPECT_THAT(r.notes, ElementsAre("picky Add 'z': a and b differ in type"));
}

// exp(x) * y, where exp(x) may be read by others too: the fused operator has it as its second output.
struct ExpMulRule {
  explicit ExpMulRule(bool exports) {
    Rule& rule = rules.Add("split");
    const Pattern x = rule.Any("x"), y = rule.Any("y");
    const Pattern e = Op<ops::ExpOp>(x);
    rule.Matches(Op<ops::MulOp>(e, y)).Becomes<ops::AddOp>({x, y});
    if (exports) rule.Exports(e);
  }
  RuleSet rules;
};

TEST(FuseTest, AReaderBeforeTheLastOperandKeepsItFromMoving) {
  const ExpMulRule exported(true);
  // f needs e, and the product needs f: one node for both would close a cycle.
  const std::string text = "g (float[2] x) => (float[2] z) { e = Exp(x) f = Neg(e) z = Mul(e, f) }";
  const Result r = FuseText(text, exported.rules);
  EXPECT_THAT(r.notes, ElementsAre("split Mul 'z': Neg 'f' reads 'e' before all operands are there"));
  ExpectGraph(r.graph, text);
}

TEST(FuseTest, PhasesAreNotMixed) {
  RuleSet rules;
  AddSubtraction(rules);
  Graph graph = Parse("g (float[2] x, float[2] y) => (float[2] z) { n = Neg(y) z = Add(x, n) }");
  graph.SetPhase(graph.value(graph.Find("z")).producer, Phase::kBackward);
  const auto notes = Fuse(graph, rules.rules());
  ASSERT_TRUE(notes.ok());
  ASSERT_EQ(notes->size(), 1U);
  EXPECT_THAT((*notes)[0].reason, HasSubstr("belongs to another phase"));
}

TEST(FuseTest, LargerPatternsFirstAndTheScopeTheyShare) {
  RuleSet rules;
  AddSubtraction(rules);
  Rule& rule = rules.Add("larger");
  const Pattern a = rule.Any("a"), b = rule.Any("b");
  rule.Matches(Op<ops::AddOp>(a, Op<ops::NegOp>(Op<ops::NegOp>(b)))).Becomes<ops::AddOp>({a, b});
  Graph graph = Parse("g (float[2] x, float[2] y) => (float[2] z) { n = Neg(y) m = Neg(n) z = Add(x, m) }");
  for (const auto& [value, scope] :
       {std::pair{"n", "blocks.1.mlp.gate"}, {"m", "blocks.1.mlp"}, {"z", "blocks.1.mlp.up"}})
    graph.SetScope(graph.value(graph.Find(value)).producer, scope);
  const auto notes = Fuse(graph, rules.rules());
  ASSERT_TRUE(notes.ok());
  EXPECT_THAT(Notes(*notes), ElementsAre("larger Add 'blocks.1.mlp.up': "));
  EXPECT_EQ(graph.node(graph.value(graph.Find("z")).producer).scope, "blocks.1.mlp");
}

TEST(FuseTest, AnOperatorThatDoesNotTakeItsOperandsIsAnErrorThatNamesTheRule) {
  RuleSet rules;
  Rule& rule = rules.Add("wrong");
  const Pattern a = rule.Any("a");
  rule.Matches(Op<ops::NegOp>(Op<ops::ExpOp>(a))).Becomes<ops::AddOp>({a});
  Graph graph = Parse("g (float[2] x) => (float[2] z) { e = Exp(x) z = Neg(e) }");
  const auto notes = Fuse(graph, rules.rules());
  EXPECT_THAT(Message(notes.status()), HasSubstr("rule wrong: "));
}

Graph GraphOf(const OpDef& op, const Case& c) {
  Graph graph;
  Builder b(graph);
  std::vector<Var> inputs;
  for (size_t i = 0; i < c.inputs.size(); ++i) {
    const CaseInput& in = c.inputs[i];
    const Dims shape(in.shape.begin(), in.shape.end());
    inputs.push_back(in.fill == CaseInput::kAbsent ? Var{}
                                                   : b.Input(fmt::format("x{}", i), {in.dtype, shape}));
  }
  for (const Var& v : b.EmitAll(op, c.attributes, inputs, c.optional_outputs)) {
    if (v.valid()) b.Output(v);
  }
  EXPECT_TRUE(b.status().ok()) << op.name << " " << c.name << ": " << Message(b.status());
  return graph;
}

// The optional outputs that an operator's rules can give it.
uint32_t OutputsOfRules(const OpEntry& entry) {
  RuleSet rules;
  entry.rules(rules);
  uint32_t outputs = 0;
  for (const Rule& rule : rules.rules()) {
    for (size_t i = 1; i <= rule.exports().size(); ++i) outputs |= uint32_t{1} << i;
  }
  return outputs;
}

// Whether a rule of the operator was found or nearly; what its body consists of has rules of its own.
bool HasNoteOf(const OpEntry& entry, const std::vector<FusionNote>& notes) {
  RuleSet rules;
  entry.rules(rules);
  return std::any_of(notes.begin(), notes.end(), [&](const FusionNote& note) {
    return std::any_of(rules.rules().begin(), rules.rules().end(),
                       [&](const Rule& rule) { return rule.name() == note.rule; });
  });
}

// Each rule backwards: an operator that a rule makes, decomposed and canonicalized, is found again.
TEST(FuseTest, WhatRulesMakeIsFoundAgainInItsBody) {
  for (const OpEntry& entry : AllOps()) {
    if (entry.rules == nullptr) continue;
    int found = 0;
    for (const Case& c : CasesOf(*entry.def).cases) {
      if ((c.optional_outputs & ~OutputsOfRules(entry)) != 0) continue;  // what differentiation asks for
      const Graph expected = GraphOf(*entry.def, c);
      Graph graph = expected;
      ASSERT_TRUE(DecomposeNode(graph, graph.NodeIds()[0]).ok());
      ASSERT_TRUE(Canonicalize(graph, nullptr, 0).ok());
      const auto notes = Fuse(graph, FusionStage::kAll);
      ASSERT_TRUE(notes.ok()) << Message(notes.status());
      if (!HasNoteOf(entry, *notes)) continue;  // a case that does not need the rule
      ++found;
      std::string why;
      EXPECT_TRUE(Equal(graph, expected, &why)) << entry.def->name << " " << c.name << ": " << why << "\n"
                                                << PrintText(graph);
    }
    EXPECT_GT(found, 0) << entry.def->name;
  }
}

}  // namespace
}  // namespace weft
