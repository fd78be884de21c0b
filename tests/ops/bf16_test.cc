// Every operator that mixes bf16 with f32, on its cases: inputs in bf16 but those that its row keeps in f32.
// The results' types, every kernel against the plain f64 one on the same numbers, and the decomposition.
#include <cmath>
#include <cstring>

#include "compiler/passes/decompose.h"
#include "ir/builder.h"
#include "ops/widened_kernel.h"
#include "tests/ops/harness.h"

namespace weft::test {
namespace {

// An output that is bf16 is rounded once, by half of the last of 8 bits.
double Tolerance(const Case& c, DataType dtype, const Precision& row) {
  return c.tolerance + (dtype == DataType::kBF16 || row.rounds_inside ? 0x1p-8 : 0);
}

class Bf16 : public ::testing::TestWithParam<OpCase> {
 protected:
  void SetUp() override {
    if (!op().precision.mixes()) GTEST_SKIP() << "takes no bf16";
    // The same numbers, which bf16 holds, in both types.
    const auto narrow = MakeInputs(c().inputs, DataType::kBF16);
    for (size_t i = 0; i < narrow.size(); ++i) {
      mixed_.push_back(narrow[i]);
      wide_.push_back(narrow[i]);
      if (!narrow[i] || narrow[i]->dtype() != DataType::kBF16) continue;
      wide_.back() = In(*narrow[i], DataType::kF64);
      if (!op().precision.narrow_input(i)) mixed_.back() = In(*narrow[i], DataType::kF32);
      any_ |= op().precision.narrow_input(i);
    }
    if (!any_) GTEST_SKIP() << "this case has no operand that may be bf16";
  }

  static Tensor In(const Tensor& from, DataType dtype) {
    Tensor to = Tensor::Zeros(dtype, from.shape());
    for (int64_t i = 0; i < to.num_elements(); ++i) SetElementFromDouble(to, i, ElementAsDouble(from, i));
    return to;
  }

  const OpDef& op() const { return *GetParam().entry->def; }
  const Case& c() const { return GetParam().c; }

  std::vector<Tensor> Expected() const {
    auto outputs = EvaluateNode(op(), c().attributes.get(), Pointers(wide_), c().optional_outputs, {1, true});
    EXPECT_TRUE(outputs.ok()) << Message(outputs.status());
    return outputs.ok() ? *std::move(outputs) : std::vector<Tensor>();
  }

  // The node alone in a graph, its inputs in mixed types.
  NodeId Build(Graph* graph) const {
    Builder b(*graph);
    std::vector<Var> operands;
    for (size_t i = 0; i < mixed_.size(); ++i) {
      operands.emplace_back();
      if (mixed_[i])
        operands.back() = b.Input(fmt::format("x{}", i), {mixed_[i]->dtype(), ToDims(mixed_[i]->shape())});
    }
    b.EmitAll(op(), c().attributes, operands, c().optional_outputs);
    EXPECT_TRUE(b.status().ok()) << Message(b.status());
    if (!b.status().ok()) return NodeId::kNone;
    const NodeId node = graph->NodeIds().back();
    for (ValueId v : graph->node(node).outputs) {
      if (v != ValueId::kNone) graph->AddOutput(v);
    }
    return node;
  }

  void Check(const KernelDef& def, const KernelNode& node, int threads,
             const std::vector<Tensor>& expected) const {
    SCOPED_TRACE(fmt::format("kernel {} on {} threads", def.name, threads));
    auto kernel = def.prepare(node, {threads, false});
    ASSERT_TRUE(kernel.ok()) << Message(kernel.status());
    std::vector<Tensor> outputs(node.outputs.size());
    std::vector<Tensor*> pointers;
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (node.outputs[i].present) outputs[i] = Tensor::Zeros(node.outputs[i].dtype, node.outputs[i].shape);
      if (node.outputs[i].present) std::memset(outputs[i].mutable_data(), 0x7b, outputs[i].size_bytes());
      pointers.push_back(node.outputs[i].present ? &outputs[i] : nullptr);
    }
    const Status run = RunOnce(**kernel, Pointers(mixed_), pointers);
    ASSERT_TRUE(run.ok()) << Message(run);
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (!node.outputs[i].present) continue;
      EXPECT_LE(RelativeError(outputs[i], expected[i]), Tolerance(c(), outputs[i].dtype(), op().precision))
          << "output " << i;
    }
  }

  std::vector<std::optional<Tensor>> mixed_, wide_;
  bool any_ = false;
};

TEST_P(Bf16, EveryKernelAgreesWithF64) {
  const std::vector<Tensor> expected = Expected();
  Graph graph;
  const NodeId id = Build(&graph);
  ASSERT_NE(id, NodeId::kNone);
  const KernelNode node = ToKernelNode(graph.TypesOf(id));
  for (int threads : {1, 2}) {
    for (const KernelDef& def : CpuKernels(op())) {
      if (def.narrow && def.accepts(node).empty()) Check(def, node, threads, expected);
    }
    const auto general = SelectCpuKernel(node, {threads, /*plain_only=*/true});
    ASSERT_TRUE(general.ok()) << Message(general.status());
    Check(**general, node, threads, expected);
  }
}

TEST_P(Bf16, RoundsWhereItsRowSays) {
  Graph graph;
  const NodeId id = Build(&graph);
  ASSERT_NE(id, NodeId::kNone);
  const NodeTypes types = graph.TypesOf(id);
  const Precision& row = op().precision;
  const bool wide = row.wide_results != nullptr && row.wide_results(types);
  for (size_t i = 0; i < types.outputs.size(); ++i) {
    if (!types.has_output(i) || !IsFloat(types.output(i).dtype)) continue;
    const bool stays = wide || (row.wide_outputs >> i & 1);
    EXPECT_EQ(types.output(i).dtype, stays ? DataType::kF32 : DataType::kBF16) << "output " << i;
  }
}

TEST_P(Bf16, EqualsItsDecomposition) {
  if (op().decompose == nullptr) GTEST_SKIP() << "a primitive";
  const std::vector<Tensor> expected = Expected();
  Graph graph;
  const NodeId id = Build(&graph);
  ASSERT_NE(id, NodeId::kNone);
  std::vector<size_t> present;
  for (size_t i = 0; i < graph.node(id).outputs.size(); ++i) {
    if (graph.node(id).outputs[i] != ValueId::kNone) present.push_back(i);
  }
  const Status decomposed = DecomposeNode(graph, id);
  ASSERT_TRUE(decomposed.ok()) << Message(decomposed);
  const Status verified = Verify(graph);
  ASSERT_TRUE(verified.ok()) << Message(verified);
  std::vector<Tensor> inputs;
  for (const auto& t : mixed_) {
    if (t) inputs.push_back(*t);
  }
  const auto parts = Interpret(graph, inputs, {1, true});
  ASSERT_TRUE(parts.ok()) << Message(parts.status());
  ASSERT_EQ(parts->size(), present.size());
  for (size_t i = 0; i < present.size(); ++i) {
    const Tensor& part = (*parts)[i];
    EXPECT_LE(RelativeError(part, expected[present[i]], 1.0), Tolerance(c(), part.dtype(), op().precision))
        << "output " << present[i];
  }
}

INSTANTIATE_TEST_SUITE_P(Operators, Bf16, ::testing::ValuesIn(AllCases()), CaseName);

}  // namespace
}  // namespace weft::test
