#include "tools/verify/check_gradients.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/philox.h"
#include "compiler/passes/differentiate.h"
#include "compiler/passes/widen.h"
#include "ir/builder.h"
#include "ops/identity/op.h"
#include "tools/verify/trial.h"

namespace weft {
namespace {

constexpr double kTolerance = 2e-5;
constexpr double kSteps[] = {1e-5, 1e-6, 1e-7};

// An output that ONNX lacks, of an operator that ONNX has: kept for backward.
bool IsSaved(const Graph& graph, ValueId v) {
  const Value& value = graph.value(v);
  if (value.producer == NodeId::kNone) return false;
  const OpDef& op = *graph.node(value.producer).op;
  return op.outputs[std::min<size_t>(static_cast<size_t>(value.index), op.outputs.size() - 1)].weft_only &&
         !op.weft_domain();
}

StatusOr<ValueId> InputNamed(const Graph& graph, const std::string& name) {
  for (ValueId v : graph.inputs()) {
    if (FeedName(graph, v) == name) return v;
  }
  return InvalidArgument("there is no input '{}' to differentiate by", name);
}

// A direction: a tensor for each input that moves.
using Direction = std::map<std::string, Tensor>;

Tensor RandomDirection(const Tensor& like, uint64_t seed) {
  Tensor t = Tensor::Zeros(DataType::kF64, like.shape());
  const std::span<double> x = t.as_mutable<double>();
  for (size_t i = 0; i < x.size(); ++i) x[i] = 2.0 * UniformFloat(RandomWord({.seed = seed}, i)) - 1;
  return t;
}

class Differences {
 public:
  Differences(const Graph& forward, const Feed& feed) : forward_(forward), feed_(feed) {}

  // <dy, outputs> at inputs + h * direction.
  StatusOr<double> Objective(const Direction& direction, double h) const {
    Feed moved = feed_;
    for (const auto& [name, v] : direction) {
      const Tensor& x = feed_.find(name)->second;
      Tensor t = Tensor::Zeros(DataType::kF64, x.shape());
      const std::span<double> out = t.as_mutable<double>();
      for (size_t i = 0; i < out.size(); ++i)
        out[i] = ElementAsDouble(x, static_cast<int64_t>(i)) + h * v.as<double>()[i];
      moved[name] = std::move(t);
    }
    WEFT_ASSIGN_OR_RETURN(const std::vector<Tensor> values, Interpret(forward_, moved));
    double sum = 0;
    for (ValueId v : SeededOutputs(forward_)) {
      const Tensor& y = values[static_cast<size_t>(v)];
      const Tensor& dy = feed_.find("dy." + forward_.value(v).name)->second;
      for (int64_t i = 0; i < y.num_elements(); ++i) sum += ElementAsDouble(dy, i) * ElementAsDouble(y, i);
    }
    return sum;
  }

