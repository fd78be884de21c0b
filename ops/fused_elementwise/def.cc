#include <algorithm>
#include <array>
#include <map>

#include "base/quote.h"
#include "ir/body.h"
#include "ir/cost.h"
#include "ops/fused_elementwise/op.h"

namespace weft::ops {
namespace {

ReducedAxesKind KindOf(const std::vector<bool>& reduced) {
  const auto count = std::count(reduced.begin(), reduced.end(), true);
  if (count == 0) return ReducedAxesKind::kNone;
  if (std::is_sorted(reduced.begin(), reduced.end())) return ReducedAxesKind::kLast;
  if (std::is_sorted(reduced.rbegin(), reduced.rend())) return ReducedAxesKind::kFirst;
  return ReducedAxesKind::kOther;
}

// The body on its own, whatever the operands are.
class BodyChecker {
 public:
  BodyChecker(const NodeTypes& node, const Graph& body) : node_(node), body_(body) {}

  Status Run() {
    if (!body_.states().empty()) return node_.Error("its body has states");
    if (body_.num_nodes() == 0) return node_.Error("its body has no node");
    for (NodeId id : body_.NodeIds()) WEFT_RETURN_IF_ERROR(CheckNode(id));
    if (body_.outputs().empty()) return node_.Error("its body has no output");
    for (ValueId v : body_.outputs()) {
      if (body_.value(v).producer == NodeId::kNone)
        return node_.Error("output {} of its body is computed by no node of it", Quote(body_.value(v).name));
    }
    return OkStatus();
  }

 private:
  Status CheckNode(NodeId id) {
    const NodeTypes types = body_.TypesOf(id);
    const BodyStep step = BodyStepOf(types);
    const std::string who = body_.Describe(id);
    if (!step.why_not.empty()) return node_.Error("{} in its body {}", who, step.why_not);
    const Dims& shape = BodyShapeOf(types, step);
    if (shape_ == nullptr) shape_ = &shape;
    if (shape != *shape_) {
      return node_.Error("{} in its body computes over {}, {} over {}: expected one shape", who,
                         ToString(shape), first_, ToString(*shape_));
    }
    if (first_.empty()) first_ = who;
    return step.form.reduction() ? CheckReduction(id, step.form.reduced, who) : OkStatus();
  }

  Status CheckReduction(NodeId id, const std::vector<bool>& reduced, const std::string& who) {
    if (reduced_.empty()) reduced_ = reduced;
    if (reduced_ != reduced)
      return node_.Error("{} in its body and a reduction before it take different axes", who);
    const std::vector<Use>& uses = body_.value(body_.node(id).outputs[0]).uses;
    if (!uses.empty()) {
      return node_.Error("{} in its body is read by {}: a reduction comes last", who,
                         body_.Describe(uses[0].node));
    }
    return OkStatus();
  }

  const NodeTypes& node_;
  const Graph& body_;
  const Dims* shape_ = nullptr;
  std::string first_;
  std::vector<bool> reduced_;  // axes; empty: no reduction yet
};

bool IsNarrow(DataType dtype) { return IsFloat(dtype) && dtype != DataType::kF64; }

// Narrower floats, where the body has them, become f64.
Status WidenNumbers(Graph& body) {
  for (ValueId v : body.ConstantIds()) {
    const Tensor& tensor = *body.value(v).constant;
    if (!IsNarrow(tensor.dtype())) continue;
    Tensor wide = Tensor::Zeros(DataType::kF64, tensor.shape());
    for (int64_t i = 0; i < wide.num_elements(); ++i)
      SetElementFromDouble(wide, i, ElementAsDouble(tensor, i));
    const ValueId to = body.AddConstant(body.UniqueName(body.value(v).name + ".wide"), std::move(wide));
    if (!body.ReplaceAllUses(v, to))
      return InvalidArgument("constant {} is an output", Quote(body.value(v).name));
    body.EraseConstant(v);
  }
  for (NodeId id : body.NodeIds()) {
    const Node& node = body.node(id);
    std::shared_ptr<void> attributes = node.op->attributes.copy(node.attributes.get());
    for (const Field& f : node.op->fields) {
      if (f.kind != AttributeKind::kDataType) continue;
      auto& dtype = *static_cast<DataType*>(f.get(attributes.get()));
      if (IsNarrow(dtype)) dtype = DataType::kF64;
    }
    body.SetAttributes(id, std::move(attributes));
  }
  return OkStatus();
}

Status InferAgain(Graph& body) {
  for (NodeId id : body.NodeIds()) {
    WEFT_ASSIGN_OR_RETURN(std::vector<TensorType> types, InferTypes(body.TypesOf(id)));
    const std::vector<ValueId>& outputs = body.node(id).outputs;
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (outputs[i] != ValueId::kNone) body.SetType(outputs[i], std::move(types[i]));
    }
  }
  return OkStatus();
}

StatusOr<GraphBody> BodyOf(const NodeTypes& node) {
  const GraphBody& body = node.attrs<FusedElementwiseOp>().body;
  if (body == nullptr) return node.Error("has no body");
  if (node.inputs.size() != body->inputs().size()) {
    return node.Error("has {} operands, its body {} inputs", node.inputs.size(), body->inputs().size());
  }
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (node.inputs[i] == nullptr) return node.Error("operand {} is absent", i);
  }
  StatusOr<GraphBody> typed = TypedBody(body, node.inputs);
  if (!typed.ok()) return node.Error("in its body, {}", Message(typed.status()));
  return typed;
}

