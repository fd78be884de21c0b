// What the operator cases do not show, as their shapes are bound: inference on symbols, parts of tensors as
// views, arithmetic on Vars.
#include <gtest/gtest.h>

#include "ir/builder.h"
#include "ops/cast/op.h"
#include "ops/common/broadcast.h"
#include "ops/common/sum_to.h"
#include "ops/concat/op.h"
#include "ops/expand/op.h"
#include "ops/operators.h"
#include "ops/reduce_sum/op.h"
#include "ops/reshape/op.h"
#include "ops/slice/op.h"
#include "ops/split/op.h"
#include "ops/squeeze/op.h"
#include "ops/transpose/op.h"

namespace weft {
namespace {

const Dim kBatch = Dim::Symbol("batch"), kSeq = Dim::Symbol("seq");

class Shapes : public ::testing::Test {
 protected:
  Var Input(Dims shape, DataType dtype = DataType::kF32) {
    return b_.Input("x" + std::to_string(inputs_++), {dtype, std::move(shape)});
  }
  // Checks that the builder has stopped at an error that holds `part`.
  void ExpectError(std::string_view part) {
    ASSERT_FALSE(b_.status().ok());
    EXPECT_NE(Message(b_.status()).find(part), std::string::npos) << Message(b_.status());
  }

  Graph graph_;
  Builder b_{graph_};
  int inputs_ = 0;
};

TEST_F(Shapes, SymbolsBroadcast) {
  EXPECT_EQ(ops::Broadcast({kBatch, kSeq, 64}, {64}), (Dims{kBatch, kSeq, 64}));
  EXPECT_EQ(ops::Broadcast({kBatch, 1, 64}, {kSeq, 1}), (Dims{kBatch, kSeq, 64}));
  EXPECT_EQ(ops::Broadcast({kBatch * kSeq}, {kSeq * kBatch}), (Dims{kSeq * kBatch}));
  EXPECT_EQ(ops::Broadcast({}, {kSeq}), (Dims{kSeq}));
  EXPECT_EQ(ops::Broadcast({kSeq}, {64}), std::nullopt);
  EXPECT_EQ(ops::Broadcast({kSeq}, {kBatch}), std::nullopt);
  EXPECT_EQ(ops::Broadcast({0}, {1}), (Dims{0}));
}

TEST_F(Shapes, ReshapeDividesPolynomials) {
  const Var x = Input({kBatch, kSeq, 512});
  EXPECT_EQ(ops::Reshape(x, {-1, 512}).shape(), (Dims{kBatch * kSeq, 512}));
  EXPECT_EQ(ops::Reshape(x, {0, 0, 8, -1}).shape(), (Dims{kBatch, kSeq, 8, 64}));
  EXPECT_EQ(ops::Reshape(x, {kBatch * kSeq, 512}).shape(), (Dims{kBatch * kSeq, 512}));
  EXPECT_EQ(ops::Reshape(x, {kSeq, -1}).shape(), (Dims{kSeq, kBatch * 512}));
  ASSERT_TRUE(b_.status().ok()) << Message(b_.status());
  EXPECT_FALSE(ops::Reshape(x, {7, -1}).valid());
  ExpectError("the 512*batch*seq elements of data f32[batch, seq, 512] cannot be divided by 7");
}

TEST_F(Shapes, SlicesOfSymbols) {
  const Var x = Input({kBatch, kSeq, 64});
  EXPECT_EQ(ops::Slice(x, {0}, {INT64_MAX}, {1}).shape(), x.shape());
  EXPECT_EQ(ops::Slice(x, {1}, {INT64_MAX}, {1}).shape(), (Dims{kBatch, kSeq - Dim(1), 64}));
  EXPECT_EQ(ops::Slice(x, {-1}, {INT64_MAX}, {1}).shape(), (Dims{kBatch, 1, 64}));
  EXPECT_EQ(ops::Slice(x, {0}, {-1}, {1}).shape(), (Dims{kBatch, kSeq - Dim(1), 64}));
  EXPECT_EQ(ops::Slice(x, {kSeq - Dim(4)}, {kSeq}, {1}).shape(), (Dims{kBatch, 4, 64}));
  ASSERT_TRUE(b_.status().ok()) << Message(b_.status());
  ops::Slice(x, {0}, {5}, {1});
  ExpectError("what 0:5:1 takes of axis 1 of data f32[batch, seq, 64] is not known before seq is a number");
}

TEST_F(Shapes, PartsOfSymbols) {
  const Var x = Input({kSeq, 6}), y = Input({kBatch, 6});
  const Var both = ops::Concat({x, y}, 0);
  EXPECT_EQ(both.shape(), (Dims{kBatch + kSeq, 6}));
  const std::vector<Var> parts = ops::Split(both, {kSeq, kBatch}, 0);
  EXPECT_EQ(parts[0].shape(), x.shape());
  EXPECT_EQ(parts[1].shape(), y.shape());
  const std::vector<Var> halves = ops::SplitEqually(ops::Expand(x, {2, kSeq, 6}), 2, 0);
  EXPECT_EQ(halves[1].shape(), (Dims{1, kSeq, 6}));
  const std::vector<Var> quarters = ops::SplitEqually(Input({kSeq * 4}), 4, -1);
  ASSERT_EQ(quarters.size(), 4U);
  EXPECT_EQ(quarters[3].shape(), (Dims{kSeq}));
  ASSERT_TRUE(b_.status().ok()) << Message(b_.status());
  EXPECT_EQ(ops::SplitEqually(Input({kSeq}), 2, 0).size(), 2U);  // callers may index after an error
  ExpectError("seq elements do not split into 2 equal parts");
}

TEST_F(Shapes, SumToUndoesABroadcast) {
  const Var x = Input({kBatch, kSeq, 64});
  EXPECT_EQ(ops::SumTo(x, x.shape()).id, x.id);
  for (const Dims& shape : {Dims{64}, Dims{1, 64}, Dims{kSeq, 1}, Dims{kBatch, 1, 1}, Dims{}}) {
    EXPECT_EQ(ops::SumTo(x, shape).shape(), shape) << ToString(shape);
  }
  EXPECT_TRUE(b_.status().ok()) << Message(b_.status());
}

TEST_F(Shapes, ArithmeticOnVars) {
  const Var x = Input({3}, DataType::kF64);
  const Var y = 1.0 - x * 2.0 + x / 4.0 - -x;
  ASSERT_TRUE(b_.status().ok()) << Message(b_.status());
  EXPECT_EQ(y.dtype(), DataType::kF64);
  EXPECT_EQ(y.shape(), (Dims{3}));
  EXPECT_EQ(ops::Cast(x, DataType::kF64).id, x.id);
  EXPECT_FALSE((Var{} + 1.0).valid());  // after an error nothing happens
}

// The view that output `output` of the node that made `of` can be.
std::optional<View> ViewOf(Var of, int output = 0) {
  const Graph& graph = of.builder->graph();
  const NodeId node = graph.value(of.id).producer;
  View view;
  if (!graph.node(node).op->view(graph.TypesOf(node), output, &view)) return std::nullopt;
  return view;
}

TEST_F(Shapes, SlicesAsViews) {
  const Var x = Input({4, 6, 8});
  // Columns of all rows.
  std::optional<View> view = ViewOf(ops::Slice(x, {2}, {5}, {2}));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->kind, View::kSlice);
  EXPECT_EQ(view->row_offset, 0);
  EXPECT_EQ(view->column_offset, 2);
  // Rows that follow each other, and some columns of them.
  view = ViewOf(ops::Slice(x, {1, 0, 3}, {3, 6, 8}));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->row_offset, 6);
  EXPECT_EQ(view->column_offset, 3);
  view = ViewOf(ops::Slice(x, {3, 2}, {4, 5}));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->row_offset, 3 * 6 + 2);
  // Rows that do not; columns that do not.
  EXPECT_FALSE(ViewOf(ops::Slice(x, {0, 2}, {2, 5})));
  EXPECT_FALSE(ViewOf(ops::Slice(x, {0}, {8}, {2}, {2})));
  EXPECT_FALSE(ViewOf(ops::Slice(x, {-1}, {INT64_MIN}, {0}, {-1})));
  // A step is no step where one element is taken.
  EXPECT_TRUE(ViewOf(ops::Slice(x, {3}, {4}, {0}, {5})));
  ASSERT_TRUE(b_.status().ok()) << Message(b_.status());
}