 private:
  const Graph& forward_;
  const Feed& feed_;
};

enum class Outcome : uint8_t { kEqual, kKink, kDiffers };
struct Compared {
  Outcome outcome;
  double numeric = 0, allowed = 0;
};

StatusOr<Compared> CompareAlong(const Differences& f, const Direction& direction, double analytic) {
  Compared c{Outcome::kDiffers};
  WEFT_ASSIGN_OR_RETURN(const double here, f.Objective({}, 0));
  if (!std::isfinite(here) || !std::isfinite(analytic)) return Compared{Outcome::kKink};
  bool kink = true, jump = true;  // at a jump the differences grow as the step shrinks: they agree nowhere
  double before = std::numeric_limits<double>::infinity();
  for (const double h : kSteps) {
    // Beyond the domain there is nothing to compare.
    const StatusOr<double> above = f.Objective(direction, h), below = f.Objective(direction, -h);
    if (!above.ok() || !below.ok()) return Compared{Outcome::kKink};
    c.numeric = (*above - *below) / (2 * h);
    const double scale = std::max({1.0, std::fabs(c.numeric), std::fabs(analytic)});
    c.allowed = kTolerance * scale;
    // What rounding leaves of the difference of two such sums.
    if (0x1p-48 * std::fabs(here) / h > c.allowed) return Compared{Outcome::kKink};
    if (std::fabs(c.numeric - analytic) <= c.allowed) return Compared{Outcome::kEqual, c.numeric, c.allowed};
    const double right = (*above - here) / h, left = (here - *below) / h;
    kink &= !(std::fabs(right - left) <= 1e-3 * scale);
    jump &= !(std::fabs(c.numeric - before) <= 1e-3 * scale);
    before = c.numeric;
  }
  if (kink || jump) c.outcome = Outcome::kKink;
  return c;
}

}  // namespace

std::vector<ValueId> SeededOutputs(const Graph& graph) {
  std::vector<ValueId> seeded;
  for (ValueId v : graph.outputs()) {
    if (IsFloat(graph.value(v).type.dtype) && !IsSaved(graph, v)) seeded.push_back(v);
  }
  return seeded;
}

StatusOr<Graph> GradientGraph(const Graph& forward, const std::vector<std::string>& by) {
  Graph graph = forward;
  std::vector<GradientSeed> seeds;
  for (ValueId v : SeededOutputs(graph)) {
    const TensorType type = graph.value(v).type;
    seeds.push_back({v, graph.AddInput("dy." + graph.value(v).name, type)});
  }
  std::vector<ValueId> wrt;
  for (const std::string& name : by) {
    WEFT_ASSIGN_OR_RETURN(const ValueId input, InputNamed(graph, name));
    wrt.push_back(input);
  }
  for (State& s : graph.mutable_states()) s.next = ValueId::kNone;
  WEFT_ASSIGN_OR_RETURN(const std::vector<ValueId> gradients, Differentiate(graph, seeds, wrt));
  graph.SetOutputs({});
  Builder b(graph);
  b.set_phase(Phase::kBackward);
  for (size_t i = 0; i < by.size(); ++i) {
    const TensorType& type = graph.value(wrt[i]).type;
    Var gradient = gradients[i] != ValueId::kNone
                       ? b.Wrap(gradients[i])
                       : b.Constant(Tensor::Zeros(type.dtype, ToShape(type.shape)));
    b.Output(ops::Identity(gradient), by[i] + ".grad");
  }
  WEFT_RETURN_IF_ERROR(b.status());
  WEFT_RETURN_IF_ERROR(Verify(graph));
  return graph;
}

Status CheckGradients(const Graph& forward, const Graph& gradient, const std::vector<std::string>& by,
                      const Feed& feed, VerifyReport* report) {
  Graph wide = forward, wide_gradient = gradient;
  WEFT_RETURN_IF_ERROR(Widen(wide));
  WEFT_RETURN_IF_ERROR(Widen(wide_gradient));
  WEFT_ASSIGN_OR_RETURN(const std::vector<Tensor> values, Interpret(wide_gradient, feed));
  const Differences differences(wide, feed);
  Direction all;
  double along_all = 0;
  const auto compare = [&](const std::string& what, const Direction& direction, double analytic) -> Status {
    WEFT_ASSIGN_OR_RETURN(const Compared c, CompareAlong(differences, direction, analytic));
    if (c.outcome == Outcome::kKink) ++report->kinks;
    if (c.outcome != Outcome::kKink) ++report->gradients.calls;
    if (c.outcome != Outcome::kDiffers) return OkStatus();
    Finding f = FindingAt(CheckKind::kGradient, gradient, NodeId::kNone, what);
    f.got = analytic, f.want = c.numeric;
    f.error = std::fabs(analytic - c.numeric), f.allowed = c.allowed;
    f.message = "the gradient along a random direction";
    report->findings.push_back(std::move(f));
    return OkStatus();
  };
  for (size_t k = 0; k < by.size(); ++k) {
    const Tensor direction = RandomDirection(feed.find(by[k])->second, 1000 + k);
    const Tensor& g = values[static_cast<size_t>(wide_gradient.outputs()[k])];
    double along = 0;
    for (int64_t i = 0; i < g.num_elements(); ++i)
      along += ElementAsDouble(g, i) * ElementAsDouble(direction, i);
    all.emplace(by[k], direction);
    along_all += along;
    WEFT_RETURN_IF_ERROR(compare(by[k] + ".grad", {{by[k], direction}}, along));
    if (!report->findings.empty()) return OkStatus();
  }
  return by.size() > 1 ? compare("all gradients", all, along_all) : OkStatus();
}

}  // namespace weft
