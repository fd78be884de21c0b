#include "tools/verify/check_rewrites.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "compiler/passes/decompose_all.h"
#include "compiler/passes/widen.h"
#include "ir/joined_name.h"
#include "ops/evaluate.h"
#include "tools/verify/compare.h"

namespace weft {
namespace {

constexpr double kTolerance = 1e-9;

// What is compared, in the order in which the optimised graph computes it.
struct Pair {
  std::string what;  // "state 'w'", or the value's name
  ValueId written, optimised;
  NodeId node;            // of the optimised graph as it is, not of its body
  bool is_result = true;  // an output or a state's next value
  int64_t row = 0;        // of the optimised value where the written one begins, which is one of its parts
};

size_t Index(ValueId v) { return static_cast<size_t>(v); }

// A state by its name, or the one that it has been joined into with others, and where it begins there.
struct FoundState {
  const State* state = nullptr;
  int64_t row = 0;
};
FoundState FindStateOrWhole(const Graph& graph, std::string_view name) {
  if (const State* state = graph.FindStateByName(name)) return {state, 0};
  for (const State& whole : graph.states()) {
    int64_t row = 0;
    for (const JoinedPart& part : PartsOf(whole.name)) {
      if (part.name == name) return {&whole, row};
      row += part.rows;
    }
  }
  return {};
}

// The rows of `whole` from `row` on that are as many as `like` has; all if it is not larger.
Tensor RowsLike(const Tensor& whole, int64_t row, const Tensor& like) {
  Shape rest = whole.shape(), expected = like.shape();
  if (rest == expected || rest.size() != expected.size() || rest.empty()) return whole;
  rest[0] = expected[0] = 0;
  if (rest != expected || row + like.shape()[0] > whole.shape()[0]) return whole;
  const int64_t row_bytes = static_cast<int64_t>(whole.size_bytes()) / whole.shape()[0];
  return Tensor::View(whole.dtype(), like.shape(),
                      static_cast<const std::byte*>(whole.data()) + row * row_bytes,
                      std::make_shared<Tensor>(whole));
}

// Folded constants as they are in f64.
void TakeTwins(Graph& graph, const WideFolder& folder) {
  for (ValueId id : graph.ConstantIds()) {
    const Tensor* twin = folder.Find(*graph.value(id).constant);
    if (twin == nullptr) continue;
    const ValueId wide = graph.AddConstant(graph.UniqueName(graph.value(id).name + ".twin"), *twin);
    std::vector<ValueId> outputs = graph.outputs();
    std::replace(outputs.begin(), outputs.end(), id, wide);
    graph.SetOutputs(std::move(outputs));
    for (State& s : graph.mutable_states()) {
      if (s.next == id) s.next = wide;
    }
    graph.ReplaceAllUses(id, wide);
  }
}

class Comparison {
 public:
  Comparison(const Graph& written, const Graph& optimised, const RewriteOptions& options)
      : written_(written), optimised_(optimised), options_(options) {}

  Status Prepare() {
    StatusOr<Graph> a = WideBody(written_);
    if (!a.ok()) return Prefix("the graph as it was written", a.status());
    StatusOr<Graph> b = WideBody(optimised_, options_.folder);
    if (!b.ok()) return Prefix("the optimised graph", b.status());
    wide_written_ = *std::move(a), wide_optimised_ = *std::move(b);
    for (NodeId id : optimised_.NodeIds()) {
      for (ValueId v : optimised_.node(id).outputs) {
        if (v == ValueId::kNone) continue;
        const std::string& name = optimised_.value(v).name;
        if (IsComparable(name)) AddPair(name, name, name, id);
      }
    }
    WEFT_RETURN_IF_ERROR(AddOutputs());
    return AddStates();
  }

