// Whose bytes each value lives in: views, in-place pairs, states' next values, copies where there must be
// one.
#include "compiler/place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/compile.h"
#include "ops/concat/op.h"
#include "tests/compiler/test_ops/test_ops.h"

namespace weft::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Program MustCompile(Model& m, const Target& target = TestTarget()) {
  EXPECT_TRUE(m.b.status().ok()) << Message(m.b.status());
  StatusOr<Program> program = CompileBound(m.graph, target);
  EXPECT_TRUE(program.ok()) << Message(program.status());
  return *std::move(program);
}

// The operand of a value where the call that produces it (a view's too) puts it.
const CallOperand& PlaceOf(const Program& p, std::string_view name) {
  for (const Call& call : p.calls) {
    for (const CallOperand& o : call.outputs) {
      if (o.value != ValueId::kNone && p.graph.value(o.value).name == name) return o;
    }
  }
  ADD_FAILURE() << "no call makes '" << name << "'";
  static const CallOperand kNone;
  return kNone;
}
const Call& CallOf(const Program& p, std::string_view name) {
  for (const Call& call : p.calls) {
    for (const CallOperand& o : call.outputs) {
      if (o.value != ValueId::kNone && p.graph.value(o.value).name == name) return call;
    }
  }
  ADD_FAILURE() << "no call makes '" << name << "'";
  return p.calls.front();
}

TEST(PlaceTest, SliceIsAViewWithOffsetAndPitch) {
  Model m;
  Var x = m.Op(Scale{}, {m.In("in", {4, 6})}, "x");
  Var y = m.Op(Block{.row = 1, .column = 2, .rows = 2, .columns = 3}, {x}, "y");
  m.b.Output(m.Op(SumAll{}, {y}), "sum");
  const Program p = MustCompile(m);
  EXPECT_TRUE(CallOf(p, "y").is_view);
  EXPECT_EQ(PlaceOf(p, "y").storage, PlaceOf(p, "x").storage);
  EXPECT_EQ(PlaceOf(p, "y").offset, (1 * 6 + 2) * 4);
  EXPECT_EQ(PlaceOf(p, "y").operand.pitch, 6);
}

TEST(PlaceTest, ViewOfAViewAndReshapeThatKeepsRows) {
  Model m;
  Var x = m.Op(Scale{}, {m.In("in", {4, 6})}, "x");
  Var half = m.Op(Block{.column = 3, .rows = 4, .columns = 3}, {x}, "half");
  Var shaped = m.Op(Shaped{.shape = {2, 2, 3}}, {half}, "shaped");
  m.b.Output(m.Op(SumAll{}, {shaped}), "sum");
  const Program p = MustCompile(m);
  EXPECT_TRUE(CallOf(p, "shaped").is_view);
  EXPECT_EQ(PlaceOf(p, "shaped").offset, 12);
  EXPECT_EQ(PlaceOf(p, "shaped").operand.pitch, 6);
}

TEST(PlaceTest, ReshapeAcrossPitchedRowsIsNoView) {
  Model m;
  Var x = m.Op(Scale{}, {m.In("in", {4, 6})}, "x");
  Var half = m.Op(Block{.column = 3, .rows = 4, .columns = 3}, {x}, "half");
  Var shaped = m.Op(Shaped{.shape = {12}}, {half}, "shaped");
  m.b.Output(m.Op(SumAll{}, {shaped}), "sum");
  const Program p = MustCompile(m);
  EXPECT_TRUE(CallOf(p, "half").is_view);
  EXPECT_FALSE(CallOf(p, "shaped").is_view);
}

TEST(PlaceTest, ViewNotTakenWhereAReaderNeedsAdjacentRows) {
  Model m;
  Var x = m.Op(Scale{}, {m.In("in", {4, 6})}, "x");
  std::vector<Var> halves = m.b.EmitMany(Halves{}, {x}, 0);
  m.b.Output(m.Op(SumAll{}, {halves[0]}), "sum");
  m.b.Output(m.Op(Dense{}, {halves[1]}), "dense");
  const Program p = MustCompile(m);
  for (const Call& call : p.calls) EXPECT_FALSE(call.is_view);
}

TEST(PlaceTest, RowsThatAreAdjacentNeedNoReadersConsent) {
  Model m;
  Var x = m.Op(Scale{}, {m.In("in", {4, 6})}, "x");
  Var rows = m.Op(Block{.row = 2, .rows = 2, .columns = 6}, {x}, "rows");
  m.b.Output(m.Op(Dense{}, {rows}), "dense");
  const Program p = MustCompile(m);
  EXPECT_TRUE(CallOf(p, "rows").is_view);
  EXPECT_EQ(PlaceOf(p, "rows").offset, 48);
}

