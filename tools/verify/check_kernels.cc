#include "tools/verify/check_kernels.h"

#include <algorithm>
#include <cmath>

#include "base/philox.h"
#include "compiler/passes/decompose_all.h"
#include "compiler/passes/widen.h"
#include "ir/cost.h"
#include "tools/verify/compare.h"
#include "tools/verify/walk.h"

namespace weft {
namespace {

// One node on its own: inputs "0", "1", ... and its outputs.
struct OneNode {
  Graph graph;
  Feed feed;
};

std::string InputName(size_t i) { return fmt::format("input{}", i); }

OneNode Isolate(const Graph& graph, NodeId id, const std::vector<Tensor>& inputs) {
  const Node& node = graph.node(id);
  OneNode one;
  std::vector<ValueId> operands;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    operands.push_back(ValueId::kNone);
    if (node.inputs[i] == ValueId::kNone) continue;
    operands.back() = one.graph.AddInput(InputName(i), graph.value(node.inputs[i]).type);
    one.feed.emplace(InputName(i), inputs[i]);
  }
  std::vector<Graph::NewOutput> outputs;
  for (ValueId v : node.outputs) {
    if (v == ValueId::kNone) outputs.push_back({});
    if (v != ValueId::kNone)
      outputs.push_back({fmt::format("output{}", outputs.size()), graph.value(v).type});
  }
  const NodeId copy = one.graph.AddNode(*node.op, node.attributes, operands, std::move(outputs), node.scope);
  for (ValueId v : one.graph.node(copy).outputs) {
    if (v != ValueId::kNone) one.graph.AddOutput(v);
  }
  return one;
}

// Floats whose last bit has moved a little, at random; whole numbers as they are.
Feed Moved(const Feed& feed, uint64_t seed) {
  Feed moved;
  RandomKey key{.seed = seed};
  for (const auto& [name, tensor] : feed) {
    ++key.stream;
    if (!IsFloat(tensor.dtype())) {
      moved.emplace(name, tensor);
      continue;
    }
    const double unit = UnitRoundoff(tensor.dtype());
    Tensor t = Tensor::Zeros(DataType::kF64, tensor.shape());
    const std::span<double> out = t.as_mutable<double>();
    for (size_t i = 0; i < out.size(); ++i) {
      const double side = 2.0 * UniformFloat(RandomWord(key, i)) - 1;
      out[i] = ElementAsDouble(tensor, static_cast<int64_t>(i)) * (1 + unit * side);
    }
    moved.emplace(name, std::move(t));
  }
  return moved;
}

// The graph's outputs.
StatusOr<std::vector<Tensor>> OutputsOf(const Graph& graph, const Feed& feed,
                                        const InterpretOptions& options = {}) {
  WEFT_ASSIGN_OR_RETURN(std::vector<Tensor> values, Interpret(graph, feed, options));
  std::vector<Tensor> outputs;
  for (ValueId v : graph.outputs()) outputs.push_back(values[static_cast<size_t>(v)]);
  return outputs;
}

// What a node must give: in f64, at its own types by its body, and in f64 from moved inputs.
constexpr uint64_t kDisturbed = 2;  // runs of the body whose roundings went another way
constexpr uint64_t kMoved = 4;  // draws of moved inputs: in one, terms that cancel may hardly move the sum

struct References {
  std::vector<Tensor> wide, narrow;
  std::vector<std::vector<Tensor>> disturbed, moved;
};

// Rounds every float of a body's values to one of its neighbours, at random: how much the body errs on a few
// numbers is luck otherwise, and 0 on some.
InterpretOptions Disturbance(uint64_t seed) {
  InterpretOptions options;
  options.after = [key = RandomKey{.seed = seed}](Tensor& t) mutable {
    ++key.stream;
    if (!IsFloat(t.dtype())) return;
    const double ulp = 2 * UnitRoundoff(t.dtype());
    for (int64_t i = 0; i < t.num_elements(); ++i) {
      const double side = static_cast<double>(RandomWord(key, static_cast<uint64_t>(i)) % 3) - 1;
      SetElementFromDouble(t, i, ElementAsDouble(t, i) * (1 + ulp * side));
    }
  };
  return options;
}

StatusOr<References> ReferencesOf(const OneNode& one) {
  References r;
  Graph wide = one.graph;
  WEFT_RETURN_IF_ERROR(Widen(wide));
  WEFT_RETURN_IF_ERROR(DecomposeAll(wide));
  WEFT_ASSIGN_OR_RETURN(r.wide, OutputsOf(wide, one.feed));
  Graph narrow = one.graph;
  WEFT_RETURN_IF_ERROR(DecomposeAll(narrow));
  WEFT_ASSIGN_OR_RETURN(r.narrow, OutputsOf(narrow, one.feed));
  for (uint64_t seed = 1; seed <= kDisturbed; ++seed) {
    StatusOr<std::vector<Tensor>> outputs = OutputsOf(narrow, one.feed, Disturbance(seed));
    if (outputs.ok()) r.disturbed.push_back(*std::move(outputs));
  }
  // A probability of 1 cannot move up: then nothing is known of how the result moves.
  for (uint64_t seed = 1; seed <= kMoved; ++seed) {
    StatusOr<std::vector<Tensor>> outputs = OutputsOf(wide, Moved(one.feed, seed));
    if (outputs.ok()) r.moved.push_back(*std::move(outputs));
  }
  return r;
}

// The largest finite difference of `output` between runs and the one in f64.
double LargestError(const std::vector<std::vector<Tensor>>& runs, const References& r, size_t output) {
  double largest = 0;
  for (const std::vector<Tensor>& outputs : runs) {
    const double error = Compare(outputs[output], r.wide[output]).error;
    if (std::isfinite(error)) largest = std::max(largest, error);
  }
  return largest;
}

class KernelCheck {
 public:
  KernelCheck(const Program& program, const KernelOptions& options, VerifyReport* report)
      : graph_(program.graph), options_(options), report_(report) {}

