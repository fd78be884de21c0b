// Random graphs of views, in-place pairs, workspaces and states that trade values: what the planned program
// computes is what a node by node interpreter computes, and every plan passes the verifier.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "compiler/compile.h"
#include "ops/evaluate.h"
#include "runtime/executor/session.h"
#include "tests/compiler/test_ops/test_ops.h"

namespace weft::test {
namespace {

constexpr int64_t kRows = 4, kColumns = 6;

class RandomModel {
 public:
  explicit RandomModel(uint32_t seed) : random_(seed) {
    for (int i = 0; i < 2; ++i) Keep(m_.In(fmt::format("in{}", i), {kRows, kColumns}));
    const int states = Below(4);
    for (int i = 0; i < states; ++i) {
      states_.push_back(m_.Param(fmt::format("state{}", i), {kRows, kColumns}));
      Keep(states_.back());
    }
    const int nodes = 3 + Below(30);
    for (int i = 0; i < nodes; ++i) AddNode();
    for (Var s : states_) {
      if (Below(4) != 0) m_.Next(s, Pick({kRows, kColumns}));
    }
    for (int i = 0; i < 3; ++i)
      AddOutput(values_[static_cast<size_t>(Below(static_cast<int>(values_.size())))]);
  }
  const Graph& graph() const { return m_.graph; }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint32_t>(n)); }
  void Keep(Var v) { values_.push_back(v); }
  Var Pick(const Dims& shape) {
    std::vector<Var> fit;
    for (Var v : values_) {
      if (v.shape() == shape) fit.push_back(v);
    }
    return fit[static_cast<size_t>(Below(static_cast<int>(fit.size())))];
  }
  void AddOutput(Var v) {
    const std::vector<ValueId>& outputs = m_.graph.outputs();
    if (std::find(outputs.begin(), outputs.end(), v.id) == outputs.end()) m_.b.Output(v);
  }

  void AddNode() {
    m_.b.set_phase(Below(3) == 0 ? Phase::kOptimizer : Phase::kForward);
    const Var x = values_[static_cast<size_t>(Below(static_cast<int>(values_.size())))];
    const bool matrix = x.rank() == 2;
    switch (Below(9)) {
      case 0:
      case 1:
        return Keep(m_.Op(AddTo{}, {x, Pick(x.shape())}));
      case 2:
        return Keep(m_.Op(Scale{.factor = 0.5F}, {x}));
      case 3:
        return Keep(m_.Op(Dense{}, {x}));
      case 4:
        return Keep(m_.Op(Below(2) == 0 ? Scale{.factor = -1} : Scale{.factor = 1}, {m_.Op(SumAll{}, {x})}));
      case 5: {
        if (!matrix || x.dim(1) != Dim(kColumns)) return;
        for (Var half : m_.b.EmitMany(Halves{}, {x}, 0)) Keep(half);
        return;
      }
      case 6: {
        if (!matrix) return;
        const int64_t rows = 1 + Below(static_cast<int>(x.dim(0).value()));
        const int64_t columns = 1 + Below(static_cast<int>(x.dim(1).value()));
        return Keep(m_.Op(Block{.row = Below(static_cast<int>(x.dim(0).value() - rows) + 1),
                                .column = Below(static_cast<int>(x.dim(1).value() - columns) + 1),
                                .rows = rows,
                                .columns = columns},
                          {x}));
      }
      case 7:
        if (x.type().num_elements() != Dim(kRows * kColumns)) return;
        return Keep(m_.Op(Shaped{.shape = matrix ? Shape{2, 2, kColumns} : Shape{kRows, kColumns}}, {x}));
      default:
        return Keep(m_.Op(Step{}, {x, Pick(x.shape())}));
    }
  }

  std::mt19937 random_;
  Model m_;
  std::vector<Var> values_, states_;
};

using Values = std::map<std::string, Tensor>;

// Outputs and states after one run, node by node on dense tensors of their own.
void Interpret(const Graph& graph, const Values& inputs, Values* states, Values* outputs) {
  std::map<ValueId, Tensor> at;
  for (ValueId v : graph.inputs()) {
    const State* s = graph.FindState(v);
    at[v] = s == nullptr ? inputs.at(graph.value(v).name) : states->at(s->name);
  }
  const TestTarget target;
  for (NodeId id : graph.NodeIds()) {
    const Node& node = graph.node(id);
    std::vector<const Tensor*> in;
    std::vector<Tensor*> out;
    for (ValueId v : node.inputs) in.push_back(&at.at(v));
    for (ValueId v : node.outputs) {
      at[v] = Tensor::Zeros(DataType::kF32, ToShape(graph.value(v).type.shape));
      out.push_back(&at.at(v));
    }
    StatusOr<PreparedKernel> kernel = target.Prepare(ToKernelNode(graph.TypesOf(id)));
    ASSERT_TRUE(kernel.ok() && RunOnce(*kernel->kernel, in, out).ok());
  }
  for (ValueId v : graph.outputs()) (*outputs)[graph.value(v).name] = at.at(v);
  for (const State& s : graph.states()) {
    if (s.next != ValueId::kNone) (*states)[s.name] = at.at(s.next).Clone();
  }
}

void ExpectSame(const Tensor& got, const Tensor& want, const std::string& what) {
  ASSERT_EQ(got.shape(), want.shape()) << what;
  for (int64_t i = 0; i < want.num_elements(); ++i) {
    ASSERT_EQ(got.as<float>()[static_cast<size_t>(i)], want.as<float>()[static_cast<size_t>(i)])
        << what << " " << i;
  }
}

void RunBoth(uint32_t seed) {
  const RandomModel model(seed);
  StatusOr<Program> program =
      CompileBound(model.graph(), TestTarget(), {.name = fmt::format("seed {}", seed)});
  ASSERT_TRUE(program.ok()) << Message(program.status());
  EXPECT_GE(program->arena_bytes, program->arena_lower_bound);
  Session session;
  Executor& e = **session.AddProgram("p", *std::move(program));
  Values inputs, states;
  std::mt19937 random(seed);
  const auto fill = [&] {
    Tensor t = Tensor::Zeros(DataType::kF32, {kRows, kColumns});
    for (float& x : t.as_mutable<float>()) x = static_cast<float>(random() % 17) - 8;
    return t;
  };
  for (const Port& p : e.program().inputs) ASSERT_TRUE(e.SetInput(p.name, inputs[p.name] = fill()).ok());
  for (const auto& s : session.states())
    ASSERT_TRUE(session.SetState(s->name, states[s->name] = fill()).ok());
  for (int run = 0; run < 2; ++run) {
    Values outputs;
    Interpret(model.graph(), inputs, &states, &outputs);
    ASSERT_TRUE(e.Run().ok());
    for (const auto& [name, want] : outputs) ExpectSame(*e.Output(name), want, name);
    for (const auto& [name, want] : states) ExpectSame(session.FindState(name)->tensor(), want, name);
  }
}

TEST(RandomGraphTest, ProgramsComputeWhatTheirGraphsSay) {
  for (uint32_t seed = 1; seed <= 1000; ++seed) {
    RunBoth(seed);
    if (HasFatalFailure()) FAIL() << "seed " << seed;
  }
}

}  // namespace
}  // namespace weft::test
