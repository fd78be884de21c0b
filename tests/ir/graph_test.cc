// Editing a graph: ids, use lists, names and order after each step.
#include "ir/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/equal.h"
#include "ir/text_printer.h"
#include "tests/ir/test_ops.h"

namespace weft {
namespace {

using testing::ElementsAre;
using namespace test;  // NOLINT: the test operators

const TensorType kType{DataType::kF32, {2}};

// x -> neg a -> neg b (output y), and c = a + x
class GraphTest : public testing::Test {
 protected:
  GraphTest() : b_(g_) {
    x_ = b_.Input("x", kType);
    a_ = Emit(b_, NegOp{}, {x_});
    y_ = Emit(b_, NegOp{}, {a_});
    c_ = Emit(b_, AddOp{}, {a_, x_});
    b_.Output(y_, "y");
  }
  void ExpectSound() {
    const Status s = Verify(g_);
    EXPECT_TRUE(s.ok()) << Message(s);
  }
  std::vector<std::string> Order() const {
    std::vector<std::string> names;
    for (NodeId id : g_.NodeIds()) names.push_back(g_.value(g_.node(id).outputs[0]).name);
    return names;
  }
  NodeId Producer(Var v) const { return g_.value(v.id).producer; }

  Graph g_;
  Builder b_;
  Var x_, a_, y_, c_;
};

TEST_F(GraphTest, Reading) {
  EXPECT_THAT(Order(), ElementsAre("neg", "y", "add"));
  EXPECT_EQ(g_.num_nodes(), 3);
  EXPECT_EQ(g_.Find("y"), y_.id);
  EXPECT_EQ(g_.Find("neg_1"), ValueId::kNone);  // renamed
  EXPECT_EQ(g_.value(a_.id).uses.size(), 2U);
  EXPECT_TRUE(g_.IsOutput(y_.id));
  EXPECT_FALSE(g_.IsOutput(a_.id));
  EXPECT_EQ(g_.Describe(Producer(y_)), "Neg 'y'");
  g_.SetScope(Producer(y_), "blocks.1");
  EXPECT_EQ(g_.Describe(Producer(y_)), "Neg 'blocks.1'");
  ExpectSound();
}

TEST_F(GraphTest, UniqueNames) {
  EXPECT_EQ(g_.UniqueName("new"), "new");
  const std::string fresh = g_.UniqueName("neg");
  EXPECT_EQ(g_.Find(fresh), ValueId::kNone);
  EXPECT_EQ(fresh.substr(0, 4), "neg_");
  g_.AddInput(fresh, kType);
  EXPECT_NE(g_.UniqueName("neg"), fresh);
  g_.Rename(x_.id, "z");
  EXPECT_EQ(g_.Find("x"), ValueId::kNone);
  EXPECT_EQ(g_.Find("z"), x_.id);
  EXPECT_EQ(g_.UniqueName("x"), "x");
  ExpectSound();
}

TEST_F(GraphTest, OperandsAndUses) {
  g_.SetOperand(Producer(c_), 1, a_.id);
  EXPECT_EQ(g_.value(a_.id).uses.size(), 3U);
  EXPECT_EQ(g_.value(x_.id).uses.size(), 1U);
  ExpectSound();
  g_.SetOperand(Producer(c_), 1, a_.id);  // nothing to do
  EXPECT_EQ(g_.value(a_.id).uses.size(), 3U);
}

TEST_F(GraphTest, ReplaceAllUses) {
  EXPECT_TRUE(g_.ReplaceAllUses(a_.id, x_.id));
  EXPECT_TRUE(g_.value(a_.id).uses.empty());
  EXPECT_EQ(g_.value(x_.id).uses.size(), 4U);
  g_.EraseNode(Producer(a_));
  EXPECT_THAT(Order(), ElementsAre("y", "add"));
  ExpectSound();
}

TEST_F(GraphTest, ReplacingAnOutputPassesItsNameOn) {
  EXPECT_TRUE(g_.ReplaceAllUses(y_.id, c_.id));
  EXPECT_EQ(g_.value(c_.id).name, "y");
  EXPECT_THAT(g_.outputs(), ElementsAre(c_.id));
  g_.EraseNode(Producer(y_));
  ExpectSound();
}

TEST_F(GraphTest, WhatCannotTakeAnOutputsPlace) {
  const ValueId constant = g_.AddConstant("c", Tensor::Zeros(DataType::kF32, {2}));
  b_.Output(c_);
  const std::string before = PrintText(g_);
  EXPECT_FALSE(g_.ReplaceAllUses(y_.id, x_.id));
  EXPECT_FALSE(g_.ReplaceAllUses(y_.id, constant));
  EXPECT_FALSE(g_.ReplaceAllUses(y_.id, c_.id));
  EXPECT_EQ(PrintText(g_), before);
  EXPECT_TRUE(g_.ReplaceAllUses(y_.id, y_.id));
}

TEST_F(GraphTest, NextValuesAreReplacedToo) {
  g_.AddState({"w", StateRole::kParameter, x_.id, c_.id, nullptr});
  EXPECT_TRUE(g_.IsOutput(c_.id));
  EXPECT_FALSE(g_.ReplaceAllUses(c_.id, x_.id));
  EXPECT_TRUE(g_.ReplaceAllUses(c_.id, a_.id));
  EXPECT_EQ(g_.states()[0].next, a_.id);
  EXPECT_EQ(g_.value(a_.id).name, "neg");  // only results of the graph pass names on
  EXPECT_EQ(g_.FindState(x_.id)->name, "w");
  EXPECT_EQ(g_.FindStateByName("w")->value, x_.id);
  EXPECT_EQ(g_.FindStateByName("v"), nullptr);
  ExpectSound();
}

TEST_F(GraphTest, Order) {
  g_.MoveBefore(Producer(c_), Producer(y_));
  EXPECT_THAT(Order(), ElementsAre("neg", "add", "y"));
  g_.MoveBefore(Producer(c_), NodeId::kNone);
  EXPECT_THAT(Order(), ElementsAre("neg", "y", "add"));
  g_.MoveBefore(Producer(c_), Producer(c_));
  EXPECT_THAT(Order(), ElementsAre("neg", "y", "add"));
  ExpectSound();
  g_.MoveBefore(Producer(c_), Producer(a_));
  EXPECT_FALSE(Verify(g_).ok());  // before its operand
}

TEST_F(GraphTest, NodesBeforeOthers) {
  Builder before(g_, Producer(y_));
  Var n = Emit(before, NegOp{}, {x_});
  EXPECT_THAT(Order(), ElementsAre("neg", n.name(), "y", "add"));
  g_.EraseNode(Producer(n));
  g_.EraseNode(Producer(c_));
  EXPECT_THAT(Order(), ElementsAre("neg", "y"));
  EXPECT_EQ(g_.num_nodes(), 2);
  EXPECT_EQ(g_.Find("add"), ValueId::kNone);
  ExpectSound();
}

TEST_F(GraphTest, OptionalOutputs) {
  Var d = b_.EmitMany(DropoutOp{}, {x_}, 0)[0];
  const NodeId id = Producer(d);
  EXPECT_EQ(g_.node(id).outputs.size(), 1U);
  const ValueId mask = g_.EnableOutput(id, 1, "mask", {DataType::kBool, {2}});
  EXPECT_EQ(g_.EnableOutput(id, 1, "other", {DataType::kBool, {2}}), mask);
  EXPECT_EQ(g_.value(mask).index, 1);
  ExpectSound();
  g_.DropOutput(id, 1);
  EXPECT_EQ(g_.node(id).outputs.size(), 1U);
  EXPECT_EQ(g_.Find("mask"), ValueId::kNone);
  ExpectSound();
}

TEST_F(GraphTest, ConstantsInputsAndStatesGo) {
  g_.AddConstant("unused", Tensor::Zeros(DataType::kF32, {2}));
  const ValueId used = g_.AddConstant("used", Tensor::Zeros(DataType::kF32, {2}));
  g_.SetOperand(Producer(c_), 1, used);
  EXPECT_EQ(g_.ConstantIds().size(), 2U);
  g_.EraseUnusedConstants();
  EXPECT_THAT(g_.ConstantIds(), ElementsAre(used));
  const ValueId extra = g_.AddInput("extra", kType), w = g_.AddInput("w", kType);
  g_.AddState({"w", StateRole::kParameter, w, ValueId::kNone, nullptr});
  g_.EraseInput(extra);
  g_.EraseState(0);
  EXPECT_THAT(g_.inputs(), ElementsAre(x_.id));
  EXPECT_TRUE(g_.states().empty());
  ExpectSound();
}

TEST_F(GraphTest, CopiesAreIndependent) {
  Graph copy = g_;
  copy.EraseNode(copy.value(c_.id).producer);
  EXPECT_EQ(copy.num_nodes(), 2);
  EXPECT_EQ(g_.num_nodes(), 3);
  std::string why;
  EXPECT_FALSE(Equal(g_, copy, &why));
  EXPECT_EQ(why, "3 nodes, 2");
  ExpectSound();
}

TEST(GraphNames, RolesAndPhases) {
  StateRole role = StateRole::kParameter;
  EXPECT_TRUE(FromName("cache", &role));
  EXPECT_EQ(role, StateRole::kCache);
  EXPECT_FALSE(FromName("cash", &role));
  EXPECT_EQ(Name(Phase::kBackward), "backward");
}

// Each difference is seen, and named.
TEST(GraphEqual, Differences) {
  const auto make = [](auto change) {
    Graph g;
    Builder b(g);
    Var x = b.Input("x", kType), w = b.Input("w", kType);
    b.set_scope("s");
    Var y = Emit(b, AddOp{}, {x, w});
    b.Output(y);
    b.Constant(Tensor::Scalar<float>(1), "c");
    g.AddState({"w", StateRole::kParameter, w.id, ValueId::kNone, nullptr});
    change(g, g.value(y.id).producer);
    return g;
  };
  const auto why = [&](auto change) {
    std::string text;
    EXPECT_FALSE(Equal(make([](Graph&, NodeId) {}), make(change), &text));
    return text;
  };
  EXPECT_TRUE(Equal(make([](Graph&, NodeId) {}), make([](Graph&, NodeId) {})));
  EXPECT_EQ(why([](Graph& g, NodeId) { g.name = "other"; }), "the graphs are called 'main', 'other'");
  EXPECT_EQ(why([](Graph& g, NodeId) { g.symbol_bounds["n"] = 1; }), "the bounds of symbols differ");
  EXPECT_EQ(why([](Graph& g, NodeId) { g.Rename(g.Find("x"), "z"); }), "input 0 is 'x', 'z'");
  EXPECT_EQ(why([](Graph& g, NodeId) {
              g.SetType(g.Find("x"), {DataType::kF64, {2}});
            }),
            "input 'x' is f32[2], f64[2]");
  EXPECT_EQ(why([](Graph& g, NodeId n) { g.SetScope(n, "t"); }), "node 0, Add 's': scope 's', 't'");
  EXPECT_EQ(why([](Graph& g, NodeId n) { g.SetPhase(n, Phase::kBackward); }),
            "node 0, Add 's': phase forward, backward");
  EXPECT_EQ(why([](Graph& g, NodeId n) { g.SetClone(n, 1); }), "node 0, Add 's': clone 0, 1");
  EXPECT_EQ(why([](Graph& g, NodeId n) { g.SetOperand(n, 0, g.Find("w")); }),
            "node 0, Add 's': operand 0 is 'x', 'w'");
  EXPECT_EQ(why([](Graph& g, NodeId) { g.SetOutputs({}); }), "1 outputs, 0");
  EXPECT_EQ(why([](Graph& g, NodeId) { g.EraseUnusedConstants(); }), "1 constants, 0");
  EXPECT_EQ(why([](Graph& g, NodeId) { g.mutable_states()[0].role = StateRole::kBuffer; }),
            "state 'w': role, value, next or initial value differ");
  EXPECT_EQ(why([](Graph& g, NodeId) {
              g.EraseUnusedConstants();
              g.AddConstant("c", Tensor::Scalar<float>(2));
            }),
            "the values of constant 'c' differ");
}

}  // namespace
}  // namespace weft