TEST(PlaceTest, GraphOutputsAreDenseAndKeepNoMoreThanTheyAre) {
  Model m;
  Var x = m.Op(Scale{}, {m.In("in", {4, 6})}, "x");
  m.b.Output(m.Op(Block{.row = 1, .rows = 1, .columns = 6}, {x}, "row"));
  m.b.Output(m.Op(Shaped{.shape = {24}}, {m.Op(Scale{}, {x}, "z")}, "flat"));
  const Program p = MustCompile(m);
  EXPECT_FALSE(CallOf(p, "row").is_view);
  EXPECT_TRUE(CallOf(p, "flat").is_view);
  EXPECT_EQ(PlaceOf(p, "z").storage, PlaceOf(p, "flat").storage);
  EXPECT_EQ(p.storages[static_cast<size_t>(PlaceOf(p, "z").storage)].kind, StorageKind::kOutput);
}

TEST(PlaceTest, InPlaceWhereTheInputDies) {
  Model m;
  Var x = m.Op(Dense{}, {m.In("in", {8})}, "x");
  Var y = m.Op(Scale{}, {x}, "y");
  Var z = m.Op(AddTo{}, {y, y}, "z");
  m.b.Output(m.Op(SumAll{}, {z}), "sum");
  const Program p = MustCompile(m);
  EXPECT_EQ(PlaceOf(p, "x").storage, PlaceOf(p, "y").storage);
  EXPECT_EQ(PlaceOf(p, "z").storage, PlaceOf(p, "y").storage);
  EXPECT_EQ(p.arena_bytes, 2 * 64);  // z and the workspace of its sum
}

TEST(PlaceTest, NotInPlaceWhereTheInputIsReadLaterOrIsTheCallers) {
  Model m;
  Var in = m.In("in", {8});
  Var x = m.Op(Scale{}, {in}, "x");
  Var y = m.Op(Scale{}, {x}, "y");
  m.b.Output(m.Op(AddTo{}, {x, y}, "z"));
  const Program p = MustCompile(m);
  EXPECT_NE(PlaceOf(p, "x").storage, p.inputs[0].storage);
  EXPECT_NE(PlaceOf(p, "y").storage, PlaceOf(p, "x").storage);
}

TEST(PlaceTest, NotInPlaceWhereAnotherOperandIsAPartOfTheInput) {
  Model m;
  Var x = m.Op(Dense{}, {m.In("in", {2, 2})}, "x");
  Var top = m.Op(Block{.rows = 1, .columns = 2}, {x}, "top");
  Var bottom = m.Op(Block{.row = 1, .rows = 1, .columns = 2}, {x}, "bottom");
  m.b.Output(m.Op(AddTo{}, {top, bottom}, "y"));
  const Program p = MustCompile(m);
  EXPECT_NE(PlaceOf(p, "y").storage, PlaceOf(p, "x").storage);
}

TEST(PlaceTest, NextValueIsWrittenIntoTheState) {
  Model m;
  Var w = m.Param("w", {8});
  Var y = m.Op(Scale{}, {w}, "y");
  Var next = m.Op(Step{}, {w, y}, "w_next");
  m.Next(w, next);
  const Program p = MustCompile(m);
  EXPECT_EQ(PlaceOf(p, "w_next").storage, p.states[0].storage);
  EXPECT_THAT(p.copies, IsEmpty());
}

TEST(PlaceTest, CopyWhereTheWriterMayNotOverwriteWhatItReads) {
  Model m;
  Var w = m.Param("w", {8});
  Var next = m.Op(StepApart{}, {w, m.In("g", {8})}, "w_next");
  m.Next(w, next);
  const Program p = MustCompile(m);
  EXPECT_NE(PlaceOf(p, "w_next").storage, p.states[0].storage);
  ASSERT_THAT(p.copies, SizeIs(1));
  EXPECT_EQ(p.copies[0].what, "state 'w'");
  EXPECT_EQ(p.copies[0].reason, "StepApart 'w_next' reads the old value and may not overwrite it");
  EXPECT_EQ(p.copies[0].bytes, 32);
}

TEST(PlaceTest, WriterMayReadTheOldValueOnceMoreOnlyWhereDeclared) {
  Model m;
  Var w = m.Param("w", {8});
  m.Next(w, m.Op(Step{}, {w, w}, "w_next"));  // only operand 0 may be overwritten
  EXPECT_THAT(MustCompile(m).copies, SizeIs(1));
  Model either;
  Var v = either.Param("v", {8});
  either.Next(v, either.Op(AddTo{}, {v, v}, "v_next"));
  EXPECT_THAT(MustCompile(either).copies, IsEmpty());
}

