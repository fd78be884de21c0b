// Emitting nodes: names, scopes, types, and the first error that sticks.
#include "ir/builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/gradient.h"
#include "tests/ir/test_ops.h"

namespace weft {
namespace {

using testing::HasSubstr;
using namespace test;  // NOLINT: the test operators

TEST(Builder, NamesScopesAndPhases) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {Dim::Symbol("n"), 3}});
  EXPECT_EQ(Emit(b, NegOp{}, {x}).name(), "neg");
  EXPECT_EQ(Emit(b, NegOp{}, {x}).name(), "neg_1");
  {
    ScopeGuard outer(b, "blocks");
    ScopeGuard inner(b, "0");
    b.set_phase(Phase::kBackward);
    Var y = Emit(b, NegOp{}, {x});
    EXPECT_EQ(y.name(), "blocks.0.neg");
    EXPECT_EQ(g.node(g.value(y.id).producer).scope, "blocks.0");
    EXPECT_EQ(g.node(g.value(y.id).producer).phase, Phase::kBackward);
    b.NameNext("q");
    EXPECT_EQ(Emit(b, NegOp{}, {x}).name(), "blocks.0.q");
    EXPECT_EQ(Emit(b, NegOp{}, {x}).name(), "blocks.0.neg_1");
  }
  EXPECT_EQ(b.scope(), "");
  const int64_t stream = b.NextStream();
  EXPECT_EQ(b.NextStream(), stream + 1);
}

TEST(Builder, Vars) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF16, {Dim::Symbol("n"), 3}});
  EXPECT_EQ(x.rank(), 2);
  EXPECT_EQ(x.dim(-1), Dim(3));
  EXPECT_EQ(x.dim(0), Dim::Symbol("n"));
  EXPECT_EQ(x.dtype(), DataType::kF16);
  EXPECT_TRUE(b.status().ok());
  EXPECT_EQ(x.dim(2), Dim(1));
  EXPECT_THAT(Message(b.status()), HasSubstr("'x' f16[n, 3] has no dimension 2"));
  EXPECT_FALSE(Var().valid());
  EXPECT_EQ(Var().rank(), 0);
  EXPECT_EQ(Var().name(), "(absent)");
}

TEST(Builder, Constants) {
  Graph g;
  Builder b(g);
  Var c = b.Scalar(1.5, DataType::kBF16);
  EXPECT_EQ(c.type().ToString(), "bf16[]");
  EXPECT_EQ(ElementAsDouble(*g.value(c.id).constant, 0), 1.5);
  EXPECT_EQ(c.name(), "constant");
  EXPECT_EQ(b.Constant(Tensor::Scalar<int64_t>(1)).name(), "constant_1");
}

TEST(Builder, Outputs) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {3}});
  std::vector<Var> none = b.EmitMany(DropoutOp{}, {x}, 0), both = b.EmitMany(DropoutOp{}, {x}, 2);
  ASSERT_EQ(none.size(), 2U);
  EXPECT_FALSE(none[1].valid());
  EXPECT_EQ(both[1].name(), "dropout_1.mask");
  const std::vector<Var> parts = b.EmitMany(SplitOp{{1, 1, 1}, 0}, {x}, 0);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[2].type().ToString(), "f32[1]");
  b.Output(both[1], "mask");
  EXPECT_EQ(both[1].name(), "mask");
  b.Output(none[0], "mask");
  EXPECT_THAT(Message(b.status()), HasSubstr("output 'mask': another value has that name"));
}

TEST(Builder, TrailingAbsentOperandsAreLeftOut) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {3}});
  Var y = b.EmitMany(DropoutOp{}, {x, Var{}}, 0)[0];
  EXPECT_EQ(g.node(g.value(y.id).producer).inputs.size(), 1U);
}

TEST(Builder, TheFirstErrorSticks) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {3}}), y = b.Input("y", {DataType::kF32, {4}});
  b.set_scope("blocks.3");
  Var bad = Emit(b, AddOp{}, {x, y});
  EXPECT_FALSE(bad.valid());
  EXPECT_EQ(Message(b.status()), "Add 'blocks.3': y is f32[4], expected f32[3]");
  const int nodes = g.num_nodes();
  EXPECT_FALSE(Emit(b, NegOp{}, {x}).valid());  // nothing is emitted any more
  EXPECT_EQ(g.num_nodes(), nodes);
  b.SetError(InvalidArgument("a second one"));
  EXPECT_EQ(Message(b.status()), "Add 'blocks.3': y is f32[4], expected f32[3]");
}

TEST(Builder, Arity) {
  const auto error = [](std::initializer_list<int> present, const OpDef& op) {
    Graph g;
    Builder b(g);
    Var x = b.Input("x", {DataType::kF32, {3}});
    std::vector<Var> inputs;
    for (int p : present) inputs.push_back(p ? x : Var{});
    b.EmitAll(op, op.attributes.make(), inputs);
    return Message(b.status());
  };
  EXPECT_EQ(error({}, NegOp::def), "Neg 'neg': input 0 ('X') is missing");
  EXPECT_EQ(error({1, 1}, NegOp::def), "Neg 'neg': has 2 inputs, expected at most 1");
  EXPECT_EQ(error({0, 1}, AddOp::def), "Add 'add': input 0 ('A') is missing");
  EXPECT_EQ(error({1, 0, 1}, ConcatOp::def), "Concat 'concat': input 1 is missing");
  EXPECT_EQ(error({1, 1, 1}, ConcatOp::def), "");
}

TEST(Builder, SnakeCase) {
  EXPECT_EQ(SnakeCase("RMSNormalization"), "rms_normalization");
  EXPECT_EQ(SnakeCase("MatMul"), "mat_mul");
  EXPECT_EQ(SnakeCase("AdamW"), "adam_w");
  EXPECT_EQ(SnakeCase("Neg"), "neg");
  EXPECT_EQ(SnakeCase(""), "");
}

TEST(Builder, Decompose) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {3}});
  Var y = b.EmitMany(NormOp{}, {x}, 2)[0];
  const NodeTypes types = g.TypesOf(g.value(y.id).producer);
  const std::vector<Var> body = Decompose(b, types, std::vector<Var>{x});
  ASSERT_EQ(body.size(), 2U);
  EXPECT_EQ(g.node(g.value(body[0].id).producer).op, &NegOp::def);
  EXPECT_EQ(g.node(g.value(body[0].id).producer).inputs[0], body[1].id);
}

TEST(GradientContext, SavedOutputsComeIntoBeing) {
  Graph g;
  Builder b(g);
  Var x = b.Input("x", {DataType::kF32, {3}});
  Var y = b.EmitMany(NormOp{}, {x}, 0)[0];
  const NodeId node = g.value(y.id).producer;
  GradientContext context(b, node, {y}, {true});
  EXPECT_FALSE(context.output(1).valid());
  const Var saved = context.saved(1);
  EXPECT_EQ(saved.name(), "softmax.Saved");
  EXPECT_EQ(context.saved(1).id, saved.id);
  EXPECT_TRUE(context.wants(0));
  EXPECT_FALSE(context.wants(1));
  EXPECT_FALSE(context.input(1).valid());
  EXPECT_TRUE(Verify(g).ok());
  context.set(0, b.Input("wrong", {DataType::kF32, {4}}));
  EXPECT_THAT(Message(b.status()), HasSubstr("the gradient of input 0 is f32[4], expected f32[3]"));
}

}  // namespace
}  // namespace weft
