// Every operator's gradient against central finite differences in f64: for random dy, <dy, f(x + h v) - f(x -
// h v)> / 2h for each coordinate direction v (all coordinates of small inputs, random directions of larger
// ones). Nothing flows into saved outputs (1/rms, log-sum-exp): they exist for backward alone.
#include <cmath>
#include <random>
#include <set>

#include "compiler/passes/differentiate.h"
#include "ir/builder.h"
#include "tests/ops/harness.h"

namespace weft::test {
namespace {

constexpr KernelContext kPlain{1, true};

class Gradient : public ::testing::TestWithParam<OpCase> {};

Tensor RandomLike(const TensorType& type, uint64_t seed) {
  Tensor t = Tensor::Zeros(type.dtype, ToShape(type.shape));
  std::mt19937_64 random(seed);
  for (int64_t i = 0; i < t.num_elements(); ++i) {
    SetElementFromDouble(t, i, static_cast<double>(random() >> 11) * 0x1p-52 - 1.0);
  }
  return t;
}

// <dy, outputs> over the float outputs.
double Objective(const Graph& graph, const std::vector<Tensor>& inputs, const std::vector<Tensor>& dy) {
  auto outputs = Interpret(graph, inputs, kPlain);
  EXPECT_TRUE(outputs.ok()) << Message(outputs.status());
  double sum = 0;
  for (size_t o = 0; o < dy.size(); ++o) {
    for (int64_t i = 0; i < dy[o].num_elements(); ++i)
      sum += ElementAsDouble(dy[o], i) * ElementAsDouble((*outputs)[o], i);
  }
  return sum;
}

// An output that ONNX lacks.
bool IsSaved(const Graph& graph, ValueId v) {
  const Node& node = graph.node(graph.value(v).producer);
  const auto at =
      static_cast<size_t>(std::find(node.outputs.begin(), node.outputs.end(), v) - node.outputs.begin());
  const auto slots = node.op->outputs;
  return slots[std::min(at, slots.size() - 1)].weft_only && !node.op->weft_domain();
}

void CheckDirection(const CaseGraph& forward, const std::vector<Tensor>& dy, size_t input,
                    const Tensor& direction, const Tensor& gradient) {
  constexpr double kStep = 1e-5;
  double analytic = 0, sides[2];
  for (int64_t i = 0; i < gradient.num_elements(); ++i) {
    analytic += ElementAsDouble(gradient, i) * ElementAsDouble(direction, i);
  }
  for (int side = 0; side < 2; ++side) {
    std::vector<Tensor> moved = forward.inputs;
    Tensor x = Tensor::Zeros(moved[input].dtype(), moved[input].shape());
    for (int64_t i = 0; i < x.num_elements(); ++i) {
      const double delta = (side == 0 ? kStep : -kStep) * ElementAsDouble(direction, i);
      SetElementFromDouble(x, i, ElementAsDouble(moved[input], i) + delta);
    }
    moved[input] = x;
    sides[side] = Objective(forward.graph, moved, dy);
  }
  const double numeric = (sides[0] - sides[1]) / (2 * kStep);
  EXPECT_NEAR(analytic, numeric, 2e-5 * std::max({1.0, std::fabs(numeric), std::fabs(analytic)}))
      << "operand " << forward.operand[input];
}

TEST_P(Gradient, EqualsFiniteDifferences) {
  const OpDef& op = *GetParam().entry->def;
  const Case& c = GetParam().c;
  auto forward = MakeCaseGraph(op, c, DataType::kF64);
  ASSERT_TRUE(forward.ok()) << Message(forward.status());
  Graph graph = forward->graph;
  std::vector<GradientSeed> seeds;
  std::vector<Tensor> dy, inputs = forward->inputs;
  for (ValueId v : forward->graph.outputs()) {
    const TensorType type = graph.value(v).type;
    const bool flows = IsFloat(type.dtype) && !IsSaved(forward->graph, v);
    dy.push_back(flows ? RandomLike(type, 99) : Tensor());
    if (!flows) continue;
    seeds.push_back({v, graph.AddInput(fmt::format("dy{}", seeds.size()), type)});
    inputs.push_back(dy.back());
  }
  std::vector<ValueId> wrt;
  std::vector<size_t> which;
  for (size_t i = 0; i < forward->inputs.size(); ++i) {
    if (!IsFloat(forward->inputs[i].dtype()) || (c.constants >> forward->operand[i] & 1) != 0) continue;
    wrt.push_back(forward->graph.inputs()[i]);
    which.push_back(i);
  }
  if (wrt.empty() || seeds.empty()) GTEST_SKIP() << "nothing to differentiate";
  auto gradients = Differentiate(graph, seeds, wrt);
  ASSERT_TRUE(gradients.ok()) << Message(gradients.status());
  const Status verified = Verify(graph);
  ASSERT_TRUE(verified.ok()) << Message(verified);
  std::vector<ValueId> outputs;
  for (ValueId g : *gradients) {
    if (g != ValueId::kNone) outputs.push_back(g);
  }
  // One value may be the gradient of two inputs (Add): outputs are looked up by value.
  std::vector<ValueId> unique;
  for (ValueId g : outputs) {
    if (std::find(unique.begin(), unique.end(), g) == unique.end()) unique.push_back(g);
  }
  graph.SetOutputs(unique);
  auto results = Interpret(graph, inputs, kPlain);
  ASSERT_TRUE(results.ok()) << Message(results.status());
  for (size_t k = 0; k < wrt.size(); ++k) {
    const Tensor& x = forward->inputs[which[k]];
    Tensor gradient = Tensor::Zeros(x.dtype(), x.shape());  // nothing flows: zero
    const ValueId id = (*gradients)[k];
    if (id != ValueId::kNone) {
      gradient =
          (*results)[static_cast<size_t>(std::find(unique.begin(), unique.end(), id) - unique.begin())];
    }
    ASSERT_EQ(gradient.shape(), x.shape());
    const int64_t n = x.num_elements();
    for (int64_t i = 0; i < std::min<int64_t>(n, 12); ++i) {
      Tensor unit = Tensor::Zeros(x.dtype(), x.shape());
      SetElementFromDouble(unit, n <= 12 ? i : (i * 7919) % n, 1.0);
      CheckDirection(*forward, dy, which[k], unit, gradient);
    }
    if (n > 0)
      CheckDirection(*forward, dy, which[k], RandomLike({x.dtype(), ToDims(x.shape())}, 5), gradient);
  }
}

// Cases with a float to differentiate.
std::vector<OpCase> Differentiable() {
  std::vector<OpCase> all = AllCases();
  std::erase_if(all, [](const OpCase& c) {
    const bool any = std::any_of(c.c.inputs.begin(), c.c.inputs.end(), [](const CaseInput& in) {
      return in.fill != CaseInput::kAbsent && IsFloat(in.dtype);
    });
    return !c.c.gradient || !c.entry->def->differentiable || !any;
  });
  return all;
}

TEST(Gradients, EveryDifferentiableOperatorHasCases) {
  std::set<const OpDef*> covered;
  for (const OpCase& c : Differentiable()) covered.insert(c.entry->def);
  for (const OpEntry& entry : AllOps()) {
    EXPECT_TRUE(!entry.def->differentiable || covered.contains(entry.def)) << entry.def->name;
  }
}

INSTANTIATE_TEST_SUITE_P(Operators, Gradient, ::testing::ValuesIn(Differentiable()), CaseName);

}  // namespace
}  // namespace weft::test
