// One node of an ONNX graph.
#include <algorithm>

#include "base/quote.h"
#include "base/suggest.h"
#include "ir/body.h"
#include "ir/builder.h"
#include "ir/from_onnx_internal.h"
#include "ir/onnx_annotations.h"
#include "ir/onnx_fields.h"
#include "ir/onnx_order.h"
#include "ir/onnx_versions.h"

namespace weft {
namespace {

std::string NodeName(const OnnxNode& node) {
  const std::string name = !node.label.empty()    ? ReadLabel(node.label).scope
                           : node.outputs.empty() ? std::string()
                                                  : node.outputs[0];
  return fmt::format("{} {}", node.op_type, Quote(name));
}

bool IsOnnxDomain(const OnnxNode& node) { return node.domain.empty() || node.domain == "ai.onnx"; }

// The shape of a Constant node's list attributes; data is in `tensor` only.
StatusOr<Tensor> ConstantOf(const OnnxAttribute& a) {
  using Kind = OnnxAttribute::Kind;
  if (a.name == "value_float" && a.kind == Kind::kFloat) return Tensor::Scalar<float>(a.f);
  if (a.name == "value_int" && a.kind == Kind::kInt) return Tensor::Scalar<int64_t>(a.i);
  if (a.name == "value_floats" && a.kind == Kind::kFloats) {
    return Tensor::Of<float>({static_cast<int64_t>(a.floats.size())}, std::span<const float>(a.floats));
  }
  if (a.name == "value_ints" && a.kind == Kind::kInts) {
    return Tensor::Of<int64_t>({static_cast<int64_t>(a.ints.size())}, std::span<const int64_t>(a.ints));
  }
  return InvalidArgument("Constant: attribute '{}' of type {} is not read", a.name, Name(a.kind));
}

}  // namespace

Status OnnxReader::AddConstantNode(const OnnxNode& node) {
  if (node.attributes.size() != 1 || node.outputs.size() != 1 || !node.inputs.empty()) {
    return Fail(node.at, "a Constant has one attribute, one output and no operand");
  }
  const OnnxAttribute& a = node.attributes[0];
  if (a.name == "value" && a.kind == OnnxAttribute::kTensor && a.tensor) {
    return AddConstant(node.outputs[0], *a.tensor, a.at);
  }
  StatusOr<Tensor> value = ConstantOf(a);
  if (!value.ok()) return Fail(a.at, value.status());
  if (!IsNew(node.outputs[0]))
    return Fail(node.at, fmt::format("{} is assigned twice", Quote(node.outputs[0])));
  graph_.AddConstant(node.outputs[0], *std::move(value));
  return OkStatus();
}

StatusOr<const OpDef*> OnnxReader::FindOp(const OnnxNode& node) {
  const std::pair<std::string_view, std::string_view> key{node.domain, node.op_type};
  if (auto it = ops_.find(key); it != ops_.end()) return it->second;
  const bool own = node.domain == "weft";
  if (!own && !IsOnnxDomain(node)) {
    return Fail(node.at, fmt::format("operator {} is of domain {}; weft reads ONNX's own and 'weft'",
                                     Quote(node.op_type), Quote(node.domain)));
  }
  const OpDef* op = options_.find ? options_.find(own ? "weft" : "", node.op_type) : nullptr;
  if (op == nullptr && own && options_.find) op = options_.find("", node.op_type);
  if (op == nullptr) {
    const std::vector<std::string_view> names =
        options_.names ? options_.names() : std::vector<std::string_view>();
    return Fail(node.at, fmt::format("operator {} is unknown{}", Quote(node.op_type),
                                     DidYouMean(node.op_type, names)));
  }
  if (!own) {
    if (Status s = CheckOpset(*op, opset_ == 0 ? kOnnxOpset : opset_); !s.ok()) return Fail(node.at, s);
  }
  ops_.emplace(key, op);
  return op;
}

Status OnnxReader::ReadField(const OnnxAttribute& a, const Field& field, void* attributes) {
  if (field.kind != AttributeKind::kGraph || a.kind != OnnxAttribute::kGraph || a.graph == nullptr)
    return FieldFromAttribute(field, a, attributes);
  StatusOr<Graph> body = OnnxReader(model_, opsets_, options_, at_).ReadBody(*a.graph);
  if (!body.ok()) return Prefix(fmt::format("attribute '{}'", field.name), body.status());
  *static_cast<GraphBody*>(field.get(attributes)) = std::make_shared<const Graph>(*std::move(body));
  return OkStatus();
}

Status OnnxReader::ReadAttributes(const OnnxNode& node, const OpDef& op, void* attributes) {
  const bool old = opset_ != 0 && opset_ < op.since_version;  // then axes were an attribute
  for (const OnnxAttribute& a : node.attributes) {
    const Field* field = FindField(op, a.name);
    if (field != nullptr && IsOnnxDomain(node) && field->onnx >= 0 && !old) {
      return Fail(
          a.at, fmt::format("{}: '{}' is operand {}, not an attribute", NodeName(node), a.name, field->onnx));
    }
    if (field == nullptr || (IsOnnxDomain(node) && field->onnx == kWeftOnly)) {
      std::vector<std::string_view> names;
      for (const Field& f : op.fields) names.push_back(f.name);
      return Fail(a.at, fmt::format("{} has no attribute {}{}", NodeName(node), Quote(a.name),
                                    DidYouMean(a.name, names)));
    }
    const auto same = [&](const OnnxAttribute& b) { return b.name == a.name; };
    if (std::count_if(node.attributes.begin(), node.attributes.end(), same) > 1) {
      return Fail(a.at, fmt::format("{}: attribute '{}' stands twice", NodeName(node), a.name));
    }
    if (Status s = ReadField(a, *field, attributes); !s.ok())
      return Fail(*at_ >= 0 ? *at_ : a.at, Prefix(NodeName(node), s));
    if (field->kind == AttributeKind::kDims) {
      const auto& dims = *static_cast<const Dims*>(field->Get(attributes));
      WEFT_RETURN_IF_ERROR(CheckFormula(dims, a.name, a.at));
    }
  }
  return OkStatus();
}

Status OnnxReader::ReadOldMeaning(const OnnxNode& node, const OpDef& op, void* attributes) {
  const std::optional<OnnxAttribute> said = OldDefault(node, opset_ == 0 ? kOnnxOpset : opset_);
  const Field* field = said ? FindField(op, said->name) : nullptr;
  if (field == nullptr) return OkStatus();
  const Status s = FieldFromAttribute(*field, *said, attributes);
  return s.ok() ? s : Fail(node.at, Prefix(NodeName(node), s));
}

// Whether all that ONNX requires as an operand, and that is a field here, was given.
Status OnnxReader::CheckFieldOperands(const OnnxNode& node, const OpDef& op) {
  if (!IsOnnxDomain(node)) return OkStatus();
  for (const Field& f : op.fields) {
    if (f.onnx < 0 || (f.operand_flags & kOptionalOperand) != 0) continue;
    const auto index = static_cast<size_t>(f.onnx);
    if (index < node.inputs.size() && !node.inputs[index].empty()) continue;
    const bool as_attribute = std::any_of(node.attributes.begin(), node.attributes.end(),
                                          [&](const OnnxAttribute& a) { return a.name == f.name; });
    if (!as_attribute) {
      return Fail(node.at, fmt::format("{}: operand {} ('{}') is missing", NodeName(node), f.onnx, f.name));
    }
  }
  return OkStatus();
}

StatusOr<ValueId> OnnxReader::Operand(const OnnxNode& node, const std::string& name) {
  if (name.empty()) return ValueId::kNone;
  const ValueId id = graph_.Find(name);
  if (id != ValueId::kNone) return id;
  std::vector<std::string_view> known;
  for (size_t i = 0; i < graph_.num_value_slots(); ++i) {
    const Value& value = graph_.value(static_cast<ValueId>(i));
    if (value.alive) known.push_back(value.name);
  }
  return Fail(node.at, fmt::format("{}: {}", NodeName(node), WhyUndefined(*nodes_, node, name, known)));
}

Status OnnxReader::ReadFieldOperand(const OnnxNode& node, const Field& field, const std::string& name,
                                    void* attributes) {
  WEFT_ASSIGN_OR_RETURN(const ValueId id, Operand(node, name));
  if (id == ValueId::kNone) return OkStatus();
  const Value& value = graph_.value(id);
  const Tensor* tensor = value.constant.get();
  if (tensor != nullptr) consumed_.push_back(id);
  if (tensor == nullptr && value.is_input && options_.input_value) tensor = options_.input_value(name);
  if (tensor == nullptr) {
    return Fail(node.at,
                fmt::format("{}: operand '{}' must be a constant, but {} is computed{}", NodeName(node),
                            field.name, Quote(name), value.is_input ? " outside: an input" : ""));
  }
  if (Status s = FieldFromTensor(field, *tensor, attributes); !s.ok())
    return Fail(node.at, Prefix(NodeName(node), s));
  return OkStatus();
}

// In ONNX's domain, operand i is the field that ONNX takes there, or else the next of the operator's own
// operands that ONNX has. In weft's domain all fields are attributes; behind the operands may follow values
// that only name the sizes of symbolic dimensions for the function's body.
Status OnnxReader::ReadOperands(const OnnxNode& node, const OpDef& op, void* attributes,
                                std::vector<ValueId>* operands) {
  const bool onnx = IsOnnxDomain(node);
  const bool variadic = !op.inputs.empty() && op.inputs.back().arity == OperandDef::kVariadic;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const Field* field = onnx ? OperandField(op, i) : nullptr;
    if (field != nullptr) {
      WEFT_RETURN_IF_ERROR(ReadFieldOperand(node, *field, node.inputs[i], attributes));
      continue;
    }
    while (onnx && operands->size() < op.inputs.size() && op.inputs[operands->size()].weft_only) {
      operands->push_back(ValueId::kNone);
    }
    WEFT_ASSIGN_OR_RETURN(const ValueId id, Operand(node, node.inputs[i]));
    const bool source = !onnx && !variadic && operands->size() >= op.inputs.size() && id != ValueId::kNone &&
                        !IsConstant(graph_.value(id).type.shape);
    if (!source) operands->push_back(id);
  }
  while (!operands->empty() && operands->back() == ValueId::kNone) operands->pop_back();
  return OkStatus();
}

