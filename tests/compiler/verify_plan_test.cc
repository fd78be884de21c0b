// The verifier refuses every broken plan and names what collides.
#include "compiler/verify_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/byte_map.h"
#include "compiler/compile.h"
#include "ops/concat/op.h"
#include "tests/compiler/test_ops/test_ops.h"

namespace weft::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Program MustCompile(Model& m) {
  EXPECT_TRUE(m.b.status().ok()) << Message(m.b.status());
  StatusOr<Program> program = CompileBound(m.graph, TestTarget());
  EXPECT_TRUE(program.ok()) << Message(program.status());
  return *std::move(program);
}
std::string Verdict(const Program& p) { return Message(VerifyPlan(p)); }

// Two layers, forward, backward and updates: views, in-place pairs, workspaces, states, values that stay.
Program TrainingProgram() {
  Model m;
  Var x = m.In("x", {8, 6});
  Var w[2], kept[2];
  for (int i = 0; i < 2; ++i) {
    w[i] = m.Param(fmt::format("w{}", i), {8, 6});
    Var h = m.Op(AddTo{}, {x, w[i]}, fmt::format("h{}", i));
    std::vector<Var> halves = m.b.EmitMany(Halves{}, {h}, 0);
    Var sum = m.Op(AddTo{}, {halves[0], halves[1]}, fmt::format("sum{}", i));
    Var wide = m.Op(Block{.rows = 8, .columns = 6}, {m.Op(AddTo{}, {h, x})});
    kept[i] = h;
    m.b.Output(m.Op(SumAll{}, {sum}, fmt::format("loss{}", i)));
    x = m.Op(Dense{}, {wide}, fmt::format("x{}", i));
  }
  Var g = m.Op(Scale{}, {x}, "seed");
  for (int i = 1; i >= 0; --i) {
    Var gw = m.Op(Dense{}, {m.Op(AddTo{}, {g, kept[i]}, fmt::format("mix{}", i))}, fmt::format("g{}", i));
    g = m.Op(AddTo{}, {g, w[i]}, fmt::format("dx{}", i));
    m.b.set_phase(Phase::kOptimizer);
    m.Next(w[i], m.Op(Step{}, {w[i], gw}, fmt::format("w{}_next", i)));
    m.b.set_phase(Phase::kBackward);
  }
  m.b.Output(m.Op(SumAll{}, {g}, "norm"));
  return MustCompile(m);
}

// All names by which an error may call what lies in a storage.
std::vector<std::string> NamesIn(const Program& p, int32_t storage) {
  std::vector<std::string> names;
  if (p.storages[static_cast<size_t>(storage)].value == ValueId::kNone) return {p.DescribeStorage(storage)};
  for (const Call& call : p.calls) {
    for (const CallOperand& o : call.outputs) {
      if (o.value != ValueId::kNone && o.storage == storage)
        names.push_back("'" + p.graph.value(o.value).name + "'");
    }
  }
  return names;
}
bool Names(const Program& p, const std::string& message, int32_t storage) {
  const std::vector<std::string> names = NamesIn(p, storage);
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return message.find(name) != std::string::npos; });
}

TEST(VerifyPlanTest, EveryValueMovedOntoEveryLiveNeighbourIsRefused) {
  Program p = TrainingProgram();
  ASSERT_EQ(Verdict(p), "");
  int moved = 0;
  const auto overlaps = [&](const Storage& a, const Storage& b) {
    return a.first <= b.last && b.first <= a.last && a.offset < b.offset + b.bytes &&
           b.offset < a.offset + a.bytes;
  };
  for (size_t i = 0; i < p.storages.size(); ++i) {
    for (size_t j = 0; j < p.storages.size(); ++j) {
      Storage &a = p.storages[i], &b = p.storages[j];
      if (i == j || a.kind != StorageKind::kArena || b.kind != StorageKind::kArena) continue;
      if (a.first > b.last || b.first > a.last || a.bytes > p.arena_bytes - b.offset) continue;
      const int64_t saved = std::exchange(a.offset, b.offset);
      const std::string message = Verdict(p);
      bool neighbour = false;
      for (size_t k = 0; k < p.storages.size(); ++k) {
        neighbour |= k != i && p.storages[k].kind == StorageKind::kArena && overlaps(a, p.storages[k]) &&
                     Names(p, message, static_cast<int32_t>(k));
      }
      EXPECT_TRUE(Names(p, message, static_cast<int32_t>(i)) && neighbour)
          << p.DescribeStorage(static_cast<int32_t>(i)) << " onto "
          << p.DescribeStorage(static_cast<int32_t>(j)) << ": " << message;
      a.offset = saved;
      ++moved;
    }
  }
  EXPECT_GT(moved, 20);
  EXPECT_EQ(Verdict(p), "");
}

