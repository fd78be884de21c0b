// Every operator's cases forward: what it must give, every kernel against the plain f64 one, its
// decomposition, in place, on one and two threads; and what it must refuse.
#include <cmath>
#include <cstring>

#include "compiler/passes/decompose.h"
#include "ir/builder.h"
#include "tests/ops/harness.h"

namespace weft::test {
namespace {

constexpr KernelContext kPlain{1, true};

class Forward : public ::testing::TestWithParam<OpCase> {
 protected:
  const OpDef& op() const { return *GetParam().entry->def; }
  const Case& c() const { return GetParam().c; }

  std::vector<Tensor> Evaluate(DataType floats, const KernelContext& context) const {
    const auto inputs = MakeInputs(c().inputs, floats);
    auto outputs = EvaluateNode(op(), c().attributes.get(), Pointers(inputs), c().optional_outputs, context);
    EXPECT_TRUE(outputs.ok()) << Message(outputs.status());
    return outputs.ok() ? *std::move(outputs) : std::vector<Tensor>();
  }
};

TEST_P(Forward, GivesWhatIsExpected) {
  if (c().expected.empty()) GTEST_SKIP() << "no values given by hand";
  const std::vector<Tensor> outputs = Evaluate(DataType::kF64, kPlain);
  ASSERT_GE(outputs.size(), c().expected.size());
  for (size_t i = 0; i < c().expected.size(); ++i) {
    EXPECT_EQ(outputs[i].shape(), c().expected[i].shape());
    EXPECT_LE(RelativeError(outputs[i], c().expected[i]), 1e-4) << "output " << i;
  }
}

TEST_P(Forward, PlainKernelInF32AgreesWithF64) {
  const std::vector<Tensor> wide = Evaluate(DataType::kF64, kPlain);
  const std::vector<Tensor> narrow = Evaluate(DataType::kF32, kPlain);
  ASSERT_EQ(wide.size(), narrow.size());
  for (size_t i = 0; i < wide.size(); ++i)
    EXPECT_LE(RelativeError(narrow[i], wide[i]), c().tolerance) << "output " << i;
}

TEST_P(Forward, EveryKernelAgreesWithF64OnOneAndTwoThreads) {
  const std::vector<Tensor> wide = Evaluate(DataType::kF64, kPlain);
  const auto inputs = MakeInputs(c().inputs, DataType::kF32);
  auto typed = MakeCaseGraph(op(), c(), DataType::kF32);
  ASSERT_TRUE(typed.ok()) << Message(typed.status());
  const KernelNode node = ToKernelNode(typed->graph.TypesOf(typed->node));
  for (const KernelDef& def : CpuKernels(op())) {
    if (!def.accepts(node).empty()) continue;
    for (int threads : {1, 2}) {
      SCOPED_TRACE(fmt::format("kernel {} on {} threads", def.name, threads));
      auto kernel = def.prepare(node, {threads, false});
      ASSERT_TRUE(kernel.ok()) << Message(kernel.status());
      std::vector<Tensor> outputs(node.outputs.size());
      std::vector<Tensor*> pointers;
      for (size_t i = 0; i < outputs.size(); ++i) {
        if (node.outputs[i].present) outputs[i] = Tensor::Zeros(node.outputs[i].dtype, node.outputs[i].shape);
        // What a kernel does not write must not pass for a result.
        if (node.outputs[i].present) std::memset(outputs[i].mutable_data(), 0x7b, outputs[i].size_bytes());
        pointers.push_back(node.outputs[i].present ? &outputs[i] : nullptr);
      }
      const Status run = RunOnce(**kernel, Pointers(inputs), pointers);
      ASSERT_TRUE(run.ok()) << Message(run);
      for (size_t i = 0; i < outputs.size(); ++i) {
        if (!node.outputs[i].present) continue;
        EXPECT_LE(RelativeError(outputs[i], wide[i]), c().tolerance) << "output " << i;
      }
    }
  }
}

TEST_P(Forward, EqualsItsDecomposition) {
  if (op().decompose == nullptr) GTEST_SKIP() << "a primitive";
  auto g = MakeCaseGraph(op(), c(), DataType::kF64);
  ASSERT_TRUE(g.ok()) << Message(g.status());
  auto whole = Interpret(g->graph, g->inputs, kPlain);
  ASSERT_TRUE(whole.ok()) << Message(whole.status());
  const Status decomposed = DecomposeNode(g->graph, g->node);
  ASSERT_TRUE(decomposed.ok()) << Message(decomposed);
  const Status verified = Verify(g->graph);
  ASSERT_TRUE(verified.ok()) << Message(verified);
  auto parts = Interpret(g->graph, g->inputs, kPlain);
  ASSERT_TRUE(parts.ok()) << Message(parts.status());
  ASSERT_EQ(whole->size(), parts->size());
  for (size_t i = 0; i < whole->size(); ++i) {
    EXPECT_EQ((*whole)[i].dtype(), (*parts)[i].dtype()) << "output " << i;
    EXPECT_LE(RelativeError((*whole)[i], (*parts)[i], 1.0), 1e-9) << "output " << i;
  }
}

TEST_P(Forward, InPlaceGivesTheSame) {
  if (op().in_place.empty()) GTEST_SKIP() << "never in place";
  auto g = MakeCaseGraph(op(), c(), DataType::kF32);
  ASSERT_TRUE(g.ok());
  const KernelNode node = ToKernelNode(g->graph.TypesOf(g->node));
  for (const InPlacePair& pair : op().in_place) {
    const auto in = static_cast<size_t>(pair.input), out = static_cast<size_t>(pair.output);
    if (!node.has_input(in) || !node.has_output(out)) continue;
    if (node.inputs[in].dtype != node.outputs[out].dtype || node.inputs[in].shape != node.outputs[out].shape)
      continue;
    for (const KernelDef& def : CpuKernels(op())) {
      if (!def.accepts(node).empty()) continue;
      SCOPED_TRACE(fmt::format("kernel {}, input {} and output {}", def.name, in, out));
      auto kernel = def.prepare(node, {2, false});
      ASSERT_TRUE(kernel.ok());
      const auto inputs = MakeInputs(c().inputs, DataType::kF32);
      std::vector<Tensor> apart, together;
      for (const Operand& o : node.outputs) {
        apart.push_back(o.present ? Tensor::Zeros(o.dtype, o.shape) : Tensor());
        together.push_back(apart.back());
      }
      for (size_t i = 0; i < node.outputs.size(); ++i) {
        if (node.outputs[i].present)
          together[i] = Tensor::Zeros(node.outputs[i].dtype, node.outputs[i].shape);
      }
      std::vector<Tensor*> to_apart, to_together;
      for (size_t i = 0; i < apart.size(); ++i) {
        to_apart.push_back(node.outputs[i].present ? &apart[i] : nullptr);
        to_together.push_back(node.outputs[i].present ? &together[i] : nullptr);
      }
      ASSERT_TRUE(RunOnce(**kernel, Pointers(inputs), to_apart).ok());
      if (inputs[in]->size_bytes() > 0) {
        std::memcpy(together[out].mutable_data(), inputs[in]->data(), inputs[in]->size_bytes());
      }
      std::vector<const Tensor*> shared = Pointers(inputs);
      shared[in] = &together[out];
      ASSERT_TRUE(RunOnce(**kernel, shared, to_together).ok());
      for (size_t i = 0; i < apart.size(); ++i) {
        if (node.outputs[i].present) {
          EXPECT_EQ(RelativeError(together[i], apart[i]), 0) << "output " << i;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Operators, Forward, ::testing::ValuesIn(AllCases()), CaseName);

TEST(Operators, RefuseBadUse) {
  for (const OpEntry& entry : AllOps()) {
    for (const BadCase& bad : CasesOf(*entry.def).bad) {
      SCOPED_TRACE(fmt::format("{} {}", entry.def->name, bad.name));
      const auto inputs = MakeInputs(bad.inputs, DataType::kF32);
      const auto outputs = EvaluateNode(*entry.def, bad.attributes.get(), Pointers(inputs));
      ASSERT_FALSE(outputs.ok()) << "was accepted";
      EXPECT_NE(Message(outputs.status()).find(bad.error), std::string::npos) << Message(outputs.status());
    }
  }
}

TEST(Operators, HaveCasesFieldsAndDocumentation) {
  for (const OpEntry& entry : AllOps()) {
    SCOPED_TRACE(entry.def->name);
    EXPECT_GE(CasesOf(*entry.def).cases.size(), 2u);
    EXPECT_FALSE(entry.def->doc.empty());
    EXPECT_NE(entry.def->infer, nullptr);
    EXPECT_NE(entry.def->attributes.make, nullptr);
    ASSERT_FALSE(CpuKernels(*entry.def).empty());
    EXPECT_EQ(CpuKernels(*entry.def).back().name, "plain");
    EXPECT_TRUE(entry.def->domain.empty() || entry.def->domain == "weft");
  }
}

}  // namespace
}  // namespace weft::test
