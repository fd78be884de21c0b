// Every operator's cases as text, and in the file form: read back as the same graph; every operator of domain
// weft has a function.
#include "ops/text.h"

#include <algorithm>
#include <map>
#include <set>

#include "ir/equal.h"
#include "ir/graph_format.h"
#include "tests/ops/harness.h"

namespace weft::test {
namespace {

class Text : public ::testing::TestWithParam<OpCase> {};

TEST_P(Text, ReadsBackAsTheSameGraph) {
  auto g = MakeCaseGraph(*GetParam().entry->def, GetParam().c, DataType::kF32);
  ASSERT_TRUE(g.ok()) << Message(g.status());
  const std::string text = PrintText(g->graph);
  StatusOr<Graph> again = ParseText(text, WithOperators());
  ASSERT_TRUE(again.ok()) << Message(again.status()) << "\n" << text;
  std::string why;
  EXPECT_TRUE(Equal(g->graph, *again, &why)) << why << "\n" << text;
  EXPECT_EQ(PrintText(*again), text);
}

TEST_P(Text, ReadsBackFromTheFileForm) {
  auto g = MakeCaseGraph(*GetParam().entry->def, GetParam().c, DataType::kF32);
  ASSERT_TRUE(g.ok()) << Message(g.status());
  const StatusOr<EncodedGraph> encoded = EncodeGraph(g->graph, {.max_inline_bytes = 1 << 20});
  ASSERT_TRUE(encoded.ok() && encoded->outside.empty()) << Message(encoded.status());
  StatusOr<Graph> again = DecodeGraph(encoded->bytes, WithOperators());
  ASSERT_TRUE(again.ok()) << Message(again.status());
  std::string why;
  EXPECT_TRUE(Equal(g->graph, *again, &why)) << why;
  EXPECT_EQ(PrintText(*again), PrintText(g->graph));
  EXPECT_TRUE(EncodeGraph(*again, {.max_inline_bytes = 1 << 20})->bytes == encoded->bytes);
}

TEST_P(Text, HasAFunctionForEachOperatorOfWefts) {
  auto g = MakeCaseGraph(*GetParam().entry->def, GetParam().c, DataType::kF32);
  ASSERT_TRUE(g.ok()) << Message(g.status());
  const OnnxModel model = ToOnnx(g->graph);
  std::set<std::string> known;
  const auto check = [&](const std::vector<OnnxNode>& nodes) {
    for (const OnnxNode& n : nodes) {
      if (n.domain != "weft") continue;
      EXPECT_TRUE(known.contains(n.op_type + ":" + n.overload))
          << n.op_type << " has no function before its use";
    }
  };
  for (const OnnxFunction& f : model.functions) {
    check(f.nodes);
    const bool calls =
        std::any_of(f.nodes.begin(), f.nodes.end(), [](auto& n) { return n.domain == "weft"; });
    std::map<std::string, int64_t> imports(f.opsets.imports.begin(), f.opsets.imports.end());
    EXPECT_EQ(imports.contains("weft"), calls) << f.name;
    EXPECT_TRUE(known.insert(f.name + ":" + f.overload).second) << f.name << " comes twice";
  }
  check(model.graph.nodes);
}

// The body with an accumulator is a sum with the operator without one: a function that calls another one of
// its own name. Their overloads tell them apart.
TEST(TextFunctions, OneMayCallAnotherOfItsName) {
  int found = 0;
  for (const OpCase& c : AllCases()) {
    if (c.entry->def->name != "RMSNormalizationGrad" || c.c.name != "accumulator") continue;
    auto g = MakeCaseGraph(*c.entry->def, c.c, DataType::kF32);
    ASSERT_TRUE(g.ok()) << Message(g.status());
    const OnnxModel model = ToOnnx(g->graph);
    ASSERT_EQ(model.functions.size(), 2u);
    const OnnxFunction &inner = model.functions[0], &outer = model.functions[1];
    EXPECT_EQ(inner.name, outer.name);
    EXPECT_NE(inner.overload, outer.overload);
    EXPECT_EQ(outer.nodes[0].op_type, inner.name);
    EXPECT_EQ(outer.nodes[0].overload, inner.overload);
    EXPECT_EQ(model.graph.nodes[0].overload, outer.overload);
    ++found;
  }
  EXPECT_EQ(found, 1);
}

INSTANTIATE_TEST_SUITE_P(Operators, Text, ::testing::ValuesIn(AllCases()), CaseName);

}  // namespace
}  // namespace weft::test
