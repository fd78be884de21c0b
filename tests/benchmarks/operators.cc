// The operators' cases that are sizes worth timing (Case::benchmark), each with every kernel that takes it:
// GFLOP/s and GB/s as the operators count them (NodeFlops, NodeBytes).
//
//   operators_benchmark [--threads=N] [--plain] [--bodies] [Google Benchmark's flags, such as
//   --benchmark_filter=Product]
//
// Named Operator/case/kernel. Plain kernels, the references, are left out unless --plain is given or there is
// no other. With --bodies also Operator/case/body: the operators of its body one by one, with their fastest
// kernels; GB/s are still those of the operator, so that the two compare.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <deque>
#include <memory>
#include <string_view>

#include "base/threads.h"
#include "ir/builder.h"
#include "ir/cost.h"
#include "ops/case_inputs.h"
#include "ops/cases.h"
#include "ops/evaluate.h"
#include "ops/registry.h"
#include "ops/widened_kernel.h"

namespace weft {
namespace {

struct Flags {
  int threads = 1;
  bool plain = false;
  bool bodies = false;
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

// The body of the case's node, on the same inputs.
StatusOr<Graph> BodyGraph(const CaseNode& of) {
  Graph graph;
  Builder b(graph);
  const NodeTypes types = of.graph.TypesOf(of.node);
  std::vector<Var> inputs;
  for (size_t i = 0; i < types.inputs.size(); ++i) {
    inputs.emplace_back();
    if (types.has_input(i)) inputs.back() = b.Input(fmt::format("x{}", i), types.input(i));
  }
  for (Var y : Decompose(b, types, inputs)) {
    if (y.valid()) graph.AddOutput(y.id);
  }
  WEFT_RETURN_IF_ERROR(b.status());
  return graph;
}

// Kernels for the nodes of a graph, with the tensors they work on.
class Prepared {
 public:
  // `def` is the kernel of the graph's one node; null: each node's fastest.
  Status Create(const Graph& graph, const Case& c, const KernelDef* def, int threads) {
    std::vector<void*> data(graph.num_value_slots(), nullptr);
    const auto keep = [&](ValueId v, Tensor tensor) {
      data[static_cast<size_t>(v)] = tensors_.emplace_back(std::move(tensor)).mutable_data();
    };
    size_t next = 0;
    for (std::optional<Tensor>& t : MakeInputs(c.inputs, DataType::kF32)) {
      if (t) keep(graph.inputs()[next++], *std::move(t));
    }
    for (ValueId v : graph.ConstantIds()) keep(v, graph.value(v).constant->Clone());
    int64_t workspace = 0;
    for (NodeId id : graph.NodeIds()) {
      const KernelNode node = ToKernelNode(graph.TypesOf(id));
      const KernelDef* chosen = def;
      if (def == nullptr) {
        WEFT_ASSIGN_OR_RETURN(chosen, SelectCpuKernel(node, {threads, false}));
      }
      Call& call = calls_.emplace_back();
      WEFT_ASSIGN_OR_RETURN(call.kernel, chosen->prepare(node, {threads, false}));
      workspace = std::max(workspace, call.kernel->workspace_bytes());
      for (ValueId v : graph.node(id).inputs)
        call.in.push_back(v == ValueId::kNone ? nullptr : data[static_cast<size_t>(v)]);
      for (ValueId v : graph.node(id).outputs) {
        if (v != ValueId::kNone)
          keep(v, Tensor::Zeros(graph.value(v).type.dtype, ToShape(graph.value(v).type.shape)));
        call.out.push_back(v == ValueId::kNone ? nullptr : data[static_cast<size_t>(v)]);
      }
    }
    workspace_ = Tensor::Zeros(DataType::kU8, {workspace});
    return OkStatus();
  }
  Status Run() {
    for (Call& call : calls_) {
      WEFT_RETURN_IF_ERROR(call.kernel->Run({call.in.data(), call.out.data(), workspace_.mutable_data()}));
    }
    return OkStatus();
  }

 private:
  struct Call {
    std::unique_ptr<Kernel> kernel;
    std::vector<const void*> in;
    std::vector<void*> out;
  };
  std::vector<Call> calls_;
  std::deque<Tensor> tensors_;
  Tensor workspace_;
};

// The kernel that was timed last, with its tensors: Google Benchmark calls a function several times in a row
// to find how often to repeat it, and large inputs take longer to make than to work on.
struct Last {
  std::string name;
  Prepared prepared;
};

// `def` null: the body.
void Register(const std::shared_ptr<const CaseNode>& node, const KernelDef* def, int threads,
              const std::shared_ptr<std::unique_ptr<Last>>& last) {
  const std::string_view how = def == nullptr ? "body" : def->name;
  const std::string name = fmt::format("{}/{}/{}", node->op->name, node->c.name, how);
  const auto run = [=](benchmark::State& state) {
    if (*last == nullptr || (*last)->name != name) {
      *last = std::make_unique<Last>();
      (*last)->name = name;
      const StatusOr<Graph> graph = def == nullptr ? BodyGraph(*node) : StatusOr<Graph>(node->graph);
      if (!graph.ok()) return state.SkipWithError(Message(graph.status()).c_str());
      const Status status = (*last)->prepared.Create(*graph, node->c, def, threads);
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
        Register(node, &def, flags.threads, last);
      }
      if (flags.bodies && entry.def->decompose != nullptr) Register(node, nullptr, flags.threads, last);
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
    } else if (arg == "--bodies") {
      flags->bodies = true;
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
