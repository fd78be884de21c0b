// Which fusions are made: the names behind --no-fuse.
#include "compiler/passes/fusions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/passes/fuse_composites.h"
#include "compiler/passes/join_updates.h"
#include "ops/text.h"

namespace weft {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

TEST(FusionsTest, AllButSome) {
  EXPECT_THAT(FusionNames(), AllOf(Contains("composites"), Contains("swiglu")));
  for (std::string_view name : FusionNames()) {
    EXPECT_TRUE(Fusions().Has(name));
    EXPECT_TRUE(Fusions::AllBut("")->Has(name));
    EXPECT_FALSE(Fusions::AllBut("all")->Has(name));
    const StatusOr<Fusions> some = Fusions::AllBut("product_accumulate,swiglu");
    ASSERT_TRUE(some.ok()) << Message(some.status());
    EXPECT_EQ(some->Has(name), name != "swiglu" && name != "product_accumulate") << name;
  }
}

TEST(FusionsTest, AnUnknownOneIsRefusedWithTheNearest) {
  const Status status = Fusions::AllBut("swiglu,composits").status();
  EXPECT_THAT(Message(status), HasSubstr("there is no fusion 'composits'; did you mean 'composites'?"));
  EXPECT_THAT(Message(status), HasSubstr("swiglu"));
}

std::vector<std::string_view> OperatorsWithout(std::string_view names) {
  StatusOr<Graph> graph = ParseText(R"(<opset_import: ["": 24, "weft": 1]>
    g (float[2,4] x, float[2,4] up, float[4] scale) => (float[2,4] y) {
      s = Swish(x)
      h = Mul(s, up)
      y = RMSNormalization(h, scale)
    })",
                                    WithOperators());
  EXPECT_TRUE(graph.ok()) << Message(graph.status());
  const StatusOr<std::vector<FusionNote>> notes = FuseComposites(*graph, *Fusions::AllBut(names));
  EXPECT_TRUE(notes.ok()) << Message(notes.status());
  std::vector<std::string_view> operators;
  for (NodeId id : graph->NodeIds()) operators.push_back(graph->node(id).op->name);
  return operators;
}

TEST(FusionsTest, WithoutARuleTheOthersFire) {
  EXPECT_THAT(OperatorsWithout(""), testing::ElementsAre("SwiGLU", "RMSNormalization"));
  EXPECT_THAT(OperatorsWithout("swiglu"), testing::ElementsAre("Swish", "Mul", "RMSNormalization"));
}

TEST(FusionsTest, WithoutCompositesTheyAreSpelledOut) {
  const std::vector<std::string_view> operators = OperatorsWithout("composites");
  EXPECT_THAT(operators, AllOf(Contains("Sigmoid"), Contains("Mul"), Contains("ReduceMean")));
  EXPECT_THAT(operators, Not(Contains("RMSNormalization")));
  EXPECT_THAT(operators, Not(Contains("Swish")));
}

// Why a product and its loss stay apart.
TEST(FusionsTest, ReasonsOfTheLinearCrossEntropyLoss) {
  struct NearMiss {
    std::string product, loss, reason;
  };
  const std::string product = "<trans_b: int = 1>(x, w)", loss = "(scores, labels)";
  for (const NearMiss& miss : {
           NearMiss{product, loss, ""},
           NearMiss{product, "<reduction: string = \"none\">(scores, labels)",
                    "the loss is not reduced: each label has a gradient of its own"},
           NearMiss{product, "(scores, labels, classes)", "the classes have weights"},
           NearMiss{"<trans_b: int = 1>(x, w, classes)", loss, "the product has a bias"},
           NearMiss{"<trans_b: int = 1, alpha: float = 0.5>(x, w)", loss, "the product is scaled"},
           NearMiss{"(x, w)", loss, "the product is not one by a weight of [classes, width]"},
       }) {
    StatusOr<Graph> graph =
        ParseText(fmt::format("<opset_import: [\"\": 24, \"weft\": 1]>\n"
                              "g (float[6,7] x, float[7,7] w, float[7] classes, int64[6] labels) => (l) {{\n"
                              "scores = weft.Product{}\nl = SoftmaxCrossEntropyLoss{} }}",
                              miss.product, miss.loss),
                  WithOperators());
    ASSERT_TRUE(graph.ok()) << Message(graph.status());
    const auto notes = FuseComposites(*graph);
    ASSERT_TRUE(notes.ok()) << Message(notes.status());
    ASSERT_EQ(notes->size(), 1u) << miss.reason;
    EXPECT_EQ((*notes)[0].rule, "linear_cross_entropy_loss");
    EXPECT_EQ((*notes)[0].node, "SoftmaxCrossEntropyLoss 'l'");
    EXPECT_EQ((*notes)[0].reason, miss.reason);
  }
}