  Status Run(const Feed& feed, VerifyReport* report) {
    std::vector<bool> keep_a(wide_written_.num_value_slots()), keep_b(wide_optimised_.num_value_slots());
    for (const Pair& p : pairs_) keep_a[Index(p.written)] = keep_b[Index(p.optimised)] = true;
    InterpretOptions run;
    run.before = options_.before;
    run.keep = [&](ValueId v) { return keep_a[Index(v)]; };
    WEFT_ASSIGN_OR_RETURN(const std::vector<Tensor> a, Interpret(wide_written_, feed, run));
    run.keep = [&](ValueId v) { return keep_b[Index(v)]; };
    WEFT_ASSIGN_OR_RETURN(const std::vector<Tensor> b, Interpret(wide_optimised_, feed, run));
    std::optional<Finding> first;
    bool equal = true;
    for (const Pair& p : pairs_) {
      std::optional<Finding> f = ComparePair(p, a[Index(p.written)], b[Index(p.optimised)], report);
      if (!f) continue;
      equal &= !p.is_result;
      if (!first) first = std::move(f);
    }
    if (!equal) report->findings.push_back(*std::move(first));
    return OkStatus();
  }

 private:
  bool IsComparable(const std::string& name) const {
    if (written_.Find(name) == ValueId::kNone) return false;
    return options_.names == nullptr || options_.names->contains(name);
  }

  void AddPair(const std::string& what, const std::string& written, const std::string& optimised,
               NodeId node) {
    const ValueId a = wide_written_.Find(written), b = wide_optimised_.Find(optimised);
    // A body may give an operand itself: then the value has no name of its own.
    if (a != ValueId::kNone && b != ValueId::kNone) pairs_.push_back({what, a, b, node, /*is_result=*/false});
  }

  // By position: an output may have become a copy under another name.
  Status AddOutputs() {
    const std::vector<ValueId>&a = wide_written_.outputs(), &b = wide_optimised_.outputs();
    if (a.size() != b.size())
      return InvalidArgument("the optimised graph has {} outputs, {} before", b.size(), a.size());
    for (size_t i = 0; i < a.size(); ++i) {
      const std::string& name = written_.value(written_.outputs()[i]).name;
      pairs_.push_back({name, a[i], b[i], optimised_.value(optimised_.outputs()[i]).producer, true});
    }
    return OkStatus();
  }

  Status AddStates() {
    for (const State& s : wide_written_.states()) {
      if (s.next == ValueId::kNone) continue;
      const FoundState other = FindStateOrWhole(wide_optimised_, s.name);
      const FoundState own = FindStateOrWhole(optimised_, s.name);
      if (other.state == nullptr || other.state->next == ValueId::kNone)
        return InvalidArgument("the optimised graph does not update state '{}'", s.name);
      pairs_.push_back({fmt::format("next value of state '{}'", s.name), s.next, other.state->next,
                        optimised_.value(own.state->next).producer, true, other.row});
    }
    return OkStatus();
  }

  // What differs, if anything does.
  std::optional<Finding> ComparePair(const Pair& p, const Tensor& a, const Tensor& whole,
                                     VerifyReport* report) const {
    const Tensor b = RowsLike(whole, p.row, a);
    Finding f = FindingAt(CheckKind::kRewrite, optimised_, p.node, p.what);
    if (a.shape() != b.shape() || IsFloat(a.dtype()) != IsFloat(b.dtype())) {
      f.value.clear();
      f.message = fmt::format("'{}' is {}{}, {}{} before it was optimised", p.what, weft::Name(b.dtype()),
                              ToString(b.shape()), weft::Name(a.dtype()), ToString(a.shape()));
      return f;
    }
    const Difference d = Compare(b, WhereFinite(a, b));
    f.allowed = kTolerance * std::max(1.0, d.magnitude);
    if (d.error <= f.allowed) {
      ++report->rewrites.calls;
      report->rewrites.values += a.num_elements();
      report->rewrites.worst = std::max(report->rewrites.worst, d.error / f.allowed);
      return std::nullopt;
    }
    f.error = d.error;
    f.index = Coordinates(a.shape(), d.index);
    f.got = ElementAsDouble(b, d.index), f.want = ElementAsDouble(a, d.index);
    return f;
  }

