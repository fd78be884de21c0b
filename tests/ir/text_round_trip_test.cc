// Print and parse: the same graph, the same text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "ir/equal.h"
#include "ir/text_parser.h"
#include "ir/text_printer.h"
#include "tests/ir/test_ops.h"

namespace weft {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace test;  // NOLINT: the test operators

// Prints, parses, compares, prints again; returns the text.
std::string RoundTrip(const Graph& graph, const PrintOptions& options = {}) {
  EXPECT_TRUE(Verify(graph).ok()) << Message(Verify(graph));
  const std::string text = PrintText(graph, options);
  StatusOr<Graph> again = ParseText(text, TestParseOptions());
  EXPECT_TRUE(again.ok()) << Message(again.status()) << "\n" << text;
  if (!again.ok()) return text;
  std::string why;
  EXPECT_TRUE(Equal(graph, *again, &why)) << why << "\n" << text;
  EXPECT_TRUE(Verify(*again).ok()) << Message(Verify(*again));
  EXPECT_EQ(PrintText(*again, options), text);
  return text;
}

TEST(TextRoundTrip, OneNode) {
  Graph g;
  g.name = "one";
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {2, 3}});
  b.Output(Emit(b, NegOp{}, {x}), "y");
  EXPECT_EQ(RoundTrip(g),
            "<ir_version: 10, opset_import: [\"\": 24], producer_name: \"weft\">\n"
            "one (float[2,3] x) => (float[2,3] y)\n"
            "{\n"
            "  y = Neg(x)\n"
            "}\n");
}

TEST(TextRoundTrip, ScopePhaseAndClone) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {}});
  b.set_scope("blocks.3.attn");
  Var y = Emit(b, NegOp{}, {x});
  b.set_phase(Phase::kBackward);
  Var z = Emit(b, NegOp{}, {y});
  b.set_scope("");
  b.set_phase(Phase::kOptimizer);
  Var u = Emit(b, NegOp{}, {z});
  b.set_phase(Phase::kForward);
  b.set_scope("backward:odd/scope \"quoted\" \\ back");
  Var w = Emit(b, NegOp{}, {u});
  g.SetClone(g.value(z.id).producer, 7);
  b.Output(w);
  const std::string text = RoundTrip(g);
  EXPECT_THAT(text, HasSubstr("[\"blocks.3.attn/0\"] \"blocks.3.attn.neg\" = Neg(x)"));
  EXPECT_THAT(text, HasSubstr("[\"backward:blocks.3.attn/1~7\"]"));
  EXPECT_THAT(text, HasSubstr("[\"optimizer:/2\"]"));
  EXPECT_THAT(text, HasSubstr("[\"forward:backward:odd/scope \\\"quoted\\\" \\\\ back/3\"]"));
}

TEST(TextRoundTrip, FieldsThatAreOperands) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {4, 6}});
  Var r = Emit(b, ReshapeOp{{24}}, {x});
  Var s = Emit(b, SliceOp{{1}, {3}, {}, {}}, {x});
  Var t = Emit(b, SliceOp{{0}, {3}, {1}, {1}}, {x});
  Var u = Emit(b, SliceOp{{0}, {2}, {}, {1}}, {x});  // an absent operand between
  std::vector<Var> top = b.EmitMany(TopKOp{.k = 2}, {x}, 0);
  for (Var v : {r, s, t, u, top[0], top[1]}) b.Output(v);
  const std::string text = RoundTrip(g);
  EXPECT_THAT(text, HasSubstr("int64[1] \"reshape.shape\" = {24}"));
  EXPECT_THAT(text, HasSubstr("reshape = Reshape(x, \"reshape.shape\")"));
  EXPECT_THAT(text, HasSubstr("slice = Slice(x, \"slice.starts\", \"slice.ends\")"));
  EXPECT_THAT(text, HasSubstr("Slice(x, \"slice_2.starts\", \"slice_2.ends\", \"\", \"slice_2.steps\")"));
  EXPECT_THAT(text, HasSubstr("int64[1] \"top_k.K\" = {2}"));
  EXPECT_THAT(text, HasSubstr("top_k, \"top_k.Indices\" = TopK(x, \"top_k.K\")"));
}

