// Bodies of operators of domain weft.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/equal.h"
#include "ir/text_parser.h"
#include "ir/text_printer.h"
#include "tests/ir/test_ops.h"

namespace weft {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace test;  // NOLINT: the test operators

std::string Functions(const Graph& g) {
  const std::string text = PrintText(g);
  StatusOr<Graph> again = ParseText(text, TestParseOptions());
  EXPECT_TRUE(again.ok()) << Message(again.status()) << "\n" << text;
  std::string why;
  if (!again.ok()) return "";
  EXPECT_TRUE(Equal(g, *again, &why)) << why << "\n" << text;
  EXPECT_EQ(PrintText(*again), text);
  return text.substr(text.find("\n}\n") + 3);
}

TEST(TextFunctions, OneForEachBody) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {3}}), y = b.Input("y", {DataType::kF32, {4, 5}});
  b.Output(b.EmitMany(NormOp{}, {x}, 2)[1]);  // a saved output: ONNX's Softmax has none
  b.Output(b.EmitMany(NormOp{.epsilon = 1, .mode = 1}, {y}, 0)[0]);
  b.Output(b.EmitMany(NormOp{.epsilon = 2, .mode = 1}, {x}, 0)[0]);
  b.Output(b.EmitMany(NormOp{.epsilon = 3}, {x}, 0)[0]);
  const std::string text = PrintText(g);
  EXPECT_THAT(text, HasSubstr("softmax_3 = Softmax<epsilon: float = 3>(x)"));  // nothing of weft's own
  const std::string functions = Functions(g);
  // Two bodies: with and without the saved output. Shapes and attributes that the body does not show are no
  // matter.
  const size_t first = functions.find("overload: \"v"), second = functions.find("overload: \"v", first + 1);
  ASSERT_NE(second, std::string::npos) << functions;
  EXPECT_EQ(functions.find("overload: \"v", second + 1), std::string::npos) << functions;
  EXPECT_THAT(
      functions,
      HasSubstr("Softmax<epsilon, mode> (X) => (Y, Saved)\n{\n  Saved = Neg(X)\n  Y = Neg(Saved)\n}\n"));
  EXPECT_THAT(functions,
              HasSubstr("Softmax<epsilon, mode> (X) => (Y)\n{\n  neg = Neg(X)\n  Y = Neg(neg)\n}\n"));
}

TEST(TextFunctions, ASingleBodyHasNoOverload) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {3}});
  KindsOp other;
  other.i = 5;
  b.Output(Emit(b, KindsOp{}, {Emit(b, other, {x})}));
  EXPECT_EQ(Functions(g),
            "<domain: \"weft\", opset_import: [\"\": 24]>\n"
            "Kinds<i, f, b, s, t, d, ints, floats, dims> (X) => (Y)\n"
            "{\n  Y = Neg(X)\n}\n");
}

TEST(TextFunctions, BodiesThatAreOnnxText) {
  Graph g;
  Builder b(g);
  b.Output(Emit(b, FillOp{{2, 3}, 0.5F}, {Var{&b, ValueId::kNone}}));
  EXPECT_EQ(Functions(g),
            "<domain: \"weft\", opset_import: [\"\": 24]>\n"
            "Fill<shape, value> (none) => (Y)\n"
            "{\n"
            "  shape = Constant<value_ints: ints = [2, 3]>()\n"
            "  Y = ConstantOfShape<value: tensor = float[1] {0.5}>(shape)\n"
            "}\n");
}

TEST(TextFunctions, ASymbolFoundInAnOperand) {
  Graph g;
  Builder b(g);
  const Dim n = Dim::Symbol("n"), m = Dim::Symbol("m");
  Var x = b.Input("x", {DataType::kF32, {n, m, 2}});
  b.Output(Emit(b, ReshapeOp{{n * m * Dim(2)}}, {x}));
  EXPECT_EQ(Functions(g),
            "<domain: \"weft\", opset_import: [\"\": 24]>\n"
            "Reshape<shape, allowzero> (X) => (Y)\n"
            "{\n"
            "  \"shape.0\" = Shape<start: int = 1, end: int = 2>(X)\n"
            "  \"shape.1\" = Shape<start: int = 0, end: int = 1>(X)\n"
            "  \"shape.2\" = Mul(\"shape.0\", \"shape.1\")\n"
            "  \"shape.3\" = Constant<value: tensor = int64[1] {2}>()\n"
            "  \"shape.4\" = Mul(\"shape.2\", \"shape.3\")\n"
            "  Y = Reshape(X, \"shape.4\")\n"
            "}\n");
}

TEST(TextFunctions, ASymbolFoundInAnInputOfTheGraph) {
  Graph g;
  Builder b(g);
  const Dim n = Dim::Symbol("n"), m = Dim::Symbol("m");
  Var x = b.Input("x", {DataType::kF32, {n, m}});
  Var flat = Emit(b, ReshapeOp{{n * m}}, {x});
  b.Output(Emit(b, ReshapeOp{{m, n}}, {flat}), "y");
  const std::string functions = Functions(g);
  EXPECT_THAT(functions, HasSubstr("Reshape<shape, allowzero> (X, \"m.source\", \"n.source\") => (Y)\n{\n"
                                   "  \"shape.0\" = Shape<start: int = 1, end: int = 2>(\"m.source\")\n"
                                   "  \"shape.1\" = Shape<start: int = 0, end: int = 1>(\"n.source\")\n"
                                   "  \"shape.2\" = Concat<axis: int = 0>(\"shape.0\", \"shape.1\")\n"
                                   "  Y = Reshape(X, \"shape.2\")\n"));
  EXPECT_THAT(PrintText(g), HasSubstr("(reshape, x, x)"));
}

TEST(TextFunctions, ASymbolPassedOnToACallee) {
  Graph g;
  Builder b(g);
  const Dim n = Dim::Symbol("n");
  Var x = b.Input("x", {DataType::kF32, {n}}), y = b.Input("y", {DataType::kF32, {n * n, 3}});
  b.Output(Emit(b, FlattenOp{}, {y}), "flat");
  b.Output(Emit(b, NegOp{}, {x}), "z");
  const std::string functions = Functions(g);
  const size_t callee = functions.find("Reshape<shape, allowzero> (X, \"n.source\") => (Y)");
  const size_t caller = functions.find("FlattenAll (X, \"n.source\") => (\"X.out\")");
  ASSERT_NE(callee, std::string::npos) << functions;
  ASSERT_NE(caller, std::string::npos) << functions;
  EXPECT_LT(callee, caller);  // callees first
  EXPECT_THAT(
      functions,
      HasSubstr(
          "\"X.out\" = weft.Reshape<shape: strings = [\"3*n*n\"], allowzero: int = 0>(X, \"n.source\")"));
  EXPECT_THAT(functions, HasSubstr("<domain: \"weft\", opset_import: [\"\": 24, \"weft\": 1]>\nFlattenAll"));
  EXPECT_THAT(PrintText(g), HasSubstr("flat = weft.FlattenAll(y, x)"));
}

TEST(TextFunctions, NoneWhereASymbolIsNowhere) {
  Graph g;
  Builder b(g);
  const Dim n = Dim::Symbol("n");
  Var x = b.Input("x", {DataType::kF32, {n * n}});
  b.Output(Emit(b, ReshapeOp{{n, n}}, {x}));
  EXPECT_EQ(Functions(g), "");
}

}  // namespace
}  // namespace weft