TEST(PlaceTest, ReaderAfterTheWriterIsMovedBeforeIt) {
  Model m;
  Var w = m.Param("w", {8});
  m.Next(w, m.Op(Step{}, {w, m.In("g", {8})}, "w_next"));
  m.b.Output(m.Op(Scale{}, {w}, "late"));
  const Program p = MustCompile(m);
  EXPECT_THAT(p.copies, IsEmpty());
  EXPECT_EQ(&CallOf(p, "late"), &p.calls[0]);
}

TEST(PlaceTest, CopyWhereAReaderNeedsBothValues) {
  Model m;
  Var w = m.Param("w", {8});
  Var next = m.Op(Step{}, {w, m.In("g", {8})}, "w_next");
  m.Next(w, next);
  m.b.Output(m.Op(AddTo{}, {w, next}, "both"));
  const Program p = MustCompile(m);
  ASSERT_THAT(p.copies, SizeIs(1));
  EXPECT_EQ(p.copies[0].reason, "AddTo 'both' reads the old value and depends on the new one");
}

TEST(PlaceTest, TwoStatesThatTradePlaces) {
  Model m;
  Var a = m.Param("a", {8}), b = m.Param("b", {8});
  m.Next(a, b);
  m.Next(b, a);
  const Program p = MustCompile(m);
  EXPECT_THAT(p.copies, SizeIs(3));  // into both, and one of them through the arena
}

TEST(PlaceTest, NextValueWithoutANodeOrOfTwoStates) {
  Model m;
  Var a = m.Param("a", {8}), b = m.Param("b", {8}), c = m.Param("c", {8});
  Var in = m.In("in", {8});
  Var y = m.Op(Scale{}, {in}, "y");
  m.Next(a, in);
  m.Next(b, y);
  m.Next(c, y);
  const Program p = MustCompile(m);
  ASSERT_THAT(p.copies, SizeIs(2));
  EXPECT_THAT(p.copies[0].reason, HasSubstr("'in' is not computed by a node"));
  EXPECT_THAT(p.copies[1].reason, HasSubstr("'y' is another state's too"));
}

TEST(PlaceTest, OutputsThatAreInputsStatesOrConstants) {
  Model m;
  Var in = m.In("in", {2}), kept = m.Param("kept", {2}), w = m.Param("w", {2});
  const float values[] = {1, 2};
  Var constant = m.b.Constant(Tensor::Of<float>({2}, values), "two");
  m.Next(w, m.Op(Step{}, {w, in}, "w_next"));
  for (Var v : {in, kept, w, constant}) m.b.Output(v);
  const Program p = MustCompile(m);
  ASSERT_THAT(p.outputs, SizeIs(4));
  auto kind = [&](size_t i) { return p.storages[static_cast<size_t>(p.outputs[i].storage)].kind; };
  EXPECT_EQ(kind(0), StorageKind::kInput);
  EXPECT_EQ(kind(1), StorageKind::kState);
  EXPECT_EQ(kind(2), StorageKind::kOutput);  // overwritten, so its old value is copied
  EXPECT_EQ(p.outputs[2].name, "w");
  EXPECT_EQ(kind(3), StorageKind::kConstant);
  ASSERT_THAT(p.copies, SizeIs(1));
  EXPECT_EQ(p.copies[0].what, "output 'w'");
}

TEST(PlaceTest, ReadersOfAStateThroughAViewComeBeforeItsWriter) {
  Model m;
  Var w = m.Param("w", {4, 2});
  Var row = m.Op(Block{.row = 3, .rows = 1, .columns = 2}, {w}, "row");
  m.Next(w, m.Op(Step{}, {w, m.In("g", {4, 2})}, "w_next"));
  m.b.Output(m.Op(Scale{}, {row}, "y"));
  const Program p = MustCompile(m);
  EXPECT_TRUE(CallOf(p, "row").is_view);
  EXPECT_LT(&CallOf(p, "y"), &CallOf(p, "w_next"));
}