TEST(TextRoundTrip, OptionalFieldsAndOutputs) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {4}});
  Var plain = b.EmitMany(DropoutOp{}, {x}, 0)[0];
  std::vector<Var> train = b.EmitMany(DropoutOp{.ratio = 0.1F, .training_mode = true}, {plain}, 2);
  Var training = b.EmitMany(DropoutOp{.training_mode = true}, {train[0]}, 0)[0];
  b.Output(training);
  b.Output(train[1], "mask");
  const std::string text = RoundTrip(g);
  EXPECT_THAT(text, HasSubstr("dropout = Dropout(x)"));
  EXPECT_THAT(
      text,
      HasSubstr("dropout_1, mask = Dropout(dropout, \"dropout_1.ratio\", \"dropout_1.training_mode\")"));
  EXPECT_THAT(text, HasSubstr("Dropout(dropout_1, \"\", \"dropout_2.training_mode\")"));
  EXPECT_THAT(text, HasSubstr("float \"dropout_1.ratio\" = {0.1}"));
  EXPECT_THAT(text, HasSubstr("bool \"dropout_1.training_mode\" = {1}"));
}

TEST(TextRoundTrip, OperandsOfWeftsOwn) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {4}});
  Var seed = b.Input("seed", {DataType::kI64, {}});
  b.Output(b.EmitMany(DropoutOp{.ratio = 0.25F}, {x, seed}, 0)[0]);
  EXPECT_THAT(RoundTrip(g), HasSubstr("weft.Dropout<ratio: float = 0.25, training_mode: int = 0>(x, seed)"));
}

TEST(TextRoundTrip, VariadicOperandsAndOutputs) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {5, 2}});
  std::vector<Var> parts = b.EmitMany(SplitOp{{1, 4}, 0}, {x}, 0);
  b.Output(Emit(b, ConcatOp{}, {parts[1], parts[0], x}));
  const std::string text = RoundTrip(g);
  EXPECT_THAT(text, HasSubstr("split, \"split.1\" = Split(x, \"split.split\")"));
  EXPECT_THAT(text, HasSubstr("concat = Concat(\"split.1\", split, x)"));
}

TEST(TextRoundTrip, EveryAttributeKind) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {Dim::Symbol("batch"), 4}});
  KindsOp empty;
  empty.d = Dim(0);
  KindsOp full{.i = std::numeric_limits<int64_t>::min(),
               .f = 1e-45F,
               .b = true,
               .s = "two words, \"quotes\", back\\slash\nand a line",
               .t = DataType::kBF16,
               .d = Dim::Symbol("batch") * Dim(3) - Dim(1),
               .ints = {-1, std::numeric_limits<int64_t>::max()},
               .floats = {0.1F, -0.0F, 3, std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity(), std::numeric_limits<float>::max()},
               .dims = {Dim::Symbol("batch"), 4, Dim::Symbol("batch") * Dim::Symbol("seq")}};
  KindsOp nan;
  nan.f = std::numeric_limits<float>::quiet_NaN();
  nan.dims = {1, 0};
  for (const KindsOp& a : {empty, full, nan}) b.Output(Emit(b, a, {x}));
  const std::string text = RoundTrip(g);
  EXPECT_THAT(text, HasSubstr("i: int = -9223372036854775808, f: float = 1e-45, b: int = 1"));
  EXPECT_THAT(text,
              HasSubstr("t: int = 16, d: string = \"3*batch-1\", ints: ints = [-1, 9223372036854775807], "
                        "floats: floats = [0.1, -0, 3, inf, -inf, 3.4028235e+38], "
                        "dims: strings = [\"batch\", \"4\", \"batch*seq\"]"));
  EXPECT_THAT(text, HasSubstr("d: int = 0, ints: ints = [], floats: floats = [], dims: ints = []"));
  EXPECT_THAT(text, HasSubstr("f: float = nan"));
}

TEST(TextRoundTrip, ConstantsOfEveryType) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {}});
  for (int i = 0; i < kNumDataTypes; ++i) {
    const auto dtype = static_cast<DataType>(i);
    Tensor t = Tensor::Zeros(dtype, {3});
    for (int64_t j = 0; j < 3; ++j)
      SetElementFromDouble(t, j, j == 1 && dtype != DataType::kBool ? 1.75 : 0.0 + j);
    b.Constant(t, std::string("c_") + std::string(Name(dtype)));
    b.Constant(Tensor::Zeros(dtype, {}), std::string("s_") + std::string(Name(dtype)));
    b.Constant(Tensor::Zeros(dtype, {0, 3}), std::string("e_") + std::string(Name(dtype)));
  }
  const double extremes[] = {0.1,
                             -0.0,
                             5e-324,
                             1.7976931348623157e308,
                             std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::quiet_NaN()};
  b.Constant(Tensor::Of<double>({6}, extremes), "extremes");
  const uint64_t large[] = {std::numeric_limits<uint64_t>::max()};
  b.Constant(Tensor::Of<uint64_t>({1}, large), "large");
  b.Output(Emit(b, NegOp{}, {x}));
  const std::string text = RoundTrip(g);
  EXPECT_THAT(text, HasSubstr("bfloat16[3] c_bf16 = {0, 16352, 16384}"));
  EXPECT_THAT(text, HasSubstr("double[6] extremes = {0.1, -0, 5e-324, 1.7976931348623157e+308, inf, -nan}"));
  EXPECT_THAT(text, HasSubstr("int4[3] c_i4 = {16, 2}"));
  EXPECT_THAT(text, HasSubstr("float[0,3] e_f32 = {}"));
  EXPECT_THAT(text, HasSubstr("uint64[1] large = {18446744073709551615}"));
}

