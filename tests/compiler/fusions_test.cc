// Which fusions are made: the names behind --no-fuse.
#include "compiler/passes/fusions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/passes/fuse_composites.h"
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

}  // namespace
}  // namespace weft