TEST(PlaceTest, PartsOfAConcatAreWrittenWhereTheyBelong) {
  Model m;
  Var a = m.Op(Scale{}, {m.In("p", {4, 3})}, "a"), b = m.Op(Scale{}, {m.In("q", {4, 2})}, "b");
  Var whole = ops::Concat({a, b}, -1);
  m.b.Output(m.Op(SumAll{}, {whole}), "sum");
  const Program p = MustCompile(m);
  const std::string name = m.graph.value(whole.id).name;
  EXPECT_TRUE(CallOf(p, name).is_view);
  for (const char* part : {"a", "b"}) {
    EXPECT_EQ(PlaceOf(p, part).storage, PlaceOf(p, name).storage);
    EXPECT_EQ(PlaceOf(p, part).operand.pitch, 5);
  }
  EXPECT_EQ(PlaceOf(p, "b").offset, 3 * 4);
  EXPECT_EQ(p.storages[static_cast<size_t>(PlaceOf(p, name).storage)].bytes, 4 * 5 * 4);
}

TEST(PlaceTest, PartsOfRowsAreWrittenOneBehindTheOther) {
  Model m;
  Var a = m.Op(Dense{}, {m.In("p", {1, 3})}, "a"), b = m.Op(Dense{}, {m.In("q", {2, 3})}, "b");
  m.b.Output(m.Op(SumAll{}, {ops::Concat({a, b}, 0)}), "sum");
  const Program p = MustCompile(m);
  EXPECT_EQ(PlaceOf(p, "a").storage, PlaceOf(p, "b").storage);
  EXPECT_EQ(PlaceOf(p, "b").offset, 3 * 4);
}

TEST(PlaceTest, WhatAConcatCannotHaveWrittenIntoItNeedsACall) {
  for (int why = 0; why < 4; ++why) {
    Model m;
    Var in = m.In("in", {4, 2});
    Var a = m.Op(Scale{}, {in}, "a");
    // An input; one read twice; rows that the kernel writes one behind the other; an output of the program.
    Var b = why == 0 ? in : why == 1 ? a : why == 2 ? m.Op(Dense{}, {in}, "b") : m.Op(Scale{}, {in}, "b");
    Var whole = ops::Concat({a, b}, 1);
    m.b.Output(m.Op(SumAll{}, {whole}), "sum");
    if (why == 3) m.b.Output(b);
    const Program p = MustCompile(m);
    EXPECT_FALSE(CallOf(p, m.graph.value(whole.id).name).is_view) << why;
  }
}

TEST(PlaceTest, TheOnlyReaderOfAPartTakesItsPlace) {
  Model m;
  Var x = m.Op(Scale{}, {m.In("in", {4, 6})}, "x");
  const std::vector<Var> halves = m.b.EmitMany(Halves{}, {x}, 0);
  Var y = m.Op(Scale{}, {halves[0]}, "y"), z = m.Op(Scale{}, {halves[1]}, "z");
  m.b.Output(m.Op(SumAll{}, {m.Op(AddTo{}, {y, z}, "sum")}), "all");
  m.b.Output(m.Op(SumAll{}, {halves[1]}), "half");
  const Program p = MustCompile(m);
  EXPECT_EQ(PlaceOf(p, "y").storage, PlaceOf(p, "x").storage);
  EXPECT_EQ(PlaceOf(p, "y").operand.pitch, 6);
  EXPECT_NE(PlaceOf(p, "z").storage, PlaceOf(p, "x").storage);  // its operand is read by another
}

TEST(PlaceTest, APlaceThatAnotherPartOverlapsIsNotTaken) {
  Model m;
  Var x = m.Op(Scale{}, {m.In("in", {4, 6})}, "x");
  Var a = m.Op(Block{.rows = 4, .columns = 3}, {x}),
      b = m.Op(Block{.column = 2, .rows = 4, .columns = 3}, {x});
  m.b.Output(m.Op(SumAll{}, {m.Op(Scale{}, {a}, "y")}), "first");
  m.b.Output(m.Op(SumAll{}, {b}), "second");
  const Program p = MustCompile(m);
  EXPECT_NE(PlaceOf(p, "y").storage, PlaceOf(p, "x").storage);
}

TEST(PlaceTest, SymbolsMustBeBound) {
  Model m;
  m.b.Output(m.Op(Scale{}, {m.In("in", {Dim::Symbol("batch"), 4})}), "y");
  EXPECT_THAT(Message(CompileBound(m.graph, TestTarget()).status()), HasSubstr("bind"));
}

TEST(PlaceTest, EmptyValues) {
  Model m;
  Var x = m.Op(Scale{}, {m.In("in", {0, 4})}, "x");
  Var rows = m.Op(Block{.rows = 0, .columns = 2}, {x}, "rows");
  m.b.Output(m.Op(SumAll{}, {rows}), "sum");
  EXPECT_EQ(MustCompile(m).arena_bytes, 0);
}

}  // namespace
}  // namespace weft::test