TEST(VerifyPlanTest, APartThatIsNotWhereItsConcatHasItIsRefused) {
  Model m;
  Var a = m.Op(Scale{}, {m.In("p", {4, 3})}, "a"), b = m.Op(Scale{}, {m.In("q", {4, 3})}, "b");
  m.b.Output(m.Op(SumAll{}, {ops::Concat({a, b}, -1)}), "sum");
  Program p = MustCompile(m);
  ASSERT_EQ(Verdict(p), "");
  const auto writer = [&](std::string_view name) -> Call& {
    return *std::find_if(p.calls.begin(), p.calls.end(),
                         [&](const Call& c) { return p.graph.value(c.outputs[0].value).name == name; });
  };
  CallOperand& x = writer("a").outputs[0];
  CallOperand& y = writer("b").outputs[0];
  std::swap(x.offset, y.offset);  // each where the other belongs
  EXPECT_THAT(Verdict(p), HasSubstr("joins 'a'"));
  std::swap(x.offset, y.offset);
  Call* join = &writer(p.graph.value(p.calls.back().inputs[0].value).name);
  std::swap(join->inputs[0].offset, join->inputs[1].offset);
  EXPECT_THAT(Verdict(p), HasSubstr("joins 'a'"));
  std::swap(x.offset, y.offset);  // and where the join looks for them
  EXPECT_THAT(Verdict(p), HasSubstr("'a' is not where it is a part of"));
}

TEST(VerifyPlanTest, EveryAliasOrderReversedIsRefused) {
  Model m;
  for (int i = 0; i < 3; ++i) {
    Var w = m.Param(fmt::format("w{}", i), {4, 2});
    m.b.Output(m.Op(Scale{}, {w}, fmt::format("whole{}", i)));
    Var row = m.Op(Block{.row = 3, .rows = 1, .columns = 2}, {w}, fmt::format("row{}", i));
    m.b.Output(m.Op(Scale{}, {row}, fmt::format("part{}", i)));
    m.Next(w, m.Op(Step{}, {w, m.In(fmt::format("g{}", i), {4, 2})}, fmt::format("next{}", i)));
  }
  Program p = MustCompile(m);
  const auto call_of = [&](const std::string& name) {
    return std::find_if(p.calls.begin(), p.calls.end(),
                        [&](const Call& call) { return p.graph.value(call.outputs[0].value).name == name; });
  };
  for (int i = 0; i < 3; ++i) {
    for (const char* kind : {"whole", "part"}) {
      const auto reader = call_of(fmt::format("{}{}", kind, i));
      const auto writer = call_of(fmt::format("next{}", i));
      ASSERT_LT(reader, writer);
      std::rotate(reader, writer, writer + 1);
      const std::string operand =
          kind == std::string("whole") ? fmt::format("'w{}'", i) : fmt::format("'row{}'", i);
      EXPECT_THAT(Verdict(p), AllOf(HasSubstr(fmt::format("reads {}", operand)),
                                    HasSubstr(fmt::format("holds 'next{}'", i))));
      std::rotate(reader, reader + 1, writer + 1);
      ASSERT_EQ(Verdict(p), "");
    }
  }
}

TEST(VerifyPlanTest, CallsInTheWrongOrder) {
  Program p = TrainingProgram();
  for (size_t i = 1; i < p.calls.size(); ++i) {
    const bool depends = std::any_of(
        p.calls[i].inputs.begin(), p.calls[i].inputs.end(),
        [&](const CallOperand& o) { return p.graph.value(o.value).producer == p.calls[i - 1].node; });
    if (!depends) continue;
    std::swap(p.calls[i - 1], p.calls[i]);
    EXPECT_NE(Verdict(p), "") << "calls " << i - 1 << " and " << i;
    std::swap(p.calls[i - 1], p.calls[i]);
  }
}

TEST(VerifyPlanTest, Bounds) {
  Program p = TrainingProgram();
  p.arena_bytes -= 64;
  EXPECT_THAT(Verdict(p), HasSubstr("of an arena of"));
  p.arena_bytes += 64;
  Storage& first = *std::find_if(p.storages.begin(), p.storages.end(),
                                 [](const Storage& s) { return s.kind == StorageKind::kArena; });
  first.offset += 4;
  EXPECT_THAT(Verdict(p), HasSubstr("not a multiple of 64"));
  first.offset -= 4;
  first.bytes -= 4;
  EXPECT_THAT(Verdict(p), HasSubstr("which has"));
}

TEST(VerifyPlanTest, MissingAndRepeatedCalls) {
  Program p = TrainingProgram();
  Call last = std::move(p.calls.back());
  p.calls.pop_back();
  EXPECT_THAT(Verdict(p), HasSubstr("has no call"));
  p.calls.push_back(std::move(last));
  Program q = TrainingProgram();
  q.calls.push_back(
      Call{.node = q.calls[0].node, .inputs = q.calls[0].inputs, .outputs = q.calls[0].outputs});
  EXPECT_THAT(Verdict(q), HasSubstr("comes twice"));
}