TEST_F(Shapes, PartsAndTransposesAsViews) {
  const Var x = Input({4, 6});
  const std::vector<Var> columns = ops::Split(x, {2, 4}, 1);
  EXPECT_EQ(ViewOf(columns[1], 1)->column_offset, 2);
  const std::vector<Var> rows = ops::SplitEqually(x, 2, 0);
  EXPECT_EQ(ViewOf(rows[1], 1)->row_offset, 2);
  EXPECT_FALSE(ViewOf(ops::Split(Input({2, 4, 6}), {2, 2}, 1)[1], 1));
  EXPECT_FALSE(ViewOf(ops::Transpose(x)));
  EXPECT_TRUE(ViewOf(ops::Transpose(Input({1, 4, 1, 6}), {1, 2, 0, 3})));
  EXPECT_TRUE(ViewOf(ops::Squeeze(Input({1, 4}))));
  EXPECT_FALSE(ViewOf(ops::Expand(x, {2, 4, 6})));
  EXPECT_TRUE(ViewOf(ops::Expand(x, {1, 4, 6})));
  const Var beside_nothing = ops::Concat({Input({0, 6}), x}, 0);
  EXPECT_EQ(ViewOf(beside_nothing)->input, 1);
  ASSERT_TRUE(b_.status().ok()) << Message(b_.status());
}

}  // namespace
}  // namespace weft
