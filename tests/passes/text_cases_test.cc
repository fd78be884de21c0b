#include "tests/passes/text_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "compiler/pass.h"
#include "compiler/passes/bind.h"
#include "ir/equal.h"
#include "ir/joined_name.h"
#include "ops/evaluate.h"
#include "ops/text.h"

namespace weft::test {
namespace {

using testing::HasSubstr;

StatusOr<std::vector<Tensor>> EvaluatePlain(const OpDef& op, const void* attributes,
                                            std::span<const Tensor* const> inputs,
                                            uint32_t optional_outputs) {
  return EvaluateNode(op, attributes, inputs, optional_outputs, {1, true});
}

// Values by name: inputs from `inputs`, states among them; results by name.
StatusOr<std::map<std::string, Tensor>> Run(const Graph& graph, const std::map<std::string, Tensor>& inputs) {
  std::map<ValueId, Tensor> values;
  for (ValueId v : graph.ConstantIds()) values[v] = *graph.value(v).constant;
  for (ValueId v : graph.inputs()) values[v] = inputs.at(graph.value(v).name);
  for (NodeId id : graph.NodeIds()) {
    const Node& n = graph.node(id);
    std::vector<const Tensor*> operands;
    for (ValueId v : n.inputs) operands.push_back(v == ValueId::kNone ? nullptr : &values.at(v));
    uint32_t optional = 0;
    for (size_t i = 0; i < n.outputs.size(); ++i) optional |= uint32_t{n.outputs[i] != ValueId::kNone} << i;
    auto outputs = EvaluatePlain(*n.op, n.attributes.get(), operands, optional);
    if (!outputs.ok()) return Prefix(graph.Describe(id), outputs.status());
    for (size_t i = 0; i < n.outputs.size(); ++i) {
      if (n.outputs[i] != ValueId::kNone) values[n.outputs[i]] = (*outputs)[i];
    }
  }
  std::map<std::string, Tensor> results;
  for (ValueId v : graph.outputs()) results[graph.value(v).name] = values.at(v);
  for (const State& s : graph.states()) {
    if (s.next != ValueId::kNone) results["next " + s.name] = values.at(s.next);
  }
  return results;
}

Tensor RandomTensor(const TensorType& type, std::mt19937& random) {
  Tensor t = Tensor::Zeros(type.dtype, ToShape(type.shape));
  for (int64_t i = 0; i < t.num_elements(); ++i) {
    const double u = static_cast<double>(random()) / 4294967296.0;
    SetElementFromDouble(t, i, IsFloat(type.dtype) ? 2 * u - 1 : u < 0.5 ? 0 : 1);
  }
  return t;
}

// Every symbol without a binding gets a small number.
void BindAll(Graph& graph, const std::map<std::string, int64_t>& bindings) {
  std::map<std::string, int64_t> all;
  int64_t next = 2;
  for (const std::string& s : SymbolsOf(graph)) all[s] = bindings.contains(s) ? bindings.at(s) : next++;
  const Status bound = Bind(graph, all);
  ASSERT_TRUE(bound.ok()) << Message(bound);
}

// A state that has been joined: its parts' rows one after the other.
Tensor Joined(const std::string& name, const std::map<std::string, Tensor>& parts, const TensorType& type) {
  Tensor whole = Tensor::Zeros(type.dtype, ToShape(type.shape));
  auto* to = static_cast<char*>(whole.mutable_data());
  for (const JoinedPart& p : PartsOf(name)) {
    const Tensor& part = parts.at(std::string(p.name));
    to = std::copy_n(static_cast<const char*>(part.data()), part.size_bytes(), to);
  }
  return whole;
}

void ExpectSameNumbers(Graph before, Graph after, const TextCase& c) {
  BindAll(before, c.bindings);
  BindAll(after, c.bindings);
  std::mt19937 random(1);
  std::map<std::string, Tensor> inputs;
  for (const Graph* g : {&before, &after}) {
    for (ValueId v : g->inputs()) {
      const Value& value = g->value(v);
      if (inputs.contains(value.name)) continue;
      inputs[value.name] = PartsOf(value.name).empty() ? RandomTensor(value.type, random)
                                                       : Joined(value.name, inputs, value.type);
    }
  }
  const auto x = Run(before, inputs), y = Run(after, inputs);
  ASSERT_TRUE(x.ok()) << Message(x.status());
  ASSERT_TRUE(y.ok()) << Message(y.status());
  for (const auto& [name, expected] : *x) {
    ASSERT_TRUE(y->contains(name)) << name;
    const Tensor& got = y->at(name);
    ASSERT_EQ(got.shape(), expected.shape()) << name;
    ASSERT_EQ(got.dtype(), expected.dtype()) << name;
    double scale = 1e-3;
    for (int64_t i = 0; i < got.num_elements(); ++i)
      scale = std::max(scale, std::fabs(ElementAsDouble(expected, i)));
    for (int64_t i = 0; i < got.num_elements(); ++i) {
      if (ElementAsDouble(got, i) == ElementAsDouble(expected, i)) continue;
      EXPECT_NEAR(ElementAsDouble(got, i), ElementAsDouble(expected, i), 1e-5 * scale)
          << name << " [" << i << "]";
    }
  }
}

Graph Parse(const std::string& text) {
  StatusOr<Graph> graph = ParseText(text, WithOperators());
  EXPECT_TRUE(graph.ok()) << Message(graph.status());
  return graph.ok() ? *std::move(graph) : Graph();
}

class PassText : public testing::TestWithParam<TextCase> {};

TEST_P(PassText, GivesWhatIsExpected) {
  const TextCase& c = GetParam();
  const Graph before = Parse(c.input);
  Graph after = before;
  PassContext context{.bindings = c.bindings, .evaluate = EvaluatePlain, .settings = c.settings};
  context.mixed_precision.keep_f32 = c.keep_f32;
  const auto passes = PassesByName(c.passes);
  ASSERT_TRUE(passes.ok()) << Message(passes.status());
  const Status run = PassRunner().Run(after, *passes, context);
  if (c.expected.starts_with("error: ")) {
    std::string error = c.expected.substr(7);
    error.resize(error.find_last_not_of(" \n") + 1);
    EXPECT_THAT(Message(run), HasSubstr(error));
    return;
  }
  ASSERT_TRUE(run.ok()) << Message(run);
  const Graph expected = c.expected.starts_with("unchanged") ? before : Parse(c.expected);
  std::string why;
  PrintOptions print;
  print.bodies = false;
  EXPECT_TRUE(Equal(after, expected, &why)) << why << "\n" << PrintText(after, print);
  if (c.numbers) ExpectSameNumbers(before, after, c);
  // What came out reads back as the same graph.
  StatusOr<Graph> again = ParseText(PrintText(after), WithOperators());
  ASSERT_TRUE(again.ok()) << Message(again.status());
  EXPECT_TRUE(Equal(after, *again, &why)) << why;
}

INSTANTIATE_TEST_SUITE_P(Cases, PassText, testing::ValuesIn(AllTextCases()),
                         [](const auto& info) { return info.param.file + "_" + info.param.name; });

}  // namespace
}  // namespace weft::test
