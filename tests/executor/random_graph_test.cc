// Random graphs of all operators: what the planned program computes is, to the last bit, what a node by node
// interpreter computes with the same kernels, also when it runs again on the states it left.
#include "tools/verify/random_graph.h"

#include <gtest/gtest.h>

#include "compiler/compile.h"
#include "compiler/passes/bind.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/executor/session.h"
#include "tools/verify/compare.h"

namespace weft {
namespace {

// The plain kernels give the same bits on views as on tensors of their own.
constexpr KernelContext kPlain{1, true};

void ExpectSame(const Tensor& got, const Tensor& want, const std::string& what) {
  ASSERT_EQ(got.shape(), want.shape()) << what;
  ASSERT_EQ(got.dtype(), want.dtype()) << what;
  EXPECT_EQ(Compare(got, want).error, 0) << what;
}

class RandomProgram {
 public:
  RandomProgram(Graph graph, Feed feed) : graph_(std::move(graph)), feed_(std::move(feed)) {}

  void Compile() {
    StatusOr<Program> program = CompileBound(graph_, CpuTarget(kPlain), {.name = "random"});
    ASSERT_TRUE(program.ok()) << Message(program.status());
    EXPECT_GE(program->arena_bytes, program->arena_lower_bound);
    executor_ = *session_.AddProgram("p", *std::move(program));
    for (const Port& p : executor_->program().inputs)
      ASSERT_TRUE(executor_->SetInput(p.name, feed_.at(p.name)).ok()) << p.name;
    for (const auto& s : session_.states())
      ASSERT_TRUE(session_.SetState(s->name, feed_.at(s->name)).ok()) << s->name;
  }

  // False where the graph refuses what its states have become (an index out of range).
  bool Run() {
    const StatusOr<std::vector<Tensor>> values = Interpret(graph_, feed_, {.context = kPlain});
    const Status run = executor_->Run();
    EXPECT_EQ(run.ok(), values.ok()) << Message(run) << Message(values.status());
    if (!values.ok()) return false;
    const std::vector<Port>& outputs = executor_->program().outputs;
    for (size_t i = 0; i < outputs.size(); ++i) {
      const StatusOr<Tensor> got = executor_->Output(outputs[i].name);
      EXPECT_TRUE(got.ok()) << Message(got.status());
      if (got.ok()) ExpectSame(*got, (*values)[static_cast<size_t>(graph_.outputs()[i])], outputs[i].name);
    }
    for (const State& s : graph_.states()) {
      if (s.next != ValueId::kNone) feed_[s.name] = (*values)[static_cast<size_t>(s.next)].Clone();
    }
    for (const auto& s : session_.states()) ExpectSame(s->tensor(), feed_.at(s->name), s->name);
    return true;
  }

 private:
  Graph graph_;
  Feed feed_;
  Session session_;
  Executor* executor_ = nullptr;
};

TEST(RandomGraphTest, ProgramsComputeWhatTheirGraphsSay) {
  const CaseTable table(/*max_elements=*/400);
  int twice = 0;
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    StatusOr<Trial> trial = MakeRandomGraph(table, {.seed = seed, .steps = 20, .gradients = false});
    ASSERT_TRUE(trial.ok()) << Message(trial.status());
    ASSERT_TRUE(Bind(trial->graph, trial->bindings).ok());
    StatusOr<Feed> feed = MakeFeed(trial->graph, trial->inputs);
    ASSERT_TRUE(feed.ok()) << Message(feed.status());
    RandomProgram program(trial->graph, *std::move(feed));
    program.Compile();
    if (HasFatalFailure()) return;
    if (program.Run()) twice += program.Run();
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(twice, 250);
}

}  // namespace
}  // namespace weft