TEST(VerifyPlanTest, OverwritingOutsideOfADeclaredPair) {
  Model m;
  Var x = m.Op(Dense{}, {m.In("in", {8})}, "x");
  m.b.Output(m.Op(SumAll{}, {m.Op(StepApart{}, {x, x}, "y")}, "sum"));
  Program p = MustCompile(m);
  const int32_t x_storage = p.calls[0].outputs[0].storage;
  ASSERT_NE(x_storage, p.calls[1].outputs[0].storage);
  p.calls[1].outputs[0].storage = p.calls[2].inputs[0].storage = x_storage;
  EXPECT_THAT(Verdict(p), HasSubstr("writes 'y' over 'x', which it reads"));
}

TEST(VerifyPlanTest, InPlaceOnlyAtTheSamePlace) {
  Model m;
  Var x = m.Op(Dense{}, {m.In("in", {32})}, "x");
  m.b.Output(m.Op(SumAll{}, {m.Op(Scale{}, {x}, "y")}, "sum"));
  Program p = MustCompile(m);
  const int32_t s = p.calls[0].outputs[0].storage;
  ASSERT_EQ(p.calls[1].outputs[0].storage, s);
  p.storages[static_cast<size_t>(s)].bytes += 64;
  p.arena_bytes += 64;
  p.calls[1].outputs[0].offset = p.calls[2].inputs[0].offset = 64;
  EXPECT_THAT(Verdict(p), HasSubstr("writes 'y' over 'x', which it reads"));
}

TEST(VerifyPlanTest, WritingWhatDoesNotChange) {
  Model m;
  Var in = m.In("in", {8});
  m.b.Output(m.Op(SumAll{}, {m.Op(Scale{}, {in}, "y")}, "sum"));
  Program p = MustCompile(m);
  p.calls[0].outputs[0].storage = p.calls[1].inputs[0].storage = p.inputs[0].storage;
  EXPECT_THAT(Verdict(p), HasSubstr("writes 'y' over input 'in', which does not change"));
}

TEST(VerifyPlanTest, ViewsAreWhereTheOperatorSaysTheyAre) {
  Model m;
  Var x = m.Op(Dense{}, {m.In("in", {4, 6})}, "x");
  Var y = m.Op(Block{.row = 1, .column = 2, .rows = 2, .columns = 3}, {x}, "y");
  m.b.Output(m.Op(SumAll{}, {y}, "sum"));
  Program p = MustCompile(m);
  CallOperand& read = p.calls[2].inputs[0];
  read.offset += 4;
  EXPECT_THAT(Verdict(p), AllOf(HasSubstr("reads 'y'"), HasSubstr("another part of 'x'")));
  read.offset -= 4;
  read.operand.pitch = 3;
  EXPECT_THAT(Verdict(p), AllOf(HasSubstr("reads 'y'"), HasSubstr("another part of 'x'")));
}

TEST(VerifyPlanTest, StatesAndOutputsAtTheEnd) {
  Model m;
  Var w = m.Param("w", {8});
  m.Next(w, m.Op(Step{}, {w, m.In("g", {8})}, "next"));
  m.b.Output(m.Op(Scale{}, {w}, "y"));
  Program p = MustCompile(m);
  p.states[0].next = p.outputs[0].value;
  EXPECT_THAT(Verdict(p), HasSubstr("state 'w' must end as 'y'"));
  p.states[0].next = m.graph.Find("next");
  p.outputs[0].storage = p.states[0].storage;
  EXPECT_THAT(Verdict(p), AllOf(HasSubstr("output 'y' must end as 'y'"), HasSubstr("holds 'next'")));
}

TEST(ByteMapTest, WritesCutWhatWasThere) {
  ByteMap map;
  map.Write(0, 100, 1, 0);
  map.Write(40, 60, 2, 0);
  EXPECT_TRUE(map.Check(0, 40, 1, 0).ok);
  EXPECT_TRUE(map.Check(60, 100, 1, 60).ok);
  EXPECT_TRUE(map.Check(40, 60, 2, 0).ok);
  const ByteMap::Found found = map.Check(0, 100, 1, 0);
  EXPECT_FALSE(found.ok);
  EXPECT_EQ(found.address, 40);
  EXPECT_EQ(found.owner, 2);
  EXPECT_TRUE(map.Check(10, 20, 1, 11).same_owner);
  EXPECT_EQ(map.Check(90, 110, 1, 90).owner, ByteMap::kNothing);
  map.Write(30, 70, 1, 30);
  EXPECT_TRUE(map.Check(0, 100, 1, 0).ok);
}

}  // namespace
}  // namespace weft::test
