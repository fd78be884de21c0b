// A transformer's training step through the whole compiler: planned to its bound, run without allocation, the
// same bits each time.
#include <gtest/gtest.h>

#include <cstring>

#include "compiler/compile.h"
#include "compiler/passes/loss.h"
#include "compiler/passes/optimizer.h"
#include "frontends/models/transformer.h"
#include "ops/evaluate.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/executor/session.h"
#include "tests/executor/count_allocations.h"

namespace weft::test {
namespace {

constexpr int kThreads = 2;

CompileOptions Options(std::string name) {
  CompileOptions options;
  options.name = std::move(name);
  options.evaluate = [](const OpDef& op, const void* attributes, std::span<const Tensor* const> inputs,
                        uint32_t optional) { return EvaluateNode(op, attributes, inputs, optional); };
  return options;
}

StatusOr<Program> TrainingStep(const TransformerConfig& config, int64_t batch, bool bf16 = false) {
  WEFT_ASSIGN_OR_RETURN(Graph graph, BuildTransformer(config, /*training=*/true));
  WEFT_RETURN_IF_ERROR(AddLoss(graph));
  WEFT_RETURN_IF_ERROR(AddTrainingStep(graph, {}));
  CompileOptions options = Options("training step");
  if (bf16) options.bf16 = MixedPrecisionOptions();
  return Compile(std::move(graph), {{"batch", batch}, {"seq", config.context_length}},
                 CpuTarget({.threads = kThreads}), options);
}

TransformerConfig Tiny() {
  TransformerConfig c;
  c.vocab_size = 61, c.d_model = 32, c.num_layers = 2, c.num_heads = 4, c.num_kv_heads = 2, c.d_ff = 48;
  c.context_length = 16;
  c.dropout = 0.1F;
  EXPECT_TRUE(c.Complete().ok());
  return c;
}

// Operators of the optimizer but those that compute its scale.
std::vector<std::string_view> Updates(const Graph& graph) {
  std::vector<std::string_view> names;
  for (NodeId id : graph.NodeIds()) {
    const std::string_view name = graph.node(id).op->name;
    if (name.ends_with("AdamW")) names.push_back(name);
    if (name == "Cast" && graph.node(id).phase == Phase::kOptimizer) names.push_back(name);
  }
  return names;
}

TEST(TrainingStepTest, EveryPresetIsPlannedToItsLowerBound) {
  for (const TransformerPreset& preset : TransformerPresets()) {
    for (const bool bf16 : {false, true}) {
      SCOPED_TRACE(fmt::format("{}, {}", preset.name, bf16 ? "bf16" : "f32"));
      TransformerConfig config = preset.config;
      if (config.vocab_size == 0) config.vocab_size = 4096;
      ASSERT_TRUE(config.Complete().ok());
      const StatusOr<Program> p = TrainingStep(config, 4, bf16);
      ASSERT_TRUE(p.ok()) << Message(p.status());
      EXPECT_EQ(p->arena_bytes, p->arena_lower_bound);
      EXPECT_EQ(p->memory.unused, 0);
      EXPECT_TRUE(p->copies.empty()) << p->copies[0].what << ", " << p->copies[0].reason;
      EXPECT_EQ(Updates(p->graph), std::vector<std::string_view>{"MultiTensorAdamW"});
    }
  }
}

struct Training {
  Session session;
  Executor* step = nullptr;
};

// A session with the initial values of a seed and one batch as input.
std::unique_ptr<Training> Start() {
  auto run = std::make_unique<Training>();
  StatusOr<Program> program = TrainingStep(Tiny(), 3);
  EXPECT_TRUE(program.ok()) << Message(program.status());
  const CpuTarget target({.threads = kThreads});
  const auto compile = [&](const Graph& g, const std::string& name) {
    return Compile(g, {}, target, Options(name));
  };
  const Status init = run->session.RunInit(program->graph, compile, 42);
  EXPECT_TRUE(init.ok()) << Message(init);
  run->step = *run->session.AddProgram("step", *std::move(program));
  for (const Port& port : run->step->program().inputs) {
    Tensor value = Tensor::Zeros(port.dtype, port.shape);
    for (int64_t i = 0; i < value.num_elements(); ++i) {
      SetElementFromDouble(value, i, port.name == "lr" ? 1e-3 : static_cast<double>(i % 16));
    }
    if (port.name == "step") SetElementFromDouble(value, 0, 1);
    const Status set = run->step->SetInput(port.name, value);
    EXPECT_TRUE(set.ok()) << Message(set);
  }
  return run;
}

TEST(TrainingStepTest, NothingOfOursAllocates) {
  if (!CanCountAllocations()) GTEST_SKIP() << "a sanitizer owns the allocator";
  const std::unique_ptr<Training> run = Start();
  ASSERT_TRUE(run->step->Run().ok());
  StartCountingAllocations();
  Status status;
  for (int step = 2; step < 5 && status.ok(); ++step) status = run->step->Run(step);
  const Allocations seen = StopCountingAllocations();
  ASSERT_TRUE(status.ok()) << Message(status);
  EXPECT_EQ(seen.ours, 0) << seen.first_of_ours;
}

TEST(TrainingStepTest, TheSameBitsEachTime) {
  const std::unique_ptr<Training> a = Start(), b = Start();
  for (int step = 1; step < 4; ++step) {
    ASSERT_TRUE(a->step->Run(step).ok());
    ASSERT_TRUE(b->step->RunChecked(step).ok());
  }
  for (size_t i = 0; i < a->session.states().size(); ++i) {
    const SessionState &x = *a->session.states()[i], &y = *b->session.states()[i];
    EXPECT_EQ(std::memcmp(x.data, y.data, static_cast<size_t>(x.bytes())), 0) << x.name;
  }
}

}  // namespace
}  // namespace weft::test
