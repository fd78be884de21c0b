// Graph text on tensors: what `weft run` gives and refuses.
#include "tools/run_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/base/temporary_directory.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

using Tensors = std::map<std::string, Tensor, std::less<>>;

Tensor Floats(Shape shape, std::vector<float> values) {
  return Tensor::Of<float>(std::move(shape), std::span<const float>(values));
}
Tensor Integers(std::vector<int64_t> values) {
  const Shape shape = {static_cast<int64_t>(values.size())};
  return Tensor::Of<int64_t>(shape, std::span<const int64_t>(values));
}
std::vector<float> Values(const Tensor& t) { return {t.as<float>().begin(), t.as<float>().end()}; }

StatusOr<std::vector<NamedTensor>> RunText(std::string_view graph, const Tensors& tensors,
                                           RunGraphOptions options = {}) {
  options.tensor = [&](std::string_view name) -> StatusOr<Tensor> {
    const auto it = tensors.find(name);
    if (it == tensors.end()) return NotFound("there is no tensor '{}'", name);
    return it->second;
  };
  return RunGraphText(fmt::format("<ir_version: 10, opset_import: [\"\": 24, \"weft\": 1]>\n{}", graph),
                      options);
}
std::string ErrorOf(std::string_view graph, const Tensors& tensors) {
  return Message(RunText(graph, tensors).status());
}

// The message, or the first output's values.
std::string AtOpset(int opset, std::string_view graph) {
  const Tensors tensors = {{"x", Floats({4}, {1, 2, 3, 4})}};
  RunGraphOptions options;
  options.tensor = [&](std::string_view name) -> StatusOr<Tensor> {
    const auto it = tensors.find(name);
    if (it == tensors.end()) return NotFound("there is no tensor '{}'", name);
    return it->second;
  };
  const auto results =
      RunGraphText(fmt::format("<ir_version: 8, opset_import: [\"\": {}]>\n{}", opset, graph), options);
  if (!results.ok()) return std::string(Message(results.status()));
  std::string values;
  for (float v : Values((*results)[0].tensor)) values += fmt::format("{} ", v);
  return values;
}

TEST(RunGraphTest, OpsetsAreReadWhereTheMeaningIsTheSame) {
  const std::string_view negate = "g (float[4] x) => (y) { y = Neg(x) }";
  for (int opset : {6, 13, 24, 25, 28}) EXPECT_EQ(AtOpset(opset, negate), "-1 -2 -3 -4 ");
  EXPECT_THAT(AtOpset(29, negate), HasSubstr("opset 29 is newer than 28, the newest that weft knows"));
  EXPECT_THAT(AtOpset(11, "g (float[4] x) => (y) { y = Softmax(x) }"),
              HasSubstr("Softmax at opset 11 is not what it is since 13; convert the model to opset 24"));
  EXPECT_THAT(AtOpset(28, "g (float[4] x) => (y) { y = SwiGLU(x) }"),
              HasSubstr("operator 'SwiGLU' is unknown"));
  // Before 18 the outputs say how many parts there are; since then an attribute must.
  const std::string_view halves = "g (float[4] x) => (b) { a, b = Split(x) }";
  EXPECT_EQ(AtOpset(13, halves), "3 4 ");
  EXPECT_EQ(AtOpset(11, "g (float[4] x) => (b) { a, b = Split<split: ints = [1, 3]>(x) }"), "2 3 4 ");
  EXPECT_THAT(AtOpset(18, halves), HasSubstr("expected either split or num_outputs, neither is given"));
}

TEST(RunGraphTest, WhatIsWrongIsNamedWithItsPlace) {
  const Tensors tensors = {{"x", Floats({2}, {1, 2})}, {"i", Integers({1, 2})}};
  EXPECT_EQ(ErrorOf("g (float[2] x, int64[2] i) => (y) {\n  y = Add(x, i)\n}", tensors),
            "line 3, column 7: Add 'y': A is f32, B is i64, expected equal types\n"
            "    y = Add(x, i)\n"
            "        ^");
  EXPECT_EQ(ErrorOf("g (float[2] x) => (y) {\n  y = Sofmax(x)\n}", tensors),
            "line 3, column 7: operator 'Sofmax' is unknown; did you mean 'Softmax'?\n"
            "    y = Sofmax(x)\n"
            "        ^");
  EXPECT_EQ(ErrorOf("g (float[2] x) => (y) {\n  a = Add(x, b)\n  b = Exp(a)\n  y = Neg(b)\n}", tensors),
            "line 3, column 7: Add 'a': operand 'b' closes a cycle: 'a' needs 'b' needs 'a'\n"
            "    a = Add(x, b)\n"
            "        ^");
  EXPECT_EQ(ErrorOf("g (float[2] x) => (y) {\n  y = Exp x)\n}", tensors),
            "line 3, column 11: expected '(', got 'x'\n"
            "    y = Exp x)\n"
            "            ^");
}