  // An error ends the walk; Ended says whether it was meant to.
  Status See(const CallSeen& seen) {
    if (options_.before) WEFT_RETURN_IF_ERROR(options_.before(*seen.call));
    const NodeId id = seen.call->node;
    const StatusOr<References> references = ReferencesOf(Isolate(graph_, id, seen.inputs));
    if (!references.ok()) return Prefix(graph_.Describe(id), references.status());
    VerifyReport::Count& count =
        report_->kernels[{std::string(graph_.node(id).op->name), std::string(seen.call->kernel)}];
    ++count.calls;
    size_t present = 0;
    for (const Tensor& got : Present(seen)) {
      Judge(*seen.call, got, *references, present++, &count);
    }
    ended_ = found_ >= options_.max_findings;
    return ended_ ? FailedPrecondition("enough was found") : OkStatus();
  }
  bool ended() const { return ended_; }

 private:
  static std::vector<Tensor> Present(const CallSeen& seen) {
    std::vector<Tensor> present;
    for (size_t i = 0; i < seen.outputs.size(); ++i) {
      if (seen.call->outputs[i].value != ValueId::kNone) present.push_back(seen.outputs[i]);
    }
    return present;
  }

  // Operations for each element of output `got`: how many terms it may be a sum of.
  double Terms(NodeId id, const Tensor& got) const {
    const double n =
        NodeFlops(graph_.TypesOf(id)) / static_cast<double>(std::max<int64_t>(got.num_elements(), 1));
    return std::max(1.0, n);
  }

  void Judge(const Call& call, const Tensor& got, const References& r, size_t output,
             VerifyReport::Count* count) {
    count->values += got.num_elements();
    const Difference d = Compare(got, r.wide[output]);
    const double rounding = UnitRoundoff(got.dtype()) * d.magnitude;
    double body = Compare(r.narrow[output], r.wide[output]).error;
    if (IsFloat(got.dtype())) body = std::max(body, LargestError(r.disturbed, r, output));
    double allowed = 2 * std::max(body, rounding) + rounding;
    if (IsFloat(got.dtype())) {
      allowed += std::sqrt(Terms(call.node, got)) * LargestError(r.moved, r, output);
      constexpr double kSmallestNormal = 0x1p-126;
      allowed = std::max(allowed, 4 * kSmallestNormal);
    }
    if (d.error <= allowed) {
      if (d.error > 0 && std::isfinite(allowed)) count->worst = std::max(count->worst, d.error / allowed);
      return;
    }
    size_t at = output;
    for (const CallOperand& o : call.outputs) {
      if (o.value == ValueId::kNone) continue;
      if (at-- > 0) continue;
      Finding f = FindingAt(CheckKind::kKernel, graph_, call.node, graph_.value(o.value).name);
      f.kernel = call.kernel;
      f.index = Coordinates(got.shape(), d.index);
      f.got = ElementAsDouble(got, d.index), f.want = ElementAsDouble(r.wide[output], d.index);
      f.error = d.error, f.allowed = allowed;
      report_->findings.push_back(std::move(f));
      ++found_;
      return;
    }
  }

  const Graph& graph_;
  const KernelOptions& options_;
  VerifyReport* report_;
  int64_t found_ = 0;
  bool ended_ = false;
};

}  // namespace

Status CheckKernels(const Program& program, const Feed& feed, const KernelOptions& options,
                    VerifyReport* report) {
  KernelCheck check(program, options, report);
  const Status status = WalkProgram(
      program, feed, [&](const CallSeen& seen) { return check.See(seen); }, report);
  return check.ended() ? OkStatus() : status;
}

}  // namespace weft
