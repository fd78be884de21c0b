// What Verify must find: each sound graph is broken in one way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/builder.h"
#include "tests/ir/test_ops.h"

namespace weft {
namespace {

using testing::HasSubstr;
using namespace test;  // NOLINT: the test operators

const TensorType kType{DataType::kF32, {2}};

struct Parts {
  Graph g;
  ValueId x, w, a, y;
  NodeId first, second;
};

Parts Sound() {
  Parts p;
  Builder b(p.g);
  const Var x = b.Input("x", kType), w = b.Input("w", kType);
  const Var a = Emit(b, AddOp{}, {x, w});
  const Var y = Emit(b, NegOp{}, {a});
  b.Output(y, "y");
  p.x = x.id, p.w = w.id, p.a = a.id, p.y = y.id;
  p.first = p.g.value(a.id).producer, p.second = p.g.value(y.id).producer;
  p.g.AddState({"w", StateRole::kParameter, w.id, a.id, nullptr});
  return p;
}

template <class Break>
std::string Broken(Break change) {
  Parts p = Sound();
  const Status before = Verify(p.g);
  EXPECT_TRUE(before.ok()) << Message(before);
  change(p);
  return Message(Verify(p.g));
}

TEST(Verify, Order) {
  EXPECT_THAT(Broken([](Parts& p) { p.g.MoveBefore(p.second, p.first); }),
              HasSubstr("Neg 'y': operand 0 ('add') is not defined before it (a cycle, or out of order)"));
}

TEST(Verify, Cycle) {
  EXPECT_THAT(Broken([](Parts& p) { p.g.SetOperand(p.first, 0, p.y); }),
              HasSubstr("operand 0 ('y') is not defined before it"));
}

TEST(Verify, Types) {
  EXPECT_THAT(Broken([](Parts& p) {
                p.g.SetType(p.a, {DataType::kF32, {3}});
              }),
              HasSubstr("Add 'add': output 'add' is f32[3], expected f32[2]"));
  EXPECT_THAT(Broken([](Parts& p) {
                p.g.SetType(p.x, {DataType::kF32, {3}});
              }),
              HasSubstr("Add 'add': y is f32[2], expected f32[3]"));
}

TEST(Verify, Outputs) {
  EXPECT_THAT(Broken([](Parts& p) { p.g.SetOutputs({p.y, p.y}); }), HasSubstr("'y' is an output twice"));
  EXPECT_THAT(Broken([](Parts& p) { p.g.SetOutputs({ValueId{77}}); }),
              HasSubstr("graph output 77 is not defined"));
  EXPECT_THAT(Broken([](Parts& p) { p.g.SetOutputs({ValueId::kNone}); }),
              HasSubstr("graph output -1 is not defined"));
}

TEST(Verify, Operands) {
  EXPECT_THAT(Broken([](Parts& p) { p.g.SetOperand(p.first, 1, ValueId::kNone); }),
              HasSubstr("Add 'add': input 1 ('B') is missing"));
}

TEST(Verify, States) {
  EXPECT_THAT(Broken([](Parts& p) { p.g.mutable_states()[0].value = p.a; }),
              HasSubstr("state 'w' is not an input of the graph"));
  EXPECT_THAT(Broken([](Parts& p) { p.g.mutable_states()[0].next = ValueId{99}; }),
              HasSubstr("its next value is not defined"));
  EXPECT_THAT(Broken([](Parts& p) {
                p.g.AddState({"w", StateRole::kBuffer, p.x, ValueId::kNone, nullptr});
              }),
              HasSubstr("two states are called 'w'"));
  EXPECT_THAT(Broken([](Parts& p) {
                p.g.AddState({"v", StateRole::kBuffer, p.w, ValueId::kNone, nullptr});
              }),
              HasSubstr("state 'v' shares its input with another"));
  EXPECT_THAT(Broken([](Parts& p) {
                p.g.AddState({"v", StateRole::kBuffer, p.x, p.a, nullptr});
              }),
              HasSubstr("state 'v' shares its next value with another"));
  EXPECT_THAT(Broken([](Parts& p) {
                const ValueId v = p.g.AddInput("v", {DataType::kF64, {2}});
                p.g.AddState({"v", StateRole::kBuffer, v, p.y, nullptr});
              }),
              HasSubstr("state 'v' is f64[2], its next value 'y' is f32[2]"));
}

TEST(Verify, ANodeWithoutItsOutput) {
  Graph g;
  const ValueId x = g.AddInput("x", kType);
  g.AddNode(NegOp::def, std::make_shared<NegOp>(), {x}, {});
  EXPECT_THAT(Message(Verify(g)), HasSubstr("output 0 is missing"));
}

TEST(Verify, MoreOutputsThanTheOperatorHas) {
  Graph g;
  const ValueId x = g.AddInput("x", kType);
  g.AddNode(NegOp::def, std::make_shared<NegOp>(), {x}, {{"y", kType}, {"z", kType}});
  EXPECT_THAT(Message(Verify(g)), HasSubstr("has 2 outputs, expected at most 1"));
}

}  // namespace
}  // namespace weft
