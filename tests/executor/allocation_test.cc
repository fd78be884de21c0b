// Nothing of ours allocates inside a step; what oneDNN takes on its own is small and bounded.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "compiler/compile.h"
#include "ops/cases.h"
#include "ops/registry.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/executor/session.h"
#include "tests/compiler/test_ops/test_ops.h"
#include "tests/executor/count_allocations.h"

namespace weft::test {
namespace {

constexpr int kRuns = 3;
constexpr int kThreads = 2;
// Of one call for each thread: some of its products pack their operands into memory of their own.
constexpr int64_t kLibraryBytes = 4 << 20;

TEST(AllocationTest, TheCounterSeesOurs) {
  if (!CanCountAllocations()) GTEST_SKIP() << "a sanitizer owns the allocator";
  StartCountingAllocations();
  auto* volatile one = new int(3);
  void* volatile two = std::malloc(10);
  const Allocations seen = StopCountingAllocations();
  delete one;
  std::free(two);
  EXPECT_EQ(seen.ours, 2);
  EXPECT_FALSE(seen.first_of_ours.empty());
}

// A float64 that is given stands for any float.
DataType TypeOf(const CaseInput& input) {
  const bool given = input.fill == CaseInput::kGiven;
  return given && input.given.dtype() == DataType::kF64 ? DataType::kF32 : input.dtype;
}

// Inputs that the kernel takes; which, does not matter here.
Tensor Filled(const CaseInput& input) {
  Tensor t =
      Tensor::Zeros(TypeOf(input), input.fill == CaseInput::kGiven ? input.given.shape() : input.shape);
  if (input.fill == CaseInput::kGiven) {
    for (int64_t i = 0; i < t.num_elements(); ++i)
      SetElementFromDouble(t, i, ElementAsDouble(input.given, i));
    return t;
  }
  for (int64_t i = 0; i < t.num_elements(); ++i) {
    const double part = static_cast<double>(i % 7) / 7;
    SetElementFromDouble(t, i,
                         input.fill == CaseInput::kIntegers || input.fill == CaseInput::kUniform
                             ? input.low + part * (input.high - input.low)
                             : part);
  }
  return t;
}

StatusOr<Graph> GraphOf(const OpDef& op, const Case& c) {
  Graph graph;
  Builder b(graph);
  std::vector<Var> inputs;
  for (size_t i = 0; i < c.inputs.size(); ++i) {
    const CaseInput& in = c.inputs[i];
    if (in.fill == CaseInput::kAbsent) {
      inputs.emplace_back();
      continue;
    }
    const Shape& shape = in.fill == CaseInput::kGiven ? in.given.shape() : in.shape;
    inputs.push_back(b.Input(fmt::format("in{}", i), {TypeOf(in), ToDims(shape)}));
  }
  for (Var y : b.EmitAll(op, c.attributes, inputs, c.optional_outputs)) b.Output(y);
  WEFT_RETURN_IF_ERROR(b.status());
  return graph;
}

// One node of the operator, run through the executor: `seen` of kRuns runs after a first one.
Status CountRuns(const OpDef& op, const Case& c, Allocations* seen) {
  WEFT_ASSIGN_OR_RETURN(Graph graph, GraphOf(op, c));
  WEFT_ASSIGN_OR_RETURN(Program program, CompileBound(std::move(graph), CpuTarget({.threads = kThreads})));
  Session session;
  WEFT_ASSIGN_OR_RETURN(Executor * executor, session.AddProgram("p", std::move(program)));
  for (size_t i = 0; i < c.inputs.size(); ++i) {
    if (c.inputs[i].fill == CaseInput::kAbsent) continue;
    WEFT_RETURN_IF_ERROR(executor->SetInput(fmt::format("in{}", i), Filled(c.inputs[i])));
  }
  WEFT_RETURN_IF_ERROR(executor->Run());
  StartCountingAllocations();
  Status status;
  for (int run = 0; run < kRuns && status.ok(); ++run) status = executor->Run();
  *seen = StopCountingAllocations();
  return status;
}

// Every case of every operator, also those that land later.
TEST(AllocationTest, NoKernelOfOursAllocates) {
  if (!CanCountAllocations()) GTEST_SKIP() << "a sanitizer owns the allocator";
  for (const OpEntry& entry : AllOps()) {
    for (const Case& c : CasesOf(*entry.def).cases) {
      if (c.benchmark) continue;
      SCOPED_TRACE(fmt::format("{} {}", entry.def->name, c.name));
      Allocations seen;
      const Status status = CountRuns(*entry.def, c, &seen);
      ASSERT_TRUE(status.ok()) << entry.def->name << " " << c.name << ": " << Message(status);
      EXPECT_EQ(seen.ours, 0) << entry.def->name << " " << c.name << ": " << seen.first_of_ours;
      // The product library allocates some six times a product; an operator over tiles makes several.
      EXPECT_LE(seen.library, 128 * kRuns) << entry.def->name << " " << c.name;
      EXPECT_LE(seen.library_bytes, kLibraryBytes * kThreads * kRuns) << entry.def->name << " " << c.name;
    }
  }
}

TEST(AllocationTest, NoStepAllocates) {
  if (!CanCountAllocations()) GTEST_SKIP() << "a sanitizer owns the allocator";
  Model m;
  Var x = m.In("x", {64, 32});
  Var w = m.Param("w", {64, 32});
  std::vector<Var> halves = m.b.EmitMany(Halves{}, {m.Op(AddTo{}, {x, w})}, 0);
  m.b.Output(m.Op(SumAll{}, {m.Op(AddTo{}, {halves[0], halves[1]})}, "loss"));
  m.Next(w, m.Op(Step{}, {w, m.Op(Scale{}, {x})}));
  StatusOr<Program> program = CompileBound(m.graph, TestTarget());
  ASSERT_TRUE(program.ok());
  Session session;
  Executor& e = **session.AddProgram("step", *std::move(program));
  const Tensor batch = Tensor::Zeros(DataType::kF32, {64, 32});
  ASSERT_TRUE(e.SetInput("x", batch).ok());
  StartCountingAllocations();
  for (int step = 0; step < kRuns; ++step) {
    ASSERT_TRUE(e.SetInput("x", batch).ok());  // into its own buffer
    ASSERT_TRUE(e.Run(step).ok());
  }
  const Allocations seen = StopCountingAllocations();
  EXPECT_EQ(seen.ours, 0) << seen.first_of_ours;
}

}  // namespace
}  // namespace weft::test