// What is joined, and why updates and casts of parameters stay.
TEST(FusionsTest, ReasonsOfUpdates) {
  using Lines = std::vector<std::string>;
  const auto lines = [](const std::string& nodes) {
    StatusOr<Graph> graph = ParseText(
        fmt::format("<opset_import: [\"\": 24, \"weft\": 1]>\n"
                    "g (float[3] p, float[3] g, float[3] m, float[3] v, float lr, float scale, int64 step)"
                    " => (a) {{\n{}\n}}",
                    nodes),
        WithOperators());
    EXPECT_TRUE(graph.ok()) << Message(graph.status());
    const StatusOr<std::vector<FusionNote>> notes = JoinUpdates(*graph);
    EXPECT_TRUE(notes.ok()) << Message(notes.status());
    const Status verified = Verify(*graph);
    EXPECT_TRUE(verified.ok()) << Message(verified);
    Lines said;
    for (const FusionNote& note : *notes) said.push_back(note.node + ": " + note.reason);
    return said;
  };
  const std::string a = "a, am, av = weft.AdamW(p, g, m, v, lr, step, scale)\n",
                    b = "b, bm, bv = weft.AdamW(p, g, m, v, lr, step, scale)\n";
  EXPECT_EQ(lines(a), Lines{});
  EXPECT_EQ(lines(a + b), Lines{"AdamW 'a': "});
  EXPECT_EQ(lines(a + "c = Cast<to: int = 16>(a)"), Lines{"AdamW 'a': "});
  EXPECT_EQ(lines(a + b + "c = Cast<to: int = 16>(b)\nd = Cast<to: int = 16>(b)\n e = Cast<to: int = 11>(a)"),
            (Lines{"AdamW 'a': ", "Cast 'd': the update writes another copy of it",
                   "Cast 'e': updates write copies in bf16, not in f64"}));
  EXPECT_EQ(lines(a + b + "c = Cast<to: int = 16>(bm)"), Lines{"AdamW 'a': "});
  EXPECT_EQ(lines(a + "n = Neg(am)\n" + b), (Lines{"AdamW 'a': 'am' is read before the last update",
                                                   "AdamW 'b': no other update is left to join it with"}));
  EXPECT_EQ(
      lines(a + "c = Cast<to: int = 16>(a)\nn = Cast<to: int = 1>(c)\n" + b),
      (Lines{"AdamW 'a': 'c' is read before the last update",
             "AdamW 'b': no other update is left to join it with", "Cast 'c': its update is not joined"}));
  EXPECT_EQ(lines(a + "b, bm, bv = weft.AdamW<beta1: float = 0.5>(p, g, m, v, lr, step, scale)"),
            (Lines{"AdamW 'a': no other update has its learning rate, step, scale, betas and epsilon",
                   "AdamW 'b': no other update has its learning rate, step, scale, betas and epsilon"}));
  EXPECT_EQ(lines("a, am, av = weft.AdamW(p, g, m, v, lr, step)\nc = Cast<to: int = 16>(a)"),
            (Lines{"AdamW 'a': it has no scale, so that it need not wait for the gradients of others",
                   "Cast 'c': its update is not joined"}));
  EXPECT_EQ(lines("a = weft.SGD(p, g, \"\", lr, scale)\nc = Cast<to: int = 16>(a)"),
            Lines{"Cast 'c': SGD writes no copies"});
}

TEST(FusionsTest, AFusionOfSeveralRulesHasOneName) {
  std::vector<std::string_view> names = FusionNames();
  EXPECT_THAT(names, Contains("linear_cross_entropy_loss"));
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace weft
