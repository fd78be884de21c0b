// The operators' cases that are sizes worth timing (Case::benchmark), each with every kernel that takes it:
// GFLOP/s and GB/s as the operators count them (NodeFlops, NodeBytes).
//
//   operators_benchmark [--threads=N] [--plain] [Google Benchmark's flags, such as
//   --benchmark_filter=Product]
//
// Named Operator/case/kernel. Plain kernels, the references, are left out unless --plain is given or there is
// no other.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <memory>
#include <string_view>

#include "base/threads.h"
#include "ir/builder.h"
#include "ir/cost.h"
#include "ops/case_inputs.h"
#include "ops/cases.h"
#include "ops/evaluate.h"
#include "ops/registry.h"

namespace weft {
namespace {

struct Flags {
  int threads = 1;
  bool plain = false;
};

// One case of one operator as a graph of one node.
struct CaseNode {
  const OpDef* op = nullptr;
  Case c;
  Graph graph;
  NodeId node = NodeId::kNone;
};

StatusOr<std::shared_ptr<const CaseNode>> MakeCaseNode(const OpDef& op, Case c) {
  auto result = std::make_shared<CaseNode>();
  result->op = &op;
  Builder b(result->graph);
  std::vector<Var> operands;
  for (const CaseInput& in : c.inputs) {
    if (in.fill == CaseInput::kAbsent) {
      operands.emplace_back();
    } else {
      const DataType dtype = InputType(in, DataType::kF32);
      operands.push_back(b.Input(fmt::format("x{}", operands.size()), {dtype, ToDims(in.shape)}));
    }
  }
  b.EmitAll(op, c.attributes, operands, c.optional_outputs);
  if (!b.status().ok()) return Prefix(fmt::format("{} {}", op.name, c.name), b.status());
  result->node = result->graph.NodeIds().back();
  result->c = std::move(c);
  return std::shared_ptr<const CaseNode>(std::move(result));
}

// A kernel with the tensors it works on.
class Prepared {
 public:
  Status Create(const CaseNode& of, const KernelDef& def, int threads) {
    const KernelNode node = ToKernelNode(of.graph.TypesOf(of.node));
    WEFT_ASSIGN_OR_RETURN(kernel_, def.prepare(node, {threads, false}));
    inputs_ = MakeInputs(of.c.inputs, DataType::kF32);
    for (const Tensor* t : Pointers(inputs_)) in_.push_back(t == nullptr ? nullptr : t->data());
    for (const Operand& o : node.outputs) {
      outputs_.push_back(o.present ? Tensor::Zeros(o.dtype, o.shape) : Tensor());
      out_.push_back(o.present ? outputs_.back().mutable_data() : nullptr);
    }
    workspace_ = Tensor::Zeros(DataType::kU8, {kernel_->workspace_bytes()});
    return OkStatus();
  }
  Status Run() { return kernel_->Run({in_.data(), out_.data(), workspace_.mutable_data()}); }

 private:
  std::unique_ptr<Kernel> kernel_;
  std::vector<std::optional<Tensor>> inputs_;
  std::vector<Tensor> outputs_;
  Tensor workspace_;
  std::vector<const void*> in_;
  std::vector<void*> out_;
};

// The kernel that was timed last, with its tensors: Google Benchmark calls a function several times in a row
// to find how often to repeat it, and large inputs take longer to make than to work on.
struct Last {
  std::string name;
  Prepared prepared;
};

void Register(const std::shared_ptr<const CaseNode>& node, const KernelDef& def, int threads,
              const std::shared_ptr<std::unique_ptr<Last>>& last) {
  const std::string name = fmt::format("{}/{}/{}", node->op->name, node->c.name, def.name);
  const auto run = [=, &def](benchmark::State& state) {
    if (*last == nullptr || (*last)->name != name) {
      *last = std::make_unique<Last>();
      (*last)->name = name;
      const Status status = (*last)->prepared.Create(*node, def, threads);
      if (!status.ok()) return state.SkipWithError(Message(status).c_str());
    }
    for (auto iteration : state) {
      const Status status = (*last)->prepared.Run();
      if (!status.ok()) return state.SkipWithError(Message(status).c_str());
    }
    const NodeTypes types = node->graph.TypesOf(node->node);
    using benchmark::Counter;
    state.counters["GFLOP"] = Counter(1e-9 * NodeFlops(types), Counter::kIsIterationInvariantRate);
    state.counters["GB"] = Counter(1e-9 * NodeBytes(types), Counter::kIsIterationInvariantRate);
  };
  benchmark::RegisterBenchmark(name.c_str(), run)->UseRealTime()->Unit(benchmark::kMicrosecond);
}

Status RegisterAll(const Flags& flags) {
  const auto last = std::make_shared<std::unique_ptr<Last>>();
  for (const OpEntry& entry : AllOps()) {
    for (Case& c : CasesOf(*entry.def).cases) {
      if (!c.benchmark) continue;
      WEFT_ASSIGN_OR_RETURN(const std::shared_ptr<const CaseNode> node,
                            MakeCaseNode(*entry.def, std::move(c)));
      const KernelNode kernel_node = ToKernelNode(node->graph.TypesOf(node->node));
      bool faster = false;
      for (const KernelDef& def : CpuKernels(*entry.def)) {
        if (!def.accepts(kernel_node).empty() || (def.name == "plain" && faster && !flags.plain)) continue;
        faster = true;
        Register(node, def, flags.threads, last);
      }
    }
  }
  return OkStatus();
}

// Takes our own flags out of argv.
bool ParseFlags(int* argc, char** argv, Flags* flags) {
  int kept = 1;
  for (int i = 1; i < *argc; ++i) {
    std::string_view arg = argv[i];
    if (arg == "--plain") {
      flags->plain = true;
    } else if (arg.starts_with("--threads=")) {
      arg.remove_prefix(10);
      const auto [end, error] = std::from_chars(arg.data(), arg.data() + arg.size(), flags->threads);
      if (error != std::errc() || end != arg.data() + arg.size() || flags->threads < 1 ||
          flags->threads > 1024) {
        fmt::print(stderr, "{}: expected 1 to 1024\n", argv[i]);
        return false;
      }
    } else {
      argv[kept++] = argv[i];
    }
  }
  *argc = kept;
  return true;
}

int Main(int argc, char** argv) {
  Flags flags{.threads = AvailableProcessors()};
  if (!ParseFlags(&argc, argv, &flags)) return 2;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  if (const Status status = RegisterAll(flags); !status.ok()) {
    fmt::print(stderr, "{}\n", Message(status));
    return 1;
  }
  benchmark::AddCustomContext("kernel threads", fmt::format("{}", flags.threads));
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) { return weft::Main(argc, argv); }
