// weft.FusedElementwise beside its cases: the bits of the operators one by one, bodies as attributes.
#include <cstring>

#include "ir/equal.h"
#include "ir/graph_diff.h"
#include "ir/graph_format.h"
#include "ops/common/body_cases.h"
#include "ops/fused_elementwise/op.h"
#include "ops/text.h"
#include "tests/ops/harness.h"

namespace weft::test {
namespace {

using Vars = std::vector<Var>;

std::string Refusal(const KernelDef& def, const KernelNode& node) { return def.accepts(node); }

// The tiles give the bits of the fast kernels of the body's nodes, one by one. False: the case is none in
// that type.
bool GivesTheBits(const OpCase& c, DataType floats) {
  const auto g = MakeCaseGraph(*c.entry->def, c.c, floats);
  if (!g.ok()) return false;
  const NodeTypes types = g->graph.TypesOf(g->node);
  const KernelDef& tiles = CpuKernels(ops::FusedElementwiseOp::def)[0];
  EXPECT_EQ(tiles.name, "tiles");
  EXPECT_EQ(Refusal(tiles, ToKernelNode(types)), "");
  const auto body = ops::TypedBody(types.attrs<ops::FusedElementwiseOp>().body, types.inputs);
  EXPECT_TRUE(body.ok()) << Message(body.status());
  if (!body.ok()) return false;
  for (int threads : {1, 2}) {
    const auto fused = Interpret(g->graph, g->inputs, {threads, false});
    const auto apart = Interpret(**body, g->inputs, {threads, false});
    EXPECT_TRUE(fused.ok() && apart.ok()) << Message(fused.status()) << Message(apart.status());
    if (!fused.ok() || !apart.ok()) return false;
    EXPECT_EQ(fused->size(), apart->size());
    for (size_t i = 0; i < fused->size(); ++i)
      EXPECT_TRUE(Equal((*fused)[i], (*apart)[i])) << "output " << i << " on " << threads << " threads";
  }
  return true;
}

TEST(FusedElementwise, GivesTheBitsOfItsOperators) {
  int wide = 0, narrow = 0;
  for (const OpCase& c : AllCases()) {
    if (c.entry->def != &ops::FusedElementwiseOp::def) continue;
    SCOPED_TRACE(c.c.name);
    EXPECT_TRUE(GivesTheBits(c, DataType::kF32));
    ++wide;
    narrow += GivesTheBits(c, DataType::kBF16) ? 1 : 0;
  }
  EXPECT_GT(wide, 50);
  EXPECT_GT(narrow, 20);
}

GraphBody Square(const std::string& name, double number) {
  GraphBody made = ops::MakeBody({{DataType::kF32, {2, 3}}}, [&](Builder& b, const Vars& x) {
    const Var y = x[0] * x[0] + number;
    b.graph().Rename(y.id, name);
    return Vars{y};
  });
  return made;
}

Graph WithBody(GraphBody body) {
  Graph graph;
  Builder b(graph);
  const Var x[] = {b.Input("x", {DataType::kF32, {2, 3}})};
  b.Output(ops::FusedElementwise(x, std::move(body))[0], "y");
  EXPECT_TRUE(b.status().ok()) << Message(b.status());
  return graph;
}

TEST(FusedElementwise, NamesInABodyMeanNothing) {
  EXPECT_TRUE(SameBody(*Square("a", 1), *Square("b", 1)));
  EXPECT_FALSE(SameBody(*Square("a", 1), *Square("a", 2)));
  EXPECT_FALSE(SameBody(*Square("a", 0), *Square("a", -0.0)));
  EXPECT_TRUE(Equal(WithBody(Square("a", 1)), WithBody(Square("b", 1))));
  EXPECT_EQ(BodySteps(*Square("a", 1)), "v0 = Mul(x0, x0), v1 = Add(v0, 1)");
  const ops::FusedElementwiseOp a{Square("a", 1)}, b{Square("b", 1)}, c{Square("a", 2)};
  const Fields fields = ops::FusedElementwiseOp::def.fields;
  EXPECT_EQ(AttributesHash(fields, &a), AttributesHash(fields, &b));
  EXPECT_NE(AttributesHash(fields, &a), AttributesHash(fields, &c));
  const std::string diff = DiffReport(DiffGraphs(WithBody(Square("a", 1)), WithBody(Square("a", 2))));
  EXPECT_NE(diff.find("v1 = Add(v0, f32[]{1})"), std::string::npos) << diff;
  EXPECT_NE(diff.find("v1 = Add(v0, f32[]{2})"), std::string::npos) << diff;
}

TEST(FusedElementwise, ABodyThatIsSharedIsWrittenOnce) {
  const GraphBody body = Square("a", 1);
  Graph graph;
  Builder b(graph);
  Var x[] = {b.Input("x", {DataType::kF32, {2, 3}})};
  x[0] = ops::FusedElementwise(x, body)[0];
  b.Output(ops::FusedElementwise(x, body)[0], "y");
  const auto twice = EncodeGraph(graph, {}), once = EncodeGraph(WithBody(body), {});
  ASSERT_TRUE(twice.ok() && once.ok());
  const auto again = DecodeGraph(twice->bytes, WithOperators());
  ASSERT_TRUE(again.ok()) << Message(again.status());
  std::string why;
  EXPECT_TRUE(Equal(graph, *again, &why)) << why;
  EXPECT_LT(twice->bytes.size(), 2 * once->bytes.size() - 400);
}

TEST(FusedElementwise, InfersOverSymbols) {
  const Dim batch = Dim::Symbol("batch");
  Graph graph;
  Builder b(graph);
  const std::vector<TensorType> types = {{DataType::kF32, {batch, 8}}, {DataType::kF32, {8}}};
  const Var x[] = {b.Input("x", types[0]), b.Input("gain", types[1])};
  const Vars y = ops::FusedElementwise(x, ops::MakeBody(types, [](Builder&, const Vars& v) {
                                         const Var scaled = v[0] * v[1];
                                         return Vars{scaled, ops::ReduceSum(scaled, {1}, false)};
                                       }));
  ASSERT_TRUE(b.status().ok()) << Message(b.status());
  EXPECT_EQ(y[0].shape(), (Dims{batch, 8}));
  EXPECT_EQ(y[1].shape(), (Dims{batch}));
}

TEST(FusedElementwise, TextNamesWhatIsWrongInABody) {
  const auto error = [](const std::string& step) {
    const std::string text =
        "g (float[2,3] x) => (float[2,3] y) {\n y = weft.FusedElementwise<body: graph = "
        "body (float[2,3] a) => (float[2,3] b) {\n  b = " +
        step + "\n }>(x)\n}\n";
    return std::string(Message(ParseText(text, WithOperators()).status()));
  };
  EXPECT_NE(error("Expp(a)").find("attribute 'body': operator 'Expp' is unknown; did you mean 'Exp'?"),
            std::string::npos)
      << error("Expp(a)");
  EXPECT_NE(error("Expp(a)").find("line 3"), std::string::npos) << error("Expp(a)");
  EXPECT_NE(error("Softmax(a)").find("Softmax 'b' in its body is not elementwise"), std::string::npos)
      << error("Softmax(a)");
  const std::string wrong =
      "g (float[2,3] x) => (float[2,3] y) { y = weft.FusedElementwise<body: int = 3>(x) }";
  EXPECT_NE(
      Message(ParseText(wrong, WithOperators()).status()).find("attribute 'body' is int, expected graph"),
      std::string_view::npos);
}

}  // namespace
}  // namespace weft::test
