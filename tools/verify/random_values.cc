#include "tools/verify/random_values.h"

#include <algorithm>
#include <cmath>

#include "compiler/passes/decompose.h"
#include "ir/body.h"
#include "ops/add/op.h"
#include "ops/case_inputs.h"
#include "ops/evaluate.h"
#include "ops/mul/op.h"
#include "ops/reshape/op.h"
#include "ops/sigmoid/op.h"
#include "ops/slice/op.h"

namespace weft {
namespace {

// Symbols and their numbers: sizes that many cases have.
const std::pair<const char*, int64_t> kSymbols[] = {{"batch", 2}, {"seq", 5}, {"width", 3}, {"heads", 4}};

bool AllDifferent(const Tensor& t) {
  std::vector<double> x;
  for (int64_t i = 0; i < t.num_elements(); ++i) x.push_back(ElementAsDouble(t, i));
  std::sort(x.begin(), x.end());
  return std::adjacent_find(x.begin(), x.end()) == x.end();
}

// Whether a value's numbers are such as the case asks for.
bool NumbersFit(const MadeValue& v, const CaseInput& in) {
  if (v.tensor.num_elements() == 0) return in.fill != CaseInput::kGiven;
  switch (in.fill) {
    case CaseInput::kNormal:
      return v.low >= in.low - 6 * in.high && v.high <= in.low + 6 * in.high;
    case CaseInput::kUniform:
      return v.low >= in.low && v.high <= in.high;
    case CaseInput::kIntegers:
      return v.low >= in.low && v.high < in.high;
    case CaseInput::kDistinct:
      return v.low >= -8 && v.high <= 8 && AllDifferent(v.tensor);
    default:
      return false;
  }
}

// A scalar that is rounded: more digits than anyone writes.
bool HasLongConstant(const Graph& graph) {
  for (ValueId id : graph.ConstantIds()) {
    const Tensor& t = *graph.value(id).constant;
    if (t.dtype() != DataType::kF32 || t.num_elements() != 1) continue;
    int exponent = 0;
    const double mantissa = std::frexp(ElementAsDouble(t, 0), &exponent) * 0x1p16;
    if (std::isfinite(mantissa) && std::floor(mantissa) != mantissa) return true;
  }
  return false;
}

}  // namespace

RandomValues::RandomValues(uint64_t seed, bool symbolic) : random_(seed), symbolic_(symbolic) {}

Dim RandomValues::Symbolic(int64_t size) {
  if (!symbolic_ || size < 2 || !Chance(60)) return size;
  const auto use = [&](size_t i) {
    trial_.bindings[kSymbols[i].first] = kSymbols[i].second;
    trial_.graph.symbol_bounds[kSymbols[i].first] = 2 * kSymbols[i].second;
    return Dim::Symbol(kSymbols[i].first);
  };
  for (size_t i = 0; i < std::size(kSymbols); ++i) {
    if (size == kSymbols[i].second) return use(i);
  }
  for (size_t i = 0; i < std::size(kSymbols); ++i) {
    for (size_t k = 0; k < i; ++k) {
      if (size == kSymbols[i].second * kSymbols[k].second) return use(i) * use(k);
    }
    if (size == kSymbols[i].second + 1) return use(i) + 1;
  }
  return size;
}

size_t RandomValues::Add(MadeValue value) {
  const Tensor& t = value.tensor;
  value.low = INFINITY, value.high = -INFINITY;
  for (int64_t i = 0; i < t.num_elements(); ++i) {
    const double x = ElementAsDouble(t, i);
    value.finite &= std::isfinite(x);
    value.low = std::min(value.low, x), value.high = std::max(value.high, x);
  }
  made_.push_back(std::move(value));
  return made_.size() - 1;
}

std::optional<size_t> RandomValues::FindFor(const CaseInput& in) {
  if (in.fill == CaseInput::kGiven || in.fill == CaseInput::kAbsent) return {};
  std::vector<size_t> fit;
  for (size_t i = 0; i < made_.size(); ++i) {
    const MadeValue& v = made_[i];
    if (!v.wire || !v.finite || v.tensor.dtype() != in.dtype || v.tensor.shape() != in.shape) continue;
    if (NumbersFit(v, in)) fit.push_back(i);
  }
  if (fit.empty()) return {};
  size_t at = static_cast<size_t>(Below(static_cast<int>(fit.size())));
  if (Chance(50)) at = std::max(at, static_cast<size_t>(Below(static_cast<int>(fit.size()))));
  return fit[at];
}

RandomValues::Fresh RandomValues::MakeFresh(const CaseInput& in) {
  Fresh f;
  f.rule = {in, random_() >> 16};
  f.tensor = MakeInput(in, DataType::kF32, f.rule.seed);
  for (int64_t d : in.shape) f.dims.push_back(Symbolic(d));
  return f;
}

size_t RandomValues::AddFresh(const Fresh& fresh, bool differentiable) {
  MadeValue v;
  v.tensor = fresh.tensor;
  const TensorType type{fresh.tensor.dtype(), fresh.dims};
  const int kind = Below(20);
  if (kind < 3 && IsConstant(fresh.dims)) {
    // All ones or zeros are what identities look for.
    if (fresh.rule.fill.fill == CaseInput::kNormal && Chance(30)) {
      const double number = Below(3) - 1;
      v.tensor = fresh.tensor.Clone();
      for (int64_t i = 0; i < v.tensor.num_elements(); ++i) SetElementFromDouble(v.tensor, i, number);
    }
    v.id = graph().AddConstant(fmt::format("c{}", next_++), v.tensor);
    return Add(std::move(v));
  }
  const std::string name = fmt::format("{}{}", kind < 9 ? "w" : "x", next_++);
  v.id = graph().AddInput(name, type);
  if (kind < 9) graph().AddState({name, StateRole::kParameter, v.id, ValueId::kNone, nullptr});
  trial_.inputs[name] = fresh.rule;
  v.inputs = {name};
  if (type.dtype == DataType::kF32) v.flows = {name};
  if (!differentiable) Block({name});
  return Add(std::move(v));
}

bool RandomValues::Infers(const OpDef& op, const void* attributes,
                          const std::vector<std::optional<TensorType>>& operands) {
  NodeTypes types;
  types.op = &op;
  types.attributes = attributes;
  types.scope = "random";
  for (const auto& t : operands) types.inputs.push_back(t ? &*t : nullptr);
  while (!types.inputs.empty() && types.inputs.back() == nullptr) types.inputs.pop_back();
  return InferTypes(types).ok();
}

std::shared_ptr<const void> RandomValues::Symbolized(const OpDef& op,
                                                     const std::shared_ptr<const void>& attributes) const {
  if (bindings().empty()) return attributes;
  std::shared_ptr<void> copy = op.attributes.copy(attributes.get());
  const auto symbolize = [&](Dim& d) {
    if (!d.is_constant()) return;
    for (const auto& [name, value] : bindings()) {
      if (d.value() != value) continue;
      d = Dim::Symbol(name);
      return;
    }
  };
  ForEachDim(op.fields, copy.get(), symbolize);
  return copy;
}

StatusOr<std::vector<Tensor>> RandomValues::Evaluate(const NodeUse& use) {
  std::shared_ptr<void> bound = use.op->attributes.copy(use.attributes.get());
  SubstituteDims(use.op->fields, bound.get(), bindings());
  std::vector<const Tensor*> operands;
  for (const auto& o : use.operands) operands.push_back(o ? &made_[*o].tensor : nullptr);
  while (!operands.empty() && operands.back() == nullptr) operands.pop_back();
  return EvaluateNode(*use.op, bound.get(), operands, use.optional_outputs, {1, true});
}

// The values of the outputs, kNone where absent; nothing where the builder refuses.
std::vector<ValueId> RandomValues::Emit(const NodeUse& use) {
  Builder b(graph());
  b.set_scope(use.scope);
  b.set_phase(use.phase);
  std::vector<Var> operands;
  for (const auto& o : use.operands) operands.push_back(o ? b.Wrap(made_[*o].id) : Var{});
  while (!operands.empty() && !operands.back().valid()) operands.pop_back();
  const std::vector<Var> outputs = b.EmitAll(*use.op, use.attributes, operands, use.optional_outputs);
  if (!b.status().ok()) return {};
  std::vector<ValueId> ids;
  for (Var v : outputs) ids.push_back(v.id);
  return use.body && use.op->decompose != nullptr ? WithBody(std::move(ids), use.exact_body) : ids;
}

// The values of the body in the place of the node that has just been added; the node stays where its body
// gives an operand as it is.
std::vector<ValueId> RandomValues::WithBody(std::vector<ValueId> ids, bool exact) {
  Graph whole = graph();
  std::vector<std::string> names;
  for (ValueId v : ids) names.push_back(v == ValueId::kNone ? "" : graph().value(v).name);
  if (DecomposeNode(graph(), graph().NodeIds().back()).ok()) {
    std::vector<ValueId> body;
    for (const std::string& name : names) {
      body.push_back(name.empty() ? ValueId::kNone : graph().Find(name));
      if (!name.empty() && body.back() == ValueId::kNone) break;
    }
    const bool lost = body.size() < ids.size() || (body.back() == ValueId::kNone && !names.back().empty());
    if (!lost && !(exact && HasLongConstant(graph())) && Verify(graph()).ok()) return body;
  }
  graph() = std::move(whole);
  return ids;
}

std::optional<size_t> RandomValues::AddOne(const OpDef& op, std::shared_ptr<const void> attributes,
                                           std::vector<std::optional<size_t>> operands) {
  const auto values = AddNode(
      {.op = &op, .attributes = std::move(attributes), .operands = std::move(operands), .scope = "adapt"});
  if (!values) return {};
  return values->front();
}

size_t RandomValues::AddScalar(double number) {
  MadeValue v;
  v.tensor = Tensor::Scalar<float>(static_cast<float>(number));
  v.id = graph().AddConstant(fmt::format("c{}", next_++), v.tensor);
  return Add(std::move(v));
}

// low + (high - low) * sigmoid(x)
std::optional<size_t> RandomValues::Squeeze(size_t x, double low, double high) {
  std::optional<size_t> y = AddOne(ops::SigmoidOp::def, Attributes(ops::SigmoidOp{}), {x});
  if (y) y = AddOne(ops::MulOp::def, Attributes(ops::MulOp{}), {y, AddScalar(high - low)});
  if (y) y = AddOne(ops::AddOp::def, Attributes(ops::AddOp{}), {y, AddScalar(low)});
  return y;
}

std::optional<size_t> RandomValues::AdaptFor(const CaseInput& in) {
  const bool range = in.fill == CaseInput::kNormal || in.fill == CaseInput::kUniform;
  const int64_t wanted = NumElements(in.shape);
  if (!range || in.dtype != DataType::kF32 || wanted == 0) return {};
  std::vector<size_t> fit;
  for (size_t i = 0; i < made_.size(); ++i) {
    const MadeValue& v = made_[i];
    if (v.wire && v.finite && v.tensor.dtype() == DataType::kF32 && v.tensor.num_elements() >= wanted)
      fit.push_back(i);
  }
  if (fit.empty()) return {};
  std::optional<size_t> at = fit[static_cast<size_t>(Below(static_cast<int>(fit.size())))];
  const int64_t there = made_[*at].tensor.num_elements();
  if (there != wanted) {
    at = AddOne(ops::ReshapeOp::def, Attributes(ops::ReshapeOp{.shape = {there}}), {at});
    const int64_t from = static_cast<int64_t>(Word() % static_cast<uint64_t>(there - wanted + 1));
    if (at) {
      at = AddOne(ops::SliceOp::def,
                  Attributes(ops::SliceOp{.starts = {from}, .ends = {from + wanted}, .axes = {0}}), {at});
    }
  }
  if (at && made_[*at].tensor.shape() != in.shape)
    at = AddOne(ops::ReshapeOp::def, Attributes(ops::ReshapeOp{.shape = ToDims(in.shape)}), {at});
  if (!at || NumbersFit(made_[*at], in)) return at;
  return in.fill == CaseInput::kUniform ? Squeeze(*at, in.low, in.high)
                                        : Squeeze(*at, in.low - 2 * in.high, in.low + 2 * in.high);
}

std::optional<std::vector<size_t>> RandomValues::AddNode(const NodeUse& use) {
  StatusOr<std::vector<Tensor>> tensors = Evaluate(use);
  if (!tensors.ok()) return {};
  Graph before = graph();
  std::vector<ValueId> ids = Emit(use);
  if (ids.empty()) {
    graph() = std::move(before);
    return {};
  }
  MadeValue common;
  for (const auto& o : use.operands) {
    if (!o) continue;
    common.inputs.insert(made_[*o].inputs.begin(), made_[*o].inputs.end());
    common.flows.insert(made_[*o].flows.begin(), made_[*o].flows.end());
  }
  std::vector<size_t> values;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] == ValueId::kNone) continue;
    MadeValue v = common;
    v.id = ids[i];
    v.tensor = (*tensors)[i];
    const OperandDef& slot = use.op->outputs[std::min(i, use.op->outputs.size() - 1)];
    v.wire = !(slot.weft_only && !use.op->weft_domain());  // else kept for backward alone
    if (!v.wire || !use.op->differentiable || !IsFloat(v.tensor.dtype())) v.flows.clear();
    values.push_back(Add(std::move(v)));
  }
  return values;
}

}  // namespace weft
