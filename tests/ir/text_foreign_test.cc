// Text that other writers of ONNX give.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ir/text_parser.h"
#include "ir/text_printer.h"
#include "tests/ir/test_ops.h"

namespace weft {
namespace {

using testing::HasSubstr;
using namespace test;  // NOLINT: the test operators

Graph Parse(std::string_view text, const ParseOptions& options = TestParseOptions()) {
  StatusOr<Graph> graph = ParseText(text, options);
  EXPECT_TRUE(graph.ok()) << Message(graph.status());
  if (!graph.ok()) return {};
  EXPECT_TRUE(Verify(*graph).ok()) << Message(Verify(*graph));
  return *std::move(graph);
}

const Node& NodeAt(const Graph& g, size_t i) { return g.node(g.NodeIds()[i]); }

TEST(TextForeign, NoHeaderNoTypesInside) {
  Graph g = Parse("agraph (float[N, 4] x) => (float[N, 4] y) { t = Neg(x)  y = Neg(t) }");
  EXPECT_EQ(g.num_nodes(), 2);
  EXPECT_EQ(g.value(g.Find("t")).type.ToString(), "f32[N, 4]");
}

TEST(TextForeign, HeaderKeysCommentsAndLineEnds) {
  Graph g = Parse(
      "# a model\r\n<ir_version: 7, opset_import: [ \"ai.onnx\" : 13 ], producer_name: \"p\", "
      "producer_version: \"1\","
      " domain: \"d\", model_version: 3, doc_string: \"says \\\"hi\\\"\", metadata_props: [\"author\": "
      "\"me\"]>\r\n"
      "g (float x) # the input\n=> (y) <float t> {\n t = Neg(x) # \"quoted\"\n y = ai.onnx.Neg(t) }\n");
  EXPECT_EQ(g.name, "g");
  EXPECT_EQ(g.num_nodes(), 2);
}

TEST(TextForeign, AttributesOnEitherSideTypedOrNot) {
  for (std::string_view node : {"y, i = TopK<axis = 0>(x, k)", "y, i = TopK(x, k)<axis = 0>",
                                "y, i = TopK<axis: int = 0>(x, k)", "y,i=TopK(x,k) < axis : int = 0 >"}) {
    Graph g = Parse(fmt::format("g (float[3] x) => (y, i) <int64[1] k = {{2}}> {{ {} }}", node));
    EXPECT_EQ(NodeAt(g, 0).attrs<TopKOp>().axis, 0);
    EXPECT_EQ(NodeAt(g, 0).attrs<TopKOp>().k, 2);
    EXPECT_EQ(g.ConstantIds().size(), 0U);  // it became an attribute
  }
}

TEST(TextForeign, MissingAttributesHaveTheirDefaults) {
  Graph g = Parse("g (float[3] x) => (y, i) <int64[1] k = {2}> { y, i = TopK(x, k) }");
  EXPECT_EQ(NodeAt(g, 0).attrs<TopKOp>().axis, -1);
}

TEST(TextForeign, ConstantNodes) {
  Graph g = Parse(
      "g (float[2, 2] x) => (a, b, c, d, e) {\n"
      "  s = Constant<value = int64[1] {4}>()\n"
      "  a = Reshape(x, s)\n"
      "  t = Constant<value_ints = [1, 4]>()\n"
      "  b = Reshape(x, t)\n"
      "  c = Constant<value_float: float = 1.5>()\n"
      "  d = Constant<value_floats = [1.0, 2]>()\n"
      "  e = Constant<value: tensor = float[2] named = {1, 2}>()\n"
      "  unused = Constant<value_int = 3>()\n"
      "}");
  EXPECT_EQ(g.num_nodes(), 2);
  EXPECT_EQ(g.Find("s"), ValueId::kNone);
  EXPECT_EQ(g.value(g.Find("c")).type.ToString(), "f32[]");
  EXPECT_EQ(g.value(g.Find("d")).constant->as<float>()[1], 2);
  EXPECT_EQ(g.value(g.Find("e")).constant->as<float>()[1], 2);
  EXPECT_EQ(g.value(g.Find("unused")).type.ToString(), "i64[]");
  EXPECT_EQ(g.value(g.Find("b")).type.ToString(), "f32[1, 4]");
}

TEST(TextForeign, OptionalOperands) {
  for (std::string_view node : {"y = Dropout(x)", "y = Dropout(x, )", "y = Dropout(x, \"\", \"\")",
                                "y = Dropout(x,,)", "y, \"\" = Dropout(x)"}) {
    Graph g = Parse(fmt::format("g (float[3] x) => (y) {{ {} }}", node));
    EXPECT_EQ(NodeAt(g, 0).inputs.size(), 1U) << node;
    EXPECT_EQ(NodeAt(g, 0).attrs<DropoutOp>().ratio, 0.5F);
  }
  Graph g = Parse("g (float[3] x) => (y, m) <double r = {0.25}, bool t = {1}> { y, m = Dropout(x, r, t) }");
  EXPECT_EQ(NodeAt(g, 0).attrs<DropoutOp>().ratio, 0.25F);
  EXPECT_TRUE(NodeAt(g, 0).attrs<DropoutOp>().training_mode);
}

TEST(TextForeign, Int32Operands) {
  Graph g = Parse("g (float[5] x) => (y) <int32[1] s = {1}, int32[1] e = {3}> { y = Slice(x, s, e) }");
  EXPECT_EQ(NodeAt(g, 0).attrs<SliceOp>().ends[0], 3);
}

TEST(TextForeign, InputsWithoutShape) {
  const std::string_view text = "g (float[] x, float[?, n] z) => (float[] y) { y = Neg(x)  w = Neg(z) }";
  EXPECT_THAT(Message(ParseText(text, TestParseOptions()).status()), HasSubstr("input 'x' has no shape"));
  const Tensor value = Tensor::Zeros(DataType::kF32, {2, 5});
  ParseOptions options = TestParseOptions();
  options.input_value = [&](std::string_view) { return &value; };
  Graph g = Parse(text, options);
  EXPECT_EQ(g.value(g.Find("y")).type.ToString(), "f32[2, 5]");
  EXPECT_EQ(g.value(g.Find("w")).type.ToString(), "f32[2, n]");
}

TEST(TextForeign, UnknownDimensionsAreSymbolsOfTheirOwn) {
  Graph g = Parse("g (float[?, ?] x) => (float[?, ?] y) { y = Neg(x) }");
  EXPECT_EQ(g.value(g.Find("y")).type.ToString(), "f32[x_0, x_1]");
}

TEST(TextForeign, OddDimensionNames) {
  Graph g = Parse(
      "g (float[\"floor(n/2)\", \"2*n + 1\", \"é\"] x) => (float[\"unk__7\", \"1 + n*2\", ?] y) { y = Neg(x) "
      "}");
  EXPECT_EQ(g.value(g.Find("y")).type.ToString(), "f32[floor_n_2_, 2*n+1, __]");
}

TEST(TextForeign, AnInputThatAnOperatorTakesAsAttribute) {
  const std::string_view text = "g (float[2, 3] x, int64[1] shape) => (float[6] y) { y = Reshape(x, shape) }";
  EXPECT_THAT(Message(ParseText(text, TestParseOptions()).status()),
              HasSubstr("Reshape 'y': operand 'shape' must be a constant, but 'shape' is computed outside"));
  const int64_t six[] = {6};
  const Tensor value = Tensor::Of<int64_t>({1}, six);
  ParseOptions options = TestParseOptions();
  options.input_value = [&](std::string_view name) { return name == "shape" ? &value : nullptr; };
  Graph g = Parse(text, options);
  EXPECT_EQ(g.inputs().size(), 2U);
  EXPECT_EQ(ToString(NodeAt(g, 0).attrs<ReshapeOp>().shape), "[6]");
}

TEST(TextForeign, InitializersThatAreInputsToo) {
  Graph g = Parse("g (float[2] x, float[2] w = {1, 2}) => (float[2] y) { y = Add(x, w) }");
  EXPECT_EQ(g.inputs().size(), 1U);
  g = Parse("g (float[2] x, float[2] w) => (float[2] y) <float[2] w = {1, 2}> { y = Add(x, w) }");
  EXPECT_EQ(g.inputs().size(), 1U);
}

TEST(TextForeign, NodesWithForeignLabels) {
  Graph g =
      Parse("g (float x) => (y) { [\"/model/layers.0/Neg\"] t = Neg(x)  [n1] u = Neg(t) [] y = Neg(u) }");
  EXPECT_EQ(NodeAt(g, 0).scope, "/model/layers.0/Neg");
  EXPECT_EQ(NodeAt(g, 1).scope, "n1");
  EXPECT_EQ(NodeAt(g, 2).scope, "");
}

TEST(TextForeign, OperatorSets) {
  const auto parse = [](int opset, std::string_view node) {
    return ParseText(fmt::format(
                         "<opset_import: [\"\": {}]> g (float[2, 2] x) => (y) <int64[1] s = {{4}}> {{ {} }}",
                         opset, node),
                     TestParseOptions())
        .status();
  };
  EXPECT_TRUE(parse(24, "y = Neg(x)").ok());
  EXPECT_TRUE(
      parse(13, "y = Reshape(x, s)").ok());  // 13, 14, 19, 21, 23 and 24 differ in types and allowzero
  EXPECT_TRUE(parse(28, "y = Reshape(x, s)").ok());
  EXPECT_THAT(Message(parse(29, "y = Neg(x)")), HasSubstr("opset 29 is newer than 28"));
  EXPECT_TRUE(parse(13, "y = Softmax(x)").ok());
  EXPECT_THAT(Message(parse(11, "y = Softmax(x)")),
              HasSubstr("Softmax at opset 11 is not what it is since 13"));
  EXPECT_THAT(Message(parse(4, "y = Reshape<shape = [4]>(x)")), HasSubstr("Reshape at opset 4"));
  EXPECT_TRUE(parse(9, "y = Slice<starts = [0], ends = [1], axes = [1]>(x)").ok());  // attributes then
  EXPECT_THAT(Message(parse(13, "y = Slice<starts = [0]>(x)")),
              HasSubstr("'starts' is operand 1, not an attribute"));
}

TEST(TextForeign, NumbersOfEveryForm) {
  Graph g = Parse(
      "g (float x) => (y) <float[10] f = {1., 1e3, -0.0, 1E-3, 2.5e+2, nan, -NaN, inf, -Infinity, 1e-60}, "
      "double[1] d = {1e-400}, uint8[2] u = {0, 255}, int8[2] i = {-128, 127}> { y = Neg(x) }");
  const std::span<const float> f = g.value(g.Find("f")).constant->as<float>();
  EXPECT_EQ(f[0], 1);
  EXPECT_EQ(f[1], 1000);
  EXPECT_TRUE(std::signbit(f[2]));
  EXPECT_EQ(f[4], 250);
  EXPECT_TRUE(std::isnan(f[5]) && !std::signbit(f[5]));
  EXPECT_TRUE(std::isnan(f[6]) && std::signbit(f[6]));
  EXPECT_TRUE(std::isinf(f[7]) && std::isinf(f[8]) && f[8] < 0);
  EXPECT_EQ(f[9], 0);
  EXPECT_EQ(g.value(g.Find("d")).constant->as<double>()[0], 0);
}

TEST(TextForeign, FunctionsOfOthersAreSkipped) {
  Graph g = Parse(
      "<opset_import: [\"\": 24, \"weft\": 1]> g (float x) => (y) { y = weft.Softmax<mode = 0>(x) }\n"
      "<domain: \"weft\", overload: \"a\", doc_string: \"d\", opset_import: [\"\": 24]>\n"
      "Softmax<epsilon, mode: int = 3>(float X) => (float[] Y) <float[2] t> { t = Neg<a: float = "
      "@epsilon>(X) Y = Neg(t) }\n"
      "<domain: \"other\">\nG (\"a b\") => (b) { b = Neg(\"a b\") }");
  EXPECT_EQ(g.num_nodes(), 1);
  EXPECT_EQ(NodeAt(g, 0).op, &NormOp::def);
}

}  // namespace
}  // namespace weft