StatusOr<std::vector<Graph::NewOutput>> OnnxReader::Outputs(const OnnxNode& node, const OpDef& op,
                                                            std::vector<TensorType> types) {
  std::vector<Graph::NewOutput> outputs;
  std::set<std::string_view> names;
  if (node.outputs.size() > types.size()) {
    return Fail(node.at, fmt::format("{} has {} outputs, expected at most {}", NodeName(node),
                                     node.outputs.size(), types.size()));
  }
  for (size_t i = 0; i < types.size(); ++i) {
    const bool present = i < node.outputs.size() && !node.outputs[i].empty();
    const bool optional = i < op.outputs.size() && op.outputs[i].arity == OperandDef::kOptional;
    if (!present && !optional)
      return Fail(node.at, fmt::format("{}: output {} is missing", NodeName(node), i));
    if (!present) {
      outputs.push_back({});
      continue;
    }
    const std::string& name = node.outputs[i];
    if (!names.insert(name).second || !IsNew(name))
      return Fail(node.at, fmt::format("{} is assigned twice", Quote(name)));
    WEFT_RETURN_IF_ERROR(CheckType(types[i], name, node.at));
    outputs.push_back({name, std::move(types[i])});
  }
  while (!outputs.empty() && outputs.back().name.empty()) outputs.pop_back();
  return outputs;
}

