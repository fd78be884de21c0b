// Programs run: results, states kept between runs, errors that name step and node.
#include "runtime/executor/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "compiler/compile.h"
#include "runtime/executor/session.h"
#include "tests/compiler/test_ops/test_ops.h"

namespace weft::test {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsNull;

Tensor Floats(Shape shape, std::vector<float> values) {
  return Tensor::Of<float>(std::move(shape), std::span<const float>(values));
}
std::vector<float> Values(const Tensor& t) { return {t.as<float>().begin(), t.as<float>().end()}; }

Program MustCompile(const Graph& graph, std::string name = "test") {
  StatusOr<Program> program = CompileBound(graph, TestTarget(), {.name = std::move(name)});
  EXPECT_TRUE(program.ok()) << Message(program.status());
  return *std::move(program);
}
Executor& Add(Session& session, std::string_view key, const Graph& graph) {
  const StatusOr<Executor*> executor = session.AddProgram(key, MustCompile(graph, std::string(key)));
  EXPECT_TRUE(executor.ok()) << Message(executor.status());
  return **executor;
}
std::vector<float> OutputOf(const Executor& e, std::string_view name) {
  const StatusOr<Tensor> out = e.Output(name);
  EXPECT_TRUE(out.ok()) << Message(out.status());
  return Values(*out);
}

TEST(ExecutorTest, ViewsInPlaceAndWorkspaces) {
  Model m;
  Var x = m.Op(Scale{.factor = 10}, {m.In("in", {2, 4})}, "x");
  std::vector<Var> halves = m.b.EmitMany(Halves{}, {x}, 0);
  Var sum = m.Op(AddTo{}, {halves[0], halves[1]}, "sum");
  m.b.Output(m.Op(Scale{.factor = -1}, {sum}, "y"));
  m.b.Output(m.Op(SumAll{}, {m.Op(Block{.row = 1, .column = 1, .rows = 1, .columns = 2}, {x})}, "part"));
  Session session;
  Executor& e = Add(session, "p", m.graph);
  ASSERT_TRUE(e.SetInput("in", Floats({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})).ok());
  for (int run = 0; run < 2; ++run) {
    ASSERT_TRUE(e.Run().ok());
    EXPECT_THAT(OutputOf(e, "y"), ElementsAre(-40, -60, -120, -140));
    EXPECT_THAT(OutputOf(e, "part"), ElementsAre(130));
  }
}

TEST(ExecutorTest, StatesAreKeptBetweenRunsAndSharedByPrograms) {
  Model train;
  Var w = train.Param("w", {2});
  train.Next(w, train.Op(Step{}, {w, train.In("g", {2})}, "next"));
  train.b.Output(train.Op(Scale{.factor = 1}, {w}, "before"));
  Model eval;
  eval.b.Output(eval.Op(Scale{.factor = 100}, {eval.Param("w", {2})}, "y"));
  Session session;
  Executor& t = Add(session, "train", train.graph);
  Executor& v = Add(session, "eval", eval.graph);
  ASSERT_TRUE(session.SetState("w", Floats({2}, {5, 6})).ok());
  ASSERT_TRUE(t.SetInput("g", Floats({2}, {1, 2})).ok());
  ASSERT_TRUE(t.Run().ok());
  EXPECT_THAT(OutputOf(t, "before"), ElementsAre(5, 6));
  ASSERT_TRUE(t.Run().ok());
  EXPECT_THAT(OutputOf(t, "before"), ElementsAre(4, 4));
  ASSERT_TRUE(v.Run().ok());
  EXPECT_THAT(OutputOf(v, "y"), ElementsAre(300, 200));
  EXPECT_THAT(Values(session.FindState("w")->tensor()), ElementsAre(3, 2));
}

TEST(ExecutorTest, TwoStatesTradePlaces) {
  Model m;
  Var a = m.Param("a", {1}), b = m.Param("b", {1});
  m.Next(a, b);
  m.Next(b, a);
  Session session;
  Executor& e = Add(session, "swap", m.graph);
  ASSERT_TRUE(session.SetState("a", Floats({1}, {1})).ok());
  ASSERT_TRUE(session.SetState("b", Floats({1}, {2})).ok());
  ASSERT_TRUE(e.Run().ok());
  EXPECT_THAT(Values(session.FindState("a")->tensor()), ElementsAre(2));
  EXPECT_THAT(Values(session.FindState("b")->tensor()), ElementsAre(1));
}

TEST(ExecutorTest, ReaderOfBothValuesGetsBoth) {
  Model m;
  Var w = m.Param("w", {1});
  Var next = m.Op(Step{}, {w, m.In("g", {1})}, "next");
  m.Next(w, next);
  m.b.Output(m.Op(Step{}, {w, next}, "difference"));
  Session session;
  Executor& e = Add(session, "p", m.graph);
  ASSERT_TRUE(session.SetState("w", Floats({1}, {10})).ok());
  ASSERT_TRUE(e.SetInput("g", Floats({1}, {3})).ok());
  ASSERT_TRUE(e.Run().ok());
  EXPECT_THAT(OutputOf(e, "difference"), ElementsAre(3));
  EXPECT_THAT(Values(session.FindState("w")->tensor()), ElementsAre(7));
}

TEST(ExecutorTest, ArenaGrowsWithTheLargestProgram) {
  Session session;
  for (int64_t n : {int64_t{4}, int64_t{400000}, int64_t{40}}) {
    Model m;
    m.b.Output(m.Op(SumAll{}, {m.Op(Dense{}, {m.In("in", {n})})}, "sum"));
    Executor& e = Add(session, fmt::format("n{}", n), m.graph);
    ASSERT_TRUE(e.SetInput("in", Floats({n}, std::vector<float>(static_cast<size_t>(n), 1))).ok());
  }
  EXPECT_GE(session.arena_bytes(), 2 * 1600000);
  for (const char* key : {"n4", "n400000", "n40"}) {
    Executor* e = session.FindProgram(key);
    ASSERT_TRUE(e->Run().ok());
    EXPECT_EQ(OutputOf(*e, "sum")[0], std::atof(key + 1));
  }
  EXPECT_THAT(session.FindProgram("other"), IsNull());
}

TEST(ExecutorTest, InputsAreCopiedBoundOrFilledInPlace) {
  Model m;
  m.b.Output(m.Op(Scale{.factor = 2}, {m.In("in", {2})}, "y"));
  Session session;
  Executor& e = Add(session, "p", m.graph);
  EXPECT_THAT(Message(e.Run()), HasSubstr("input 'in' f32[2] of program 'p' was not given"));
  Tensor x = Floats({2}, {1, 2});
  ASSERT_TRUE(e.BindInput("in", x).ok());
  x.as_mutable<float>()[0] = 7;
  ASSERT_TRUE(e.Run().ok());
  EXPECT_THAT(OutputOf(e, "y"), ElementsAre(14, 4));
  ASSERT_TRUE(e.SetInput("in", Floats({2}, {3, 3})).ok());
  ASSERT_TRUE(e.Run().ok());
  EXPECT_THAT(OutputOf(e, "y"), ElementsAre(6, 6));
  const StatusOr<std::byte*> buffer = e.InputBuffer("in");
  ASSERT_TRUE(buffer.ok());
  reinterpret_cast<float*>(*buffer)[1] = 4;
  ASSERT_TRUE(e.Run().ok());
  EXPECT_THAT(OutputOf(e, "y"), ElementsAre(6, 8));
}

TEST(ExecutorTest, PortsOfTheWrongTypeOrName) {
  Model m;
  m.b.Output(m.Op(Scale{}, {m.In("in", {2})}, "y"));
  Session session;
  Executor& e = Add(session, "p", m.graph);
  EXPECT_EQ(Message(e.SetInput("in", Tensor::Zeros(DataType::kF64, {2}))),
            "input 'in' of program 'p' is f64[2], expected f32[2]");
  EXPECT_EQ(Message(e.SetInput("x", Tensor::Zeros(DataType::kF32, {2}))),
            "program 'p' has no input 'x' (it has 'in')");
  EXPECT_THAT(Message(e.Output("z").status()), HasSubstr("no output 'z'"));
}

TEST(ExecutorTest, OutputsGoWhereTheyAreBound) {
  Model m;
  Var in = m.In("in", {2});
  m.b.Output(m.Op(Scale{}, {in}, "y"));
  m.b.Output(in);
  Session session;
  Executor& e = Add(session, "p", m.graph);
  Tensor mine = Tensor::Zeros(DataType::kF32, {2});
  EXPECT_TRUE(*e.BindOutput("y", static_cast<std::byte*>(mine.mutable_data())));
  EXPECT_FALSE(*e.BindOutput("in", static_cast<std::byte*>(mine.mutable_data())));
  ASSERT_TRUE(e.SetInput("in", Floats({2}, {1, 2})).ok());
  ASSERT_TRUE(e.Run().ok());
  EXPECT_THAT(Values(mine), ElementsAre(2, 4));
  EXPECT_THAT(OutputOf(e, "in"), ElementsAre(1, 2));
}

TEST(ExecutorTest, CheckedRunNamesTheFirstBadNode) {
  Model m;
  Var in = m.In("in", {2, 2});
  m.b.set_scope("blocks.3.ffn");
  Var y = m.Op(Log{}, {m.Op(Scale{}, {in}, "x")}, "y");
  m.b.set_scope("");
  m.b.Output(m.Op(SumAll{}, {y}, "sum"));
  Session session;
  Executor& e = Add(session, "train", m.graph);
  ASSERT_TRUE(e.SetInput("in", Floats({2, 2}, {1, 1, -1, 1})).ok());
  EXPECT_TRUE(e.Run(12).ok());
  EXPECT_EQ(Message(e.RunChecked(12)),
            "step 12, Log 'blocks.3.ffn' of program 'train': its output 'blocks.3.ffn.y' f32[2, 2] is NaN at "
            "[1, 0], and no operand is");
  ASSERT_TRUE(e.SetInput("in", Floats({2, 2}, {1, 0, 1, 1})).ok());
  EXPECT_THAT(Message(e.RunChecked()),
              AllOf(HasSubstr("Log 'blocks.3.ffn'"), HasSubstr("infinite at [0, 1]")));
  ASSERT_TRUE(e.SetInput("in", Floats({2, 2}, {1, 1, 1, 1})).ok());
  EXPECT_TRUE(e.RunChecked().ok());
  EXPECT_EQ(OutputOf(e, "sum")[0], 4 * std::log(2.0F));
  ASSERT_TRUE(e.SetInput("in", Floats({2, 2}, {1, 1, 1, std::nanf("")})).ok());
  EXPECT_THAT(Message(e.RunChecked()), HasSubstr("input 'in' of program 'train' already holds NaN"));
}

TEST(ExecutorTest, InfinityThatIsGivenIsNotBlamed) {  // masks are made of it
  Model m;
  m.b.Output(m.Op(Scale{}, {m.In("mask", {2})}, "y"));
  Session session;
  Executor& e = Add(session, "p", m.graph);
  const float inf = std::numeric_limits<float>::infinity();
  ASSERT_TRUE(e.SetInput("mask", Floats({2}, {0, -inf})).ok());
  EXPECT_TRUE(e.RunChecked().ok());
}

// ---- states

TEST(SessionTest, StatesHaveOneType) {
  Model two, three;
  two.b.Output(two.Op(Scale{}, {two.Param("w", {2})}, "y"));
  three.b.Output(three.Op(Scale{}, {three.Param("w", {3})}, "y"));
  Session session;
  Add(session, "two", two.graph);
  EXPECT_EQ(Message(session.AddProgram("three", MustCompile(three.graph)).status()),
            "state 'w' is f32[3], expected f32[2]");
  EXPECT_EQ(Message(session.SetState("w", Floats({3}, {1, 2, 3}))), "state 'w' is f32[3], expected f32[2]");
  EXPECT_THAT(Message(session.SetState("v", Floats({1}, {1}))), HasSubstr("no state 'v'"));
  EXPECT_THAT(Message(session.AddProgram("two", MustCompile(two.graph)).status()), HasSubstr("already"));
}

TEST(SessionTest, AValueIsMadeForThoseWhoReadIt) {
  Model eval;
  eval.b.Output(eval.Op(Scale{}, {eval.Param("w", {2})}, "y"));
  int made = 0;
  const auto make = [&made] {
    ++made;
    return Floats({2}, {1, 2});
  };
  Session session;
  for (const char* name : {"w", "unread"})
    ASSERT_TRUE(session.BindState(name, StateRole::kParameter, DataType::kF32, {2}, make).ok());
  EXPECT_THAT(Values(session.FindState("w")->tensor()), ElementsAre(1, 2));
  EXPECT_EQ(session.FindState("w")->data, nullptr);
  EXPECT_EQ(made, 1);
  Executor& e = Add(session, "eval", eval.graph);
  Add(session, "again", eval.graph);
  EXPECT_EQ(made, 2);
  ASSERT_TRUE(e.Run().ok());
  EXPECT_THAT(OutputOf(e, "y"), ElementsAre(2, 4));
  EXPECT_EQ(session.FindState("unread")->data, nullptr);
  EXPECT_THAT(Message(session.SetState("w", Floats({2}, {0, 0}))), HasSubstr("read-only"));
  EXPECT_THAT(Message(session.BindState("w", StateRole::kParameter, DataType::kF32, {2}, make)),
              HasSubstr("there is a state 'w' already"));
}

TEST(SessionTest, MappedStatesAreReadAndNeverWritten) {
  Model eval, train;
  eval.b.Output(eval.Op(Scale{}, {eval.Param("w", {2})}, "y"));
  Var w = train.Param("w", {2});
  train.Next(w, train.Op(Scale{}, {w}, "next"));
  auto bytes = std::make_shared<std::vector<float>>(std::vector<float>{1, 2});
  const Tensor mapped = Tensor::View(DataType::kF32, {2}, bytes->data(), bytes);
  Session session;
  ASSERT_TRUE(session.BindState("w", StateRole::kParameter, mapped).ok());
  Executor& e = Add(session, "eval", eval.graph);
  ASSERT_TRUE(e.Run().ok());
  EXPECT_THAT(OutputOf(e, "y"), ElementsAre(2, 4));
  EXPECT_EQ(session.FindState("w")->data, reinterpret_cast<std::byte*>(bytes->data()));
  EXPECT_THAT(Message(session.AddProgram("train", MustCompile(train.graph)).status()),
              HasSubstr("updates state 'w', which is bound read-only"));
  EXPECT_THAT(Message(session.SetState("w", Floats({2}, {0, 0}))), HasSubstr("read-only"));
  Session other;
  Add(other, "train", train.graph);
  EXPECT_THAT(Message(other.BindState("w", StateRole::kParameter, mapped)), HasSubstr("updates it"));
}

// Two states as one, side by side: "a:1+b:2".
Graph Joined(const char* name, float factor) {
  Model m;
  Var w = m.Param(name, {3, 16});
  m.Next(w, m.Op(Scale{.factor = factor}, {w}, "next"));
  return m.graph;
}
Graph Part(const char* name, int64_t rows) {
  Model m;
  m.b.Output(m.Op(Scale{.factor = 1}, {m.Param(name, {rows, 16})}, "y"));
  return m.graph;
}

TEST(SessionTest, JoinedStatesAreTheirParts) {
  Session session;
  Executor& whole = Add(session, "whole", Joined("a:1+b:2", 10));
  Executor& part = Add(session, "part", Part("b", 2));
  ASSERT_EQ(session.states().size(), 2U);
  EXPECT_EQ(session.states()[0]->name, "a");
  EXPECT_EQ(session.states()[1]->shape, (Shape{2, 16}));
  EXPECT_EQ(session.FindState("b")->data, session.FindState("a")->data + 64);
  EXPECT_EQ(session.FindState("a:1+b:2")->data, session.FindState("a")->data);
  ASSERT_TRUE(session.SetState("b", Floats({2, 16}, std::vector<float>(32, 3))).ok());
  ASSERT_TRUE(whole.Run().ok());
  ASSERT_TRUE(part.Run().ok());
  EXPECT_THAT(OutputOf(part, "y"), Each(30));
}

TEST(SessionTest, StatesThatAreThereAlreadyMoveTogether) {
  Session session;
  Executor& part = Add(session, "part", Part("b", 2));
  ASSERT_TRUE(session.SetState("b", Floats({2, 16}, std::vector<float>(32, 4))).ok());
  Executor& whole = Add(session, "whole", Joined("a:1+b:2", 2));
  ASSERT_TRUE(whole.Run().ok());
  ASSERT_TRUE(part.Run().ok());
  EXPECT_THAT(OutputOf(part, "y"), Each(8));
  ASSERT_EQ(session.states().size(), 2U);
}

TEST(SessionTest, WhatCannotBeJoinedIsRefused) {
  const auto error = [](Session& session, const Graph& graph) {
    return Message(session.AddProgram("other", MustCompile(graph)).status());
  };
  Session session;
  Add(session, "whole", Joined("a:1+b:2", 2));
  EXPECT_THAT(error(session, Joined("b:2+c:1", 2)), HasSubstr("'b' is a part of 'a:1+b:2' and of"));
  EXPECT_THAT(error(session, Part("b", 1)), HasSubstr("state 'b' is f32[1, 16], expected f32[2, 16]"));
  EXPECT_THAT(Message(session.BindState("a", StateRole::kParameter, Floats({1, 16}, std::vector<float>(16)))),
              HasSubstr("it is a part of 'a:1+b:2'"));
  Session mapped;
  ASSERT_TRUE(mapped.BindState("a", StateRole::kParameter, Floats({1, 16}, std::vector<float>(16))).ok());
  EXPECT_THAT(error(mapped, Joined("a:1+b:2", 2)), HasSubstr("'a' is bound read-only"));
  Session twice;
  Model m;
  m.b.Output(m.Op(Scale{}, {m.Param("a", {1, 16})}, "y"));
  m.b.Output(m.Op(Scale{}, {m.Param("a:1+b:2", {3, 16})}, "z"));
  EXPECT_THAT(error(twice, m.graph), HasSubstr("'a' is there alone and as a part of"));
  // A name like that is not one where the rows do not agree.
  Session plain;
  Add(plain, "plain", Joined("a:1+b:1", 2));
  EXPECT_EQ(plain.states()[0]->name, "a:1+b:1");
}

TEST(SessionTest, InitialValuesAreComputed) {
  auto init = std::make_shared<Graph>();
  {
    Builder b(*init);
    b.Input("seed", {DataType::kI64, {}});
    const float ones[] = {1, 1};
    b.Output(b.Emit(Scale{.factor = 3}, {b.Constant(Tensor::Of<float>({2}, ones))}), "y");
  }
  auto constant = std::make_shared<Graph>();
  {
    Builder b(*constant);
    const float values[] = {8, 9};
    b.Output(b.Constant(Tensor::Of<float>({2}, values)), "y");
  }
  Model m;
  m.b.Output(m.Op(AddTo{}, {m.Param("a", {2}), m.Param("b", {2})}, "y"));
  m.Param("zero", {2});
  m.graph.mutable_states()[0].init = init;
  m.graph.mutable_states()[1].init = constant;
  Session session;
  const Status status = session.RunInit(
      m.graph,
      [](const Graph& g, const std::string& name) { return CompileBound(g, TestTarget(), {.name = name}); },
      42);
  ASSERT_TRUE(status.ok()) << Message(status);
  EXPECT_THAT(Values(session.FindState("a")->tensor()), ElementsAre(3, 3));
  EXPECT_THAT(Values(session.FindState("b")->tensor()), ElementsAre(8, 9));
  EXPECT_THAT(Values(session.FindState("zero")->tensor()), ElementsAre(0, 0));
}

}  // namespace
}  // namespace weft::test