TEST(RunGraphTest, OutputsByName) {
  const auto results =
      RunText("g (float[2] a, float[2] b) => (sum, bigger) { sum = Add(a, b) bigger = Less(b, a) }",
              {{"a", Floats({2}, {1, 5})}, {"b", Floats({2}, {2, 3})}});
  ASSERT_TRUE(results.ok()) << Message(results.status());
  ASSERT_THAT(*results, SizeIs(2));
  EXPECT_EQ((*results)[0].name, "sum");
  EXPECT_THAT(Values((*results)[0].tensor), ElementsAre(3, 8));
  EXPECT_EQ((*results)[1].tensor.dtype(), DataType::kBool);
}

TEST(RunGraphTest, SymbolsHaveTheSizesOfTheInputs) {
  const std::string_view graph = "g (float[n,3] x, float[n,1] y) => (float[n,3] z) { z = Mul(x, y) }";
  const auto results =
      RunText(graph, {{"x", Floats({2, 3}, {1, 2, 3, 4, 5, 6})}, {"y", Floats({2, 1}, {1, 10})}});
  ASSERT_TRUE(results.ok()) << Message(results.status());
  EXPECT_THAT(Values((*results)[0].tensor), ElementsAre(1, 2, 3, 40, 50, 60));
  EXPECT_EQ(ErrorOf(graph, {{"x", Floats({1, 3}, {1, 2, 3})}, {"y", Floats({2, 1}, {1, 10})}}),
            "'n' is 2 by input 'y', but 1 by input 'x'");
}

TEST(RunGraphTest, AnOperandThatIsAnAttributeComesFromTheTensors) {
  const std::string_view graph = "g (float[n,3] x, int64[k] shape) => (y) { y = Reshape(x, shape) }";
  const Tensors tensors = {{"x", Floats({2, 3}, {1, 2, 3, 4, 5, 6})}, {"shape", Integers({3, 2})}};
  const auto results = RunText(graph, tensors);  // fits only once n is known
  ASSERT_TRUE(results.ok()) << Message(results.status());
  EXPECT_THAT((*results)[0].tensor.shape(), ElementsAre(3, 2));
  EXPECT_THAT(ErrorOf(graph, {{"x", tensors.at("x")}}), HasSubstr("operand 'shape' must be a constant"));
  EXPECT_THAT(ErrorOf(graph, {{"x", tensors.at("x")}, {"shape", Integers({4, 2})}}),
              HasSubstr("shape [4, 2] has 8 elements"));
}

TEST(RunGraphTest, StatesThatChangeComeOutUnderTheirNames) {
  const std::string_view graph =
      "g (float[2] w, float[2] g) => (loss, w_next) { loss = Mul(w, g) w_next = Sub(w, g) }";
  RunGraphOptions options;
  const std::string text = fmt::format(
      "<ir_version: 10, opset_import: [\"\": 24, \"weft\": 1],\n"
      " metadata_props: [\"weft.state.w\": \"parameter\", \"weft.alias.w_next\": \"w\"]>\n{}",
      graph);
  const Tensors tensors = {{"w", Floats({2}, {5, 6})}, {"g", Floats({2}, {1, 2})}};
  options.tensor = [&](std::string_view name) -> StatusOr<Tensor> { return tensors.find(name)->second; };
  const auto results = RunGraphText(text, options);
  ASSERT_TRUE(results.ok()) << Message(results.status());
  EXPECT_EQ(results->front().name, "loss");
  EXPECT_THAT(Values(results->front().tensor), ElementsAre(5, 12));
  EXPECT_EQ(results->back().name, "w");
  EXPECT_THAT(Values(results->back().tensor), ElementsAre(4, 4));
}

TEST(RunGraphTest, WhatDoesNotFitIsRefused) {
  const std::string_view graph = "g (float[2] x) => (y) { y = Neg(x) }";
  EXPECT_EQ(ErrorOf(graph, {}), "there is no tensor 'x'");
  EXPECT_EQ(ErrorOf(graph, {{"x", Floats({3}, {1, 2, 3})}}),
            "input 'x' of program 'run' is f32[3], expected f32[2]");
  EXPECT_EQ(ErrorOf(graph, {{"x", Integers({1, 2})}}),
            "input 'x' of program 'run' is i64[2], expected f32[2]");
  EXPECT_THAT(ErrorOf("g (float[2] x) => (y) { y = Negg(x) }", {}), HasSubstr("did you mean 'Neg'"));
}

TEST(RunGraphTest, CheckedAndProfiled) {
  const TemporaryDirectory directory;
  RunGraphOptions options;
  options.checked = true;
  options.profile = directory / "trace.json";
  const std::string_view graph = "g (float[2] x) => (y) { l = Log(x) y = Softmax(l) }";
  EXPECT_THAT(Message(RunText(graph, {{"x", Floats({2}, {1, 0})}}, options).status()),
              HasSubstr("Log 'l' of program 'run': its output 'l' f32[2] is infinite at [1]"));
  options.checked = false;
  ASSERT_TRUE(RunText(graph, {{"x", Floats({2}, {1, 1})}}, options).ok());
  EXPECT_THAT(*ReadFile(options.profile), HasSubstr("\"cat\":\"kernel\""));
}

}  // namespace
}  // namespace weft