Status OnnxReader::AddNode(const OnnxNode& node) {
  if (IsOnnxDomain(node) && node.op_type == "Constant") return AddConstantNode(node);
  WEFT_ASSIGN_OR_RETURN(const OpDef* op, FindOp(node));
  std::shared_ptr<void> attributes = op->attributes.make();
  WEFT_RETURN_IF_ERROR(ReadAttributes(node, *op, attributes.get()));
  if (IsOnnxDomain(node)) WEFT_RETURN_IF_ERROR(ReadOldMeaning(node, *op, attributes.get()));
  std::vector<ValueId> operands;
  WEFT_RETURN_IF_ERROR(CheckFieldOperands(node, *op));
  WEFT_RETURN_IF_ERROR(ReadOperands(node, *op, attributes.get(), &operands));
  const NodeLabel label = ReadLabel(node.label);
  NodeTypes types;
  types.op = op;
  types.attributes = attributes.get();
  types.scope = label.scope;
  if (types.scope.empty() && !node.outputs.empty()) types.scope = node.outputs[0];
  for (ValueId v : operands) types.inputs.push_back(v == ValueId::kNone ? nullptr : &graph_.value(v).type);
  StatusOr<std::vector<TensorType>> inferred = InferTypes(types);
  if (!inferred.ok()) return Fail(node.at, inferred.status());
  WEFT_ASSIGN_OR_RETURN(std::vector<Graph::NewOutput> outputs, Outputs(node, *op, *std::move(inferred)));
  const NodeId id = graph_.AddNode(*op, std::move(attributes), std::move(operands), std::move(outputs),
                                   label.scope, label.phase);
  graph_.SetClone(id, label.clone);
  return OkStatus();
}

}  // namespace weft
