// The file form: written and read, the same graph and the same bytes; what is wrong in one, by name.
#include "ir/graph_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/version.h"
#include "ir/equal.h"
#include "ir/text_printer.h"
#include "tests/ir/graph_samples.h"
#include "tests/ir/test_ops.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace test;  // NOLINT: the test operators

std::string ErrorOf(std::string_view bytes, const ParseOptions& options = TestParseOptions()) {
  const StatusOr<Graph> graph = DecodeGraph(bytes, options);
  EXPECT_FALSE(graph.ok());
  return graph.ok() ? "" : Message(graph.status());
}

// Written, read, compared, written again; through text in between as well.
Graph RoundTrip(const Graph& graph) {
  EXPECT_TRUE(Verify(graph).ok()) << Message(Verify(graph));
  StatusOr<EncodedGraph> encoded = EncodeGraph(graph);
  EXPECT_TRUE(encoded.ok()) << Message(encoded.status());
  StatusOr<Graph> again = DecodeGraph(encoded->bytes, TestParseOptions());
  EXPECT_TRUE(again.ok()) << Message(again.status());
  if (!again.ok()) return graph;
  std::string why;
  EXPECT_TRUE(Equal(graph, *again, &why)) << why;
  EXPECT_EQ(EncodeGraph(*again)->bytes, encoded->bytes);
  EXPECT_EQ(PrintText(*again), PrintText(graph));
  const StatusOr<Graph> text = ParseText(PrintText(graph), TestParseOptions());
  EXPECT_TRUE(text.ok()) << Message(text.status());
  EXPECT_EQ(PrintText(*DecodeGraph(EncodeGraph(*text)->bytes, TestParseOptions())), PrintText(*text));
  return *std::move(again);
}

TEST(GraphFormat, Nodes) {
  const Graph g = RoundTrip(GraphOfNodes());
  const Node& norm = g.node(g.value(g.outputs()[1]).producer);
  EXPECT_EQ(norm.clone, 7);
  EXPECT_EQ(norm.phase, Phase::kBackward);
  EXPECT_EQ(norm.scope, "blocks.3.attn");
  EXPECT_EQ(g.value(g.inputs()[0]).type.ToString(), "f32[2*n, seq+1]");
  EXPECT_EQ(g.symbol_bounds.at("n"), 64);
}

TEST(GraphFormat, AttributesOfEveryKind) {
  const Graph g = RoundTrip(GraphOfAttributes());
  const auto attributes = [&](size_t i) -> const KindsOp& {
    return g.node(g.value(g.outputs()[i]).producer).attrs<KindsOp>();
  };
  // Bits that text does not keep.
  EXPECT_EQ(std::bit_cast<uint32_t>(attributes(1).floats[3]), 0xffc12345U);
  EXPECT_EQ(std::bit_cast<uint32_t>(attributes(2).f), 0x80000000U);
  EXPECT_EQ(std::bit_cast<uint32_t>(attributes(3).f), 0x7fc54321U);
  EXPECT_EQ(attributes(1).s.size(), 30U);
}