  // The numbers of `a`, with those of `b` where they are infinite or none.
  static Tensor WhereFinite(const Tensor& a, const Tensor& b) {
    bool finite = true;
    for (int64_t i = 0; i < a.num_elements() && finite; ++i) finite = std::isfinite(ElementAsDouble(a, i));
    if (finite) return a;
    Tensor t = a.Clone();
    for (int64_t i = 0; i < a.num_elements(); ++i) {
      if (!std::isfinite(ElementAsDouble(a, i))) SetElementFromDouble(t, i, ElementAsDouble(b, i));
    }
    return t;
  }

  const Graph& written_;
  const Graph& optimised_;
  const RewriteOptions& options_;
  Graph wide_written_, wide_optimised_;
  std::vector<Pair> pairs_;
};

}  // namespace

StatusOr<Graph> WideBody(const Graph& graph, const WideFolder* folder) {
  // Bodies first: their constants are then those of the pattern that the operator replaced.
  Graph wide = graph;
  WEFT_RETURN_IF_ERROR(DecomposeAll(wide));
  if (folder != nullptr) TakeTwins(wide, *folder);
  WEFT_RETURN_IF_ERROR(Widen(wide));
  return wide;
}

Evaluator WideFolder::evaluator() {
  return [this](const OpDef& op, const void* attributes, std::span<const Tensor* const> inputs,
                uint32_t optional_outputs) { return Fold(op, attributes, inputs, optional_outputs); };
}

const Tensor* WideFolder::Find(const Tensor& constant) const {
  const auto it = twins_.find(constant.data());
  return it == twins_.end() || it->second.narrow.shape() != constant.shape() ? nullptr : &it->second.wide;
}

// In f64 the body is run, with its constants as the type has them: as it is where nothing is folded.
StatusOr<std::vector<Tensor>> WideFolder::Fold(const OpDef& op, const void* attributes,
                                               std::span<const Tensor* const> inputs,
                                               uint32_t optional_outputs) {
  WEFT_ASSIGN_OR_RETURN(std::vector<Tensor> narrow, EvaluateNode(op, attributes, inputs, optional_outputs));
  Graph one;
  Feed feed;
  std::vector<ValueId> operands;
  for (size_t i = 0; i < inputs.size(); ++i) {
    operands.push_back(ValueId::kNone);
    if (inputs[i] == nullptr) continue;
    const std::string name = fmt::format("input{}", i);
    operands.back() = one.AddInput(name, {inputs[i]->dtype(), ToDims(inputs[i]->shape())});
    const Tensor* twin = Find(*inputs[i]);
    feed.emplace(name, twin != nullptr ? *twin : *inputs[i]);
  }
  std::vector<Graph::NewOutput> outputs;
  for (size_t i = 0; i < narrow.size(); ++i) {
    const bool optional = i < op.outputs.size() && op.outputs[i].arity == OperandDef::kOptional;
    outputs.emplace_back();
    if (optional && (optional_outputs >> i & 1) == 0) continue;
    outputs.back() = {fmt::format("output{}", i), {narrow[i].dtype(), ToDims(narrow[i].shape())}};
  }
  const NodeId id = one.AddNode(op, op.attributes.copy(attributes), operands, std::move(outputs));
  for (ValueId v : one.node(id).outputs) {
    if (v != ValueId::kNone) one.AddOutput(v);
  }
  WEFT_ASSIGN_OR_RETURN(const Graph wide, WideBody(one));
  WEFT_ASSIGN_OR_RETURN(const std::vector<Tensor> values, Interpret(wide, feed));
  size_t next = 0;
  for (size_t i = 0; i < one.node(id).outputs.size(); ++i) {
    if (one.node(id).outputs[i] == ValueId::kNone) continue;
    const Tensor& value = values[static_cast<size_t>(wide.outputs()[next++])];
    if (narrow[i].size_bytes() > 0 && IsFloat(narrow[i].dtype()))
      twins_[narrow[i].data()] = {narrow[i], value};
  }
  return narrow;
}

Status CheckRewrites(const Graph& written, const Graph& optimised, const Feed& feed,
                     const RewriteOptions& options, VerifyReport* report) {
  Comparison comparison(written, optimised, options);
  WEFT_RETURN_IF_ERROR(comparison.Prepare());
  return comparison.Run(feed, report);
}

}  // namespace weft