StatusOr<std::vector<TensorType>> Infer(const NodeTypes& node) {
  WEFT_ASSIGN_OR_RETURN(const GraphBody body, BodyOf(node));
  WEFT_RETURN_IF_ERROR(BodyChecker(node, *body).Run());
  std::vector<TensorType> outputs;
  for (ValueId v : body->outputs()) outputs.push_back(body->value(v).type);
  return outputs;
}

void Decompose(Builder& b, const NodeTypes& node, std::span<const Var> inputs, std::span<Var> outputs) {
  const StatusOr<GraphBody> typed = BodyOf(node);
  if (!typed.ok()) return b.SetError(typed.status());
  const Graph& body = **typed;
  std::map<ValueId, Var> values;  // looked up only
  for (size_t i = 0; i < body.inputs().size(); ++i) values[body.inputs()[i]] = inputs[i];
  for (ValueId v : body.ConstantIds()) values[v] = b.Constant(*body.value(v).constant, body.value(v).name);
  for (NodeId id : body.NodeIds()) {
    const Node& step = body.node(id);
    std::vector<Var> operands;
    for (ValueId v : step.inputs) operands.push_back(v == ValueId::kNone ? Var{} : values.at(v));
    const std::vector<Var> results = b.EmitAll(*step.op, step.attributes, operands);
    values[step.outputs[0]] = results[0];
  }
  for (size_t i = 0; i < outputs.size(); ++i) outputs[i] = values.at(body.outputs()[i]);
}

double Flops(const NodeTypes& node) {
  const StatusOr<GraphBody> typed = BodyOf(node);
  if (!typed.ok()) return 0;
  const Graph& body = **typed;
  double flops = 0;
  for (NodeId id : body.NodeIds()) flops += NodeFlops(body.TypesOf(id));
  return flops;
}

// Steps read a tile before the first output of it is written, and reductions are written at the end: any
// output may take any operand's place, the first dozen and the first four of them.
constexpr auto kInPlace = [] {
  std::array<InPlacePair, 48> pairs = {};
  for (size_t i = 0; i < pairs.size(); ++i) pairs[i] = {static_cast<int>(i % 12), static_cast<int>(i / 12)};
  return pairs;
}();

constexpr Field kFields[] = {F<&FusedElementwiseOp::body>("body")};
static_assert(FieldCount<FusedElementwiseOp>() == std::size(kFields));
constexpr OperandDef kInputs[] = {{"X", OperandDef::kVariadic}};
constexpr OperandDef kOutputs[] = {{"Y", OperandDef::kVariadic}};

}  // namespace

constinit const OpDef FusedElementwiseOp::def = {
    .name = "FusedElementwise",
    .domain = "weft",
    .doc = "its body, tile by tile in cache",
    .fields = kFields,
    .attributes = AttributesOf<FusedElementwiseOp>(),
    .inputs = kInputs,
    .outputs = kOutputs,
    .infer = Infer,
    .decompose = Decompose,
    .flops = Flops,
    .in_place = kInPlace,
};

BodyStep BodyStepOf(const NodeTypes& node) {
  BodyStep step;
  if (node.op->element != nullptr) step.form = node.op->element(node);
  const auto others = std::count_if(node.outputs.begin(), node.outputs.end(),
                                    [](const TensorType* t) { return t != nullptr; });
  if (!step.form) {
    step.why_not = step.form.why_not.empty() ? "is not elementwise"
                                             : fmt::format("is not elementwise: {}", step.form.why_not);
  } else if (others != 1) {
    step.why_not = "has other outputs";
  } else if (step.form.reduction()) {
    step.reduced = KindOf(step.form.reduced);
    if (step.reduced == ReducedAxesKind::kNone) step.why_not = "reduces nothing";
    if (step.reduced == ReducedAxesKind::kOther)
      step.why_not = "reduces neither the last axes nor the first ones";
  }
  return step;
}

const Dims& BodyShapeOf(const NodeTypes& node, const BodyStep& step) {
  return step.form.reduction() ? node.input(0).shape : node.output(0).shape;
}

StatusOr<GraphBody> TypedBody(const GraphBody& body, std::span<const TensorType* const> operands) {
  bool same = true, wider = false;
  for (size_t i = 0; i < operands.size(); ++i) {
    const TensorType& own = body->value(body->inputs()[i]).type;
    same &= own == *operands[i];
    wider |= IsNarrow(own.dtype) && operands[i]->dtype == DataType::kF64;
  }
  if (same) return body;
  auto typed = std::make_shared<Graph>(*body);
  for (size_t i = 0; i < operands.size(); ++i) typed->SetType(typed->inputs()[i], *operands[i]);
  if (wider) WEFT_RETURN_IF_ERROR(WidenNumbers(*typed));
  WEFT_RETURN_IF_ERROR(InferAgain(*typed));
  return typed;
}

std::vector<Var> FusedElementwise(std::span<const Var> inputs, GraphBody body) {
  for (const Var& v : inputs) {
    if (v.builder == nullptr) continue;
    return v.builder->EmitAll(FusedElementwiseOp::def,
                              std::make_shared<const FusedElementwiseOp>(FusedElementwiseOp{std::move(body)}),
                              inputs);
  }
  return {};
}

}  // namespace weft::ops