TEST(GraphFormat, ConstantsOfEveryType) {
  const Graph original = GraphOfConstants(), g = RoundTrip(original);
  for (ValueId id : original.ConstantIds()) {
    const Tensor &a = *original.value(id).constant, &b = *g.value(g.Find(original.value(id).name)).constant;
    ASSERT_EQ(a.size_bytes(), b.size_bytes());
    EXPECT_TRUE(a.size_bytes() == 0 || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
  }
}

TEST(GraphFormat, States) {
  const Graph g = RoundTrip(GraphOfStates());
  EXPECT_EQ(g.states()[1].init, g.states()[2].init);  // one graph for both
  EXPECT_EQ(g.states()[6].role, StateRole::kCache);
}

TEST(GraphFormat, EmptyGraph) { RoundTrip(Graph()); }

TEST(GraphFormat, ErasedPartsAreNotWritten) {
  Graph g = GraphOfNodes();
  Builder b(g);
  const Var dead = Emit(b, NegOp{}, {b.Wrap(g.inputs()[0])});
  g.EraseNode(g.value(dead.id).producer);
  EXPECT_EQ(EncodeGraph(g)->bytes, EncodeGraph(GraphOfNodes())->bytes);
}

TEST(GraphFormat, LargeConstantsOutside) {
  Graph g;
  Builder b(g);
  const std::vector<float> values(100, 1.5F);
  b.Output(b.Constant(Tensor::Of<float>({100}, std::span(values)), "large"));
  b.Output(b.Constant(Tensor::Of<float>({2}, std::span(values).first(2)), "small"));
  const EncodedGraph encoded = *EncodeGraph(g, {.max_inline_bytes = 16});
  ASSERT_EQ(encoded.outside.size(), 1U);
  EXPECT_EQ(encoded.outside[0].name, "large");
  EXPECT_LT(encoded.bytes.size(), 400U);
  const auto decode = [&](const Tensor& tensor) {
    return DecodeGraph(encoded.bytes, TestParseOptions(), [&](const std::string& name) -> StatusOr<Tensor> {
      EXPECT_EQ(name, "large");
      return tensor;
    });
  };
  const StatusOr<Graph> again = decode(encoded.outside[0].tensor);
  ASSERT_TRUE(again.ok()) << Message(again.status());
  EXPECT_TRUE(Equal(g, *again));
  EXPECT_EQ(ErrorOf(encoded.bytes), "constant 'large': its data lies in another file");
  Tensor other = encoded.outside[0].tensor.Clone();
  SetElementFromDouble(other, 99, 2);
  EXPECT_THAT(Message(decode(other).status()), HasSubstr("'large': its data outside has changed"));
  EXPECT_THAT(Message(decode(Tensor::Zeros(DataType::kF32, {99})).status()),
              HasSubstr("'large': outside it is f32[99], expected f32[100]"));
}

TEST(GraphFormat, NewerVersions) {
  std::string bytes = EncodeGraph(SmallGraph())->bytes;
  EXPECT_EQ(GraphFormatVersion(bytes), kGraphFormatVersion);
  Seal(&bytes, kGraphFormatVersion + 1);
  EXPECT_EQ(
      ErrorOf(bytes),
      fmt::format("version 2 of the file form; weft {} reads up to version 1: take a newer weft", kVersion));
  Seal(&bytes, 0);
  EXPECT_EQ(ErrorOf(bytes), "version 0 of the file form never was");
  Seal(&bytes);
  EXPECT_TRUE(DecodeGraph(bytes, TestParseOptions()).ok());
}

TEST(GraphFormat, WhatIsNone) {
  for (const std::string& bytes :
       {std::string(), std::string("g (float x) => (y) { y = Neg(x) }"),
        std::string("abcdWEFT (float x) => (y) { y = Neg(x) }"), std::string(64, '\0')}) {
    EXPECT_FALSE(LooksLikeGraphFormat(bytes));
    EXPECT_EQ(ErrorOf(bytes), "not a graph in weft's file form");
  }
  EXPECT_TRUE(LooksLikeGraphFormat(EncodeGraph(SmallGraph())->bytes));
}

// ---- what another weft may have that this one has not

TEST(GraphFormat, UnknownOperators) {
  ParseOptions options = TestParseOptions();
  options.find = [](std::string_view domain, std::string_view name) -> const OpDef* {
    return name == "Reshape" ? nullptr : FindTestOp(domain, name);
  };
  options.names = [] { return std::vector<std::string_view>{"Neg", "Reshape2"}; };
  EXPECT_EQ(ErrorOf(EncodeGraph(SmallGraph())->bytes, options),
            "operator 'Reshape' is unknown; did you mean 'Reshape2'?");
}

struct OtherNormOp {
  static const OpDef def;
  float epsilon = 0;
  int64_t modes = 2;
};
constexpr OperandDef kX[] = {{"X"}}, kY[] = {{"Y"}};
constexpr Field kOther[] = {F<&OtherNormOp::epsilon>("epsilon"), F<&OtherNormOp::modes>("modes", kWeftOnly)};
constexpr Field kFewer[] = {F<&OtherNormOp::modes>("epsilon")};
constinit const OpDef OtherNormOp::def = {
    .name = "Softmax",
    .fields = kOther,
    .attributes = AttributesOf<OtherNormOp>(),
    .inputs = kX,
    .outputs = kY,
    .infer = [](const NodeTypes& n) -> StatusOr<std::vector<TensorType>> { return std::vector{n.input(0)}; }};

std::string WithOther(Fields fields) {
  OpDef op = OtherNormOp::def;
  op.fields = fields;
  Graph g;
  const ValueId x = g.AddInput("x", {DataType::kF32, {2}});
  g.AddNode(op, std::make_shared<const OtherNormOp>(), {x}, {{"y", {DataType::kF32, {2}}}});
  return EncodeGraph(g)->bytes;
}

TEST(GraphFormat, AttributesThatAreUnknownOrOfAnotherKind) {
  EXPECT_EQ(ErrorOf(WithOther(kOther)), "node 0: Softmax has no attribute 'modes'; did you mean 'mode'?");
  EXPECT_EQ(ErrorOf(WithOther(kFewer)), "node 0: Softmax: attribute 'epsilon' is Int, expected Float");
  const StatusOr<Graph> graph = DecodeGraph(WithOther({}), TestParseOptions());
  ASSERT_TRUE(graph.ok()) << Message(graph.status());
  EXPECT_EQ(graph->node(graph->NodeIds()[0]).attrs<NormOp>().epsilon, NormOp().epsilon);  // its default
}

// ---- what no graph can be

TEST(GraphFormat, TypesThatAreNotInferred) {
  Graph g = SmallGraph();
  const NodeId norm = g.NodeIds()[0];
  g.SetType(g.node(norm).outputs[0], {DataType::kF32, {3, 3}});
  EXPECT_THAT(ErrorOf(EncodeGraph(g)->bytes),
              HasSubstr("Softmax 'a': output 'a.softmax' is f32[3, 3], expected f32[n, 2]"));
  g.SetType(g.inputs()[0], {DataType::kF32, {int64_t{1} << 62, 8}});
  EXPECT_THAT(ErrorOf(EncodeGraph(g)->bytes), HasSubstr("type 0"));
  g.SetType(g.inputs()[0], {DataType::kF32, Dims(65, 1)});
  EXPECT_THAT(ErrorOf(EncodeGraph(g)->bytes), HasSubstr("has 65 dimensions, expected at most 64"));
}

TEST(GraphFormat, StatesThatCannotBe) {
  Graph g = SmallGraph();
  g.mutable_states()[0].init = std::make_shared<Graph>(SmallGraph());
  EXPECT_EQ(Message(EncodeGraph(g).status()), "the initial value of state 's' has states of its own");
  g = SmallGraph();
  auto two = std::make_shared<Graph>();
  Builder b(*two);
  b.Output(b.Constant(Tensor::Zeros(DataType::kF32, {3}), "value"));
  g.mutable_states()[0].init = two;
  EXPECT_EQ(ErrorOf(EncodeGraph(g)->bytes), "state 's': its initial value must have one output, bool[2]");
  g = SmallGraph();
  g.mutable_states()[0].name = "";
  EXPECT_EQ(ErrorOf(EncodeGraph(g)->bytes), "state '': has no name");
}

}  // namespace
}  // namespace weft
