// What is wrong in a text, and where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/text_parser.h"
#include "tests/ir/test_ops.h"

namespace weft {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string ErrorOf(std::string_view text) {
  StatusOr<Graph> graph = ParseText(text, test::TestParseOptions());
  EXPECT_FALSE(graph.ok()) << text;
  return graph.ok() ? "" : Message(graph.status());
}

TEST(TextError, PlaceAndCaret) {
  EXPECT_EQ(ErrorOf("g (float[2] x) => (y)\n{\n  y = Negg(x)\n}"),
            "line 3, column 7: operator 'Negg' is unknown; did you mean 'Neg'?\n"
            "    y = Negg(x)\n"
            "        ^");
  EXPECT_EQ(ErrorOf("g (float[2] x => (y) {}"),
            "line 1, column 15: expected ')', got '=>'\n  g (float[2] x => (y) {}\n                ^");
}

TEST(TextError, LongLinesAreCut) {
  const std::string message = ErrorOf("g (float[2] x) => (y) { " + std::string(1000, ' ') + "y = Bad(x)" +
                                      std::string(5000, ' ') + "}");
  EXPECT_THAT(message, StartsWith("line 1, column 1029: operator 'Bad' is unknown"));
  EXPECT_LT(message.size(), 400U);
}

struct Bad {
  std::string_view text, error;
};

TEST(TextError, Syntax) {
  const Bad cases[] = {
      {"", "expected a graph's name, got the end of the text"},
      {"g", "expected '=>'"},
      {"g => (y) { y = Neg(x }", "expected ')', got '}'"},
      {"g => (y) { y = Neg(x)", "expected '}', got the end"},
      {"g => (y) { y Neg(x) }", "expected '=', got 'Neg'"},
      {"g => (y) { y = Neg(x); }", "unexpected ';'"},
      {"g => (y) { y = 5(x) }", "expected an operator, got '5'"},
      {"g => (y) { y = Neg(\"x) }", "a string that does not end"},
      {"g => (y) { y = Neg<a>(x) }", "expected ':' or '='"},
      {"g => (y) { y = Neg<a=>(x) }", "expected ':' or '=', got '=>'"},
      {"g => (y) { y = Neg<a=[]>(x) }", "an empty list needs a type"},
      {"g => (y) { y = Neg<a=[1, 2.0]>(x) }", "expected a whole number, got '2.0'"},
      {"g => (y) { y = Neg<a: tensors = []>(x) }", "attributes of type tensors are not read"},
      {"g => (y) { y = Neg<a: integer = 1>(x) }", "expected an attribute's type"},
      {"g => (y) { y = Neg<a: int = 1.0>(x) }", "expected a whole number, got '1.0'"},
      {"g => (y) { y = Neg<a: int = [1]>(x) }", "expected one value of type int"},
      {"g => (y) { y = Neg<a: ints = 1>(x) }", "expected '[' and a list of ints"},
      {"g => (y) { y = Neg<a = @b>(x) }", "a reference needs a type"},
      {"g => (y) { y = Neg<a = 99999999999999999999>(x) }", "does not fit 64 bits"},
      {"g => (y) { y = Neg<a: float = 1e39>(x) }", "'1e39' is too large for 32 bits"},
      {"g => (y) { y = Neg<a = .5>(x) }", "expected a value, got '.'"},
      {"g => (y) { y = Neg<a = 1e>(x) }", "a number whose exponent has no digits"},
      {"g => (y) { y = Neg<a = - 1>(x) }", "unexpected '-'"},
      {"g => (y) { y = Neg<a = 1>(x)<b = 1> }", "attributes stand on both sides"},
      {"<1: 2> g => (y) {}", "expected a header's key, got '1'"},
      {"<opset: []> g => (y) {}", "a model's header has no key 'opset'"},
      {"<opset_import: [\"\": x]> g => (y) {}", "expected a whole number"},
      {"g (float[-1] x) => (y) {}", "a dimension is negative"},
      {"g (float[2 x) => (y) {}", "expected ']', got 'x'"},
      {"g (seq(float[2] x => y {}", "expected ')', got the end"},
      {"g (x) => (y) <w = {1}> {}", "a value with data needs a type"},
      {"g => (y) <float[2] w = {1}> {}", "1 values for a tensor that takes 2"},
      {"g => (y) <float[2] w = {1, 2, 3}> {}", "3 values for a tensor that takes 2"},
      {"g => (y) <float[n] w = {1}> {}", "whose shape is not whole numbers"},
      {"g => (y) <float[] w = {1}> {}", "data of a tensor without a shape"},
      {"g => (y) <int8[1] w = {300}> {}", "'300' does not fit 8 bits"},
      {"g => (y) <uint8[1] w = {-1}> {}", "'-1' does not fit 8 bits without sign"},
      {"g => (y) <bfloat16[1] w = {1.0}> {}", "expected a whole number, got '1.0'"},
      {"g => (y) <bool[1] w = {2}> {}", "a bool is 0 or 1"},
      {"g => (y) <float[9223372036854775807, 9223372036854775807] w = {1}> {}",
       "more f32 elements than 64 bits"},
      {"g => (y) {} trailing", "expected '('"},
      {"g => (y) {} \xff", "unexpected '\\xff'"},
      {"<a: 1> F (x) => (y) {}", "a model's header has no key 'a'"},
      {"g => (y) {} <a: \"b\"> F (x) => (y) {}", "a function's header has no key 'a'"},
  };
  for (const Bad& c : cases) {
    const std::string message = ErrorOf(c.text);
    EXPECT_THAT(message, HasSubstr(c.error)) << c.text;
    EXPECT_THAT(message, StartsWith("line 1, column ")) << c.text;
  }
}

TEST(TextError, Meaning) {
  const Bad cases[] = {
      {"g (x) => (y) { y = Neg(x) }", "input 'x' has no type"},
      {"g (string x) => (y) { y = Neg(x) }", "input 'x' is string, which weft does not have"},
      {"g (seq(float) x) => (y) { y = Neg(x) }", "input 'x' is seq"},
      {"g (float x, float x) => (y) { y = Neg(x) }", "two inputs are called 'x'"},
      {"g (float x) => (z) { y = Neg(x) }", "output 'z' is not defined"},
      {"g (float x) => (y, y) { y = Neg(x) }", "'y' is an output twice"},
      {"g (float x) => (y) { y = Neg(z) }", "Neg 'y': operand 'z' is not defined"},
      {"g (float x) => (y) { y = Neg(y) }", "Neg 'y': operand 'y' closes a cycle: 'y' needs 'y'"},
      {"g (float input) => (y) { y = Neg(inptu) }", "operand 'inptu' is not defined; did you mean 'input'?"},
      {"g (float x) => (y) { y = Neg(t) t = Neg(x) }",
       "operand 't' is computed only later, by Neg: nodes stand in the order in which they run"},
      {"g (float x) => (y) { a = Add(x, c) b = Neg(a) c = Add(b, b) y = Neg(a) }",
       "Add 'a': operand 'c' closes a cycle: 'a' needs 'c' needs 'b' needs 'a'"},
      {"g (float x) => (y) { y = Neg(x) y = Neg(x) }", "'y' is assigned twice"},
      {"g (float x) => (y) { x = Neg(x) y = Neg(x) }", "'x' is assigned twice"},
      {"g (float[2] x) => (y) <int64[1] k = {1}> { y, y = TopK(x, k) }", "'y' is assigned twice"},
      {"g (float x) => (y) { y, z = Neg(x) }", "Neg 'y' has 2 outputs, expected at most 1"},
      {"g (float x) => (x) { = Neg(x) }", "output 0 is missing"},
      {"g (float x) => (y) { y = Neg() }", "input 0 ('X') is missing"},
      {"g (float x) => (y) { y = Neg(x, x) }", "has 2 inputs, expected at most 1"},
      {"g (float x) => (y) { y = Neg<axis = 1>(x) }", "Neg 'y' has no attribute 'axis'"},
      {"g (float x) => (y) { y = Softmax<epsilom = 1.0>(x) }", "did you mean 'epsilon'?"},
      {"g (float x) => (y) { y = Softmax<mode = 1>(x) }", "has no attribute 'mode'"},  // in domain weft only
      {"g (float x) => (y) { y = Softmax<epsilon = 1>(x) }", "attribute 'epsilon' is int, expected float"},
      {"g (float x) => (y) { y = Softmax<epsilon = 1.0, epsilon = 1.0>(x) }",
       "attribute 'epsilon' stands twice"},
      {"g (float x) => (y) { y = Softmax<epsilon: float = @e>(x) }",
       "refers to '@e' outside of a function's body"},
      {"g (float x) => (y) { y = Cast<to = 99>(x) }", "attribute 'to' is 99, which is no element type"},
      {"g (float x) => (y) { y = weft.Kinds<b = 2>(x) }", "attribute 'b' is 2, expected 0 or 1"},
      {"g (float x) => (y) { y = weft.Kinds<d = \"a+\">(x) }", "dimension 'a+'"},
      {"g (float x) => (y) { y = weft.Kinds<dims = [\"a\", \"(\"]>(x) }", "dimension '('"},
      {"g (float x) => (y) { y = weft.Kinds<dims = 1.5>(x) }", "attribute 'dims' is float, expected ints"},
      {"g (float x) => (y) { y = other.Neg(x) }", "operator 'Neg' is of domain 'other'"},
      {"g (float x) => (y) { y = weft.Nag(x) }", "operator 'Nag' is unknown; did you mean 'Neg'?"},
      {"g (float x) => (y) { y = If<then_branch = t () => (z) { z = Neg(x) }>(x) }",
       "operator 'If' is unknown"},
      {"g (float x) => (y) { y = Neg<b = t () => (z) { z = Neg(x) }>(x) }", "no attribute 'b'"},
      {"g (float[2] x) => (y) { y = Reshape(x) }", "Reshape 'y': operand 1 ('shape') is missing"},
      {"g (float[2] x) => (y) { s = Neg(x) y = Reshape(x, s) }",
       "operand 'shape' must be a constant, but 's' is computed"},
      {"g (float[2] x) => (y) <float[1] s = {2}> { y = Reshape(x, s) }",
       "operand 'shape' is f32 [1], expected an integer type"},
      {"g (float[2] x) => (y) <int64[1,1] s = {2}> { y = Reshape(x, s) }", "expected at most one dimension"},
      {"g (float[2] x) => (y) <int64[2] k = {1, 1}> { y, z = TopK(x, k) }",
       "operand 'K' is i64 [2], expected one element"},
      {"g (float[2] x) => (y) <int64[1] s = {3}> { y = Reshape(x, s) }",
       "Reshape 'y': shape is [3], x is f32[2]"},
      {"g (float[2] x) => (float[3] y) { y = Neg(x) }", "'y' is declared with a dimension 3, but it is 2"},
      {"g (float[n] x) => (float[3] y) { y = Neg(x) }", "'y' is declared with a dimension 3, but it is n"},
      {"g (float[n,m] x) => (float[n,n] y) { y = Neg(x) }",
       "'y' is declared with a dimension n, but it is m"},
      {"g (float[2] x) => (float y) { y = Neg(x) }", "'y' is declared with 0 dimensions, but it is f32[2]"},
      {"g (float[2] x) => (int64[2] y) { y = Neg(x) }", "'y' is declared int64, but it is float"},
      {"g (float[2] x) => (y) <float[1] t> { t = Neg(x) y = Neg(t) }", "'t' is declared with a dimension 1"},
      {"g (float[2] x) => (y) <string w = {\"a\"}> { y = Neg(x) }", "a tensor of string"},
      {"g (float[2] x) => (y) <float w = {1}, float w = {1}> { y = Neg(x) }", "'w' is assigned twice"},
      {"g (float[2] x) => (y) { y = Constant<value_string = \"a\">() }",
       "attribute 'value_string' of type string"},
      {"g (float[2] x) => (y) { y = Constant() }", "a Constant has one attribute"},
      {"g (float[2] x) => (y) { y = Constant<value: tensor = @v>() }",
       "Constant: attribute 'value' of type tensor"},
  };
  for (const Bad& c : cases) {
    const std::string message = ErrorOf(c.text);
    EXPECT_THAT(message, HasSubstr(c.error)) << c.text;
    EXPECT_THAT(message, StartsWith("line 1, column ")) << c.text;
  }
}

TEST(TextError, Metadata) {
  const auto error = [](std::string_view metadata, std::string_view functions = "") {
    return ErrorOf(
        fmt::format("<opset_import: [\"\": 24], metadata_props: [{}]> g (float[2] w, float[3] v) => "
                    "(float[2] y, float[3] z) {{ y = Neg(w) z = Neg(v) }} {}",
                    metadata, functions));
  };
  EXPECT_THAT(error("\"weft.state.x\": \"parameter\""),
              HasSubstr("metadata 'weft.state.x': there is no such input"));
  EXPECT_THAT(error("\"weft.state.y\": \"parameter\""), HasSubstr("there is no such input"));
  EXPECT_THAT(error("\"weft.state.w\": \"parametr\""), HasSubstr("did you mean 'parameter'?"));
  EXPECT_THAT(error("\"weft.state.w\": \"parameter\", \"weft.state.w\": \"cache\""),
              HasSubstr("is a state already"));
  EXPECT_THAT(error("\"weft.state.w\": \"parameter - a\", \"weft.state.v\": \"parameter - a\""),
              HasSubstr("there is another state 'a'"));
  EXPECT_THAT(error("\"weft.state.w\": \"parameter f\""),
              HasSubstr("there is no function 'f' in domain weft"));
  EXPECT_THAT(
      error("\"weft.state.w\": \"parameter f\"", "<domain: \"weft\"> f (seed) => (y) { y = Neg(seed) }"),
      HasSubstr("'f' must have one output, f32[2]"));
  EXPECT_THAT(error("\"weft.state.w\": \"parameter f\"", "<domain: \"weft\"> f (x) => (y) { y = Neg(x) }"),
              HasSubstr("input 'x' has no type"));
  EXPECT_THAT(
      error("\"weft.state.w\": \"parameter f\"", "<domain: \"weft\"> f (seed) => (y) { y = Nag(seed) }"),
      HasSubstr("operator 'Nag' is unknown"));
  EXPECT_THAT(error("\"weft.alias.y\": \"w\""), HasSubstr("metadata 'weft.alias.y': 'w' is no state"));
  EXPECT_THAT(error("\"weft.state.w\": \"parameter\", \"weft.alias.x\": \"w\""),
              HasSubstr("there is no such output"));
  EXPECT_THAT(error("\"weft.state.w\": \"parameter\", \"weft.alias.z\": \"w\""),
              HasSubstr("it is f32[3], the state 'w' is f32[2]"));
  EXPECT_THAT(error("\"weft.dim.n\": \"0\""), HasSubstr("'0' is no positive number"));
  EXPECT_THAT(error("\"weft.dim.n\": \"+5\""), HasSubstr("'+5' is no positive number"));
  EXPECT_THAT(error("\"weft.outputs\": \"3\""), HasSubstr("there are fewer outputs"));
  EXPECT_THAT(error("\"weft.nonsense\": \"\""), HasSubstr("metadata 'weft.nonsense': weft has no such key"));
}

}  // namespace
}  // namespace weft