TEST(TextRoundTrip, ConstantsStayEvenWhereNobodyReadsThem) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {2}});
  const int64_t two[] = {2};
  Var shape = b.Constant(Tensor::Of<int64_t>({1}, two), "reshape.shape");  // the name that a field would take
  b.Output(Emit(b, ReshapeOp{{2}}, {x}));
  b.Output(shape, "also_an_output");
  EXPECT_THAT(RoundTrip(g), HasSubstr("Reshape(x, \"reshape.shape\")"));
  Graph h;
  Builder c(h);
  Var y = c.Input("x", {DataType::kF32, {2}});
  c.Constant(Tensor::Of<int64_t>({1}, two), "reshape.shape");
  c.Output(Emit(c, ReshapeOp{{2}}, {y}));
  EXPECT_THAT(RoundTrip(h), HasSubstr("Reshape(x, \"reshape.shape_1\")"));
}

TEST(TextRoundTrip, NamesThatNeedQuotes) {
  Graph g;
  g.name = "a graph";
  Builder b(g);
  Var x = b.Input("float", {DataType::kF32, {}});
  Var y = b.Input("0 \"odd\"\\name\n", {DataType::kF32, {}});
  Var z = b.Input("nan", {DataType::kF32, {Dim::Symbol("int64")}});
  b.Output(Emit(b, AddOp{}, {x, y}), "é");
  b.Output(Emit(b, NegOp{}, {z}), "Inf");
  EXPECT_THAT(RoundTrip(g), HasSubstr("float \"float\""));
}

TEST(TextRoundTrip, States) {
  auto init = std::make_shared<Graph>();
  {
    Builder b(*init);
    b.Input("seed", {DataType::kI64, {}});
    b.set_scope("w");
    b.Output(Emit(b, FillOp{{4, 2}, 0.5F}, {Var{&b, ValueId::kNone}}), "value");
  }
  auto zeros = std::make_shared<Graph>();
  {
    Builder b(*zeros);
    b.Input("seed", {DataType::kI64, {}});
    b.Output(b.Constant(Tensor::Zeros(DataType::kF32, {4, 2}), "value"));
  }
  Graph g;
  Builder b(g);
  Var w = b.Input("w", {DataType::kF32, {4, 2}});
  Var m = b.Input("m", {DataType::kF32, {4, 2}});
  Var v = b.Input("v", {DataType::kF32, {4, 2}});
  Var cache = b.Input("cache", {DataType::kF32, {Dim::Symbol("pages"), 2}});
  Var next = Emit(b, NegOp{}, {w});
  Var next_m = Emit(b, AddOp{}, {m, next});
  b.Output(Emit(b, NegOp{}, {cache}), "result");
  b.Output(next_m);
  g.AddState({"layers.0 w", StateRole::kParameter, w.id, next.id, init});
  g.AddState({"m", StateRole::kOptimizer, m.id, next_m.id, zeros});  // a result as well
  g.AddState({"v", StateRole::kOptimizer, v.id, ValueId::kNone, std::make_shared<Graph>(*zeros)});
  g.AddState({"kv", StateRole::kCache, cache.id, ValueId::kNone, nullptr});
  g.symbol_bounds = {{"pages", 64}};
  const std::string text = RoundTrip(g);
  EXPECT_THAT(text, HasSubstr("\"weft.state.w\": \"parameter init_layers_0_w layers.0 w\""));
  EXPECT_THAT(text, HasSubstr("\"weft.state.m\": \"optimizer init_m\""));
  EXPECT_THAT(text, HasSubstr("\"weft.state.v\": \"optimizer init_m\""));  // one function for both
  EXPECT_THAT(text, HasSubstr("\"weft.state.cache\": \"cache - kv\""));
  EXPECT_THAT(text, HasSubstr("\"weft.alias.neg\": \"w\""));
  EXPECT_THAT(text, HasSubstr("\"weft.outputs\": \"2\""));
  EXPECT_THAT(text, HasSubstr("\"weft.dim.pages\": \"64\""));
  EXPECT_THAT(text, HasSubstr("=> (float[pages,2] result, float[4,2] add, float[4,2] neg)"));
  EXPECT_THAT(text, HasSubstr("init_layers_0_w (int64 seed) => (float[4,2] value)"));
}

TEST(TextRoundTrip, EveryRoleOfStates) {
  Graph g;
  Builder b(g);
  for (StateRole role : {StateRole::kParameter, StateRole::kOptimizer, StateRole::kAccumulator,
                         StateRole::kCache, StateRole::kBuffer, StateRole::kDerived}) {
    const std::string name(Name(role));
    Var x = b.Input(name, {DataType::kF32, {}});
    g.AddState({name, role, x.id, ValueId::kNone, nullptr});
    b.Output(Emit(b, NegOp{}, {x}));
  }
  RoundTrip(g);
}

TEST(TextRoundTrip, LongListsAreBroken) {
  Graph g;
  Builder b(g);
  Var x = b.Input("a_rather_long_name_of_an_input_0", {DataType::kF32, {}});
  for (int i = 1; i < 9; ++i)
    b.Input(fmt::format("a_rather_long_name_of_an_input_{}", i), {DataType::kF32, {}});
  for (int i = 0; i < 9; ++i) x = Emit(b, NegOp{}, {x});
  b.Output(x);
  const std::string text = RoundTrip(g);
  EXPECT_THAT(text, HasSubstr("main (\n  float a_rather_long_name_of_an_input_0,\n"));
  EXPECT_THAT(text, HasSubstr("<float neg, float neg_1"));
  for (size_t at = 0, end = 0; at < text.size(); at = end + 1) {
    end = text.find('\n', at);
    EXPECT_LE(end - at, 130U);
  }
}

TEST(TextRoundTrip, LargeConstantsOutside) {
  Graph g;
  Builder b(g);
  b.Input("x", {DataType::kF32, {}});
  const float values[] = {1, 2, 3, 4};
  b.Output(b.Constant(Tensor::Of<float>({4}, values), "w"));
  b.Output(b.Constant(Tensor::Of<float>({2}, std::span<const float>(values, 2)), "small"));
  PrintOptions print;
  print.max_inline_elements = 2;
  print.external = [](const Value& v) {
    return OnnxStrings{{"location", "model.safetensors"},
                       {"offset", "64"},
                       {"length", std::to_string(v.constant->size_bytes())}};
  };
  const std::string text = PrintText(g, print);
  EXPECT_THAT(
      text,
      HasSubstr(
          "float[4] w = [\"location\": \"model.safetensors\", \"offset\": \"64\", \"length\": \"16\"]"));
  EXPECT_THAT(text, HasSubstr("float[2] small = {1, 2}"));
  EXPECT_THAT(Message(ParseText(text, TestParseOptions()).status()),
              HasSubstr("'w': the tensor's data lies in another file"));
  ParseOptions parse = TestParseOptions();
  parse.load_external = [&](const OnnxTensor& t) -> StatusOr<Tensor> {
    EXPECT_EQ(t.external[0].second, "model.safetensors");
    return Tensor::Of<float>({4}, values);
  };
  StatusOr<Graph> again = ParseText(text, parse);
  ASSERT_TRUE(again.ok()) << Message(again.status());
  std::string why;
  EXPECT_TRUE(Equal(g, *again, &why)) << why;
}

TEST(TextRoundTrip, Comments) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {}});
  b.Output(Emit(b, NegOp{}, {x}));
  PrintOptions print;
  print.comment = [](NodeId id) { return fmt::format("offset {}\nand more", 64 + static_cast<int>(id)); };
  const std::string text = RoundTrip(g, print);
  EXPECT_THAT(text, HasSubstr("neg = Neg(x)  # offset 64 and more\n"));
}

TEST(TextRoundTrip, WithoutTypesAndBodies) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {3}});
  b.Output(Emit(b, NegOp{}, {Emit(b, KindsOp{}, {x})}));
  PrintOptions print;
  print.bodies = print.types = false;
  const std::string text = RoundTrip(g, print);
  EXPECT_THAT(text, Not(HasSubstr("domain: \"weft\"")));
  EXPECT_THAT(text, Not(HasSubstr("<float[3] kinds>")));
}

}  // namespace
}  // namespace weft
