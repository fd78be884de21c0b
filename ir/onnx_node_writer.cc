#include "ir/onnx_node_writer.h"

#include <algorithm>

#include "ir/onnx_annotations.h"
#include "ir/onnx_fields.h"

namespace weft {

OnnxType OnnxTypeOf(const TensorType& type) {
  OnnxType out{type.dtype};
  for (const Dim& d : type.shape) {
    out.shape.push_back(d.is_constant() ? OnnxDim{OnnxDim::kNumber, d.value(), {}}
                                        : OnnxDim{OnnxDim::kName, 0, d.ToString()});
  }
  return out;
}

OnnxNode ConstantNode(std::string name, const Tensor& value) {
  auto tensor = std::make_shared<OnnxTensor>();
  tensor->type = OnnxTypeOf({value.dtype(), ToDims(value.shape())});
  tensor->data = value;
  OnnxNode node;
  node.op_type = "Constant";
  node.outputs.push_back(std::move(name));
  OnnxAttribute& attribute = node.attributes.emplace_back();
  attribute.name = "value";
  attribute.kind = OnnxAttribute::kTensor;
  attribute.tensor = std::move(tensor);
  return node;
}

std::shared_ptr<const OnnxGraph> OnnxBody(const Graph& body) {
  auto out = std::make_shared<OnnxGraph>();
  out->name = body.name.empty() ? "body" : body.name;
  const auto info = [&](ValueId v) {
    return OnnxValueInfo{body.value(v).name, OnnxTypeOf(body.value(v).type)};
  };
  for (ValueId v : body.inputs()) out->inputs.push_back(info(v));
  for (ValueId v : body.outputs()) out->outputs.push_back(info(v));
  for (ValueId v : body.ConstantIds()) {
    OnnxTensor& tensor = out->initializers.emplace_back();
    tensor.name = body.value(v).name;
    tensor.type = OnnxTypeOf(body.value(v).type);
    tensor.data = *body.value(v).constant;
  }
  OnnxNodeWriter writer(body, nullptr, false);
  writer.WriteAll();
  out->nodes = std::move(writer.nodes);
  for (OnnxTensor& t : writer.initializers) out->initializers.push_back(std::move(t));
  return out;
}

namespace {

// ONNX's operators have one float type; ours, by their row of mixed precision, may have two.
bool MixesFloats(const NodeTypes& node) {
  if (!node.op->precision.mixes()) return false;
  bool narrow = false, wide = false;
  for (const std::vector<const TensorType*>* operands : {&node.inputs, &node.outputs}) {
    for (const TensorType* t : *operands) {
      narrow |= t != nullptr && t->dtype == DataType::kBF16;
      wide |= t != nullptr && t->dtype == DataType::kF32;
    }
  }
  return narrow && wide;
}

}  // namespace

bool SaysMoreThanOnnx(const NodeTypes& node) {
  const OpDef& op = *node.op;
  if (op.weft_domain() || MixesFloats(node) || (op.beyond_onnx != nullptr && op.beyond_onnx(node)))
    return true;
  for (size_t i = 0; i < op.inputs.size(); ++i) {
    if (op.inputs[i].weft_only && node.has_input(i)) return true;
  }
  for (size_t i = 0; i < op.outputs.size(); ++i) {
    if (op.outputs[i].weft_only && node.has_output(i)) return true;
  }
  const auto own = [](const Field& f) { return f.onnx == kWeftOnly; };
  const bool any_own = std::any_of(op.fields.begin(), op.fields.end(), own);
  const std::shared_ptr<const void> defaults = any_own ? op.attributes.make() : nullptr;
  return std::any_of(op.fields.begin(), op.fields.end(), [&](const Field& f) {
    return FieldHasSymbols(f, node.attributes) || (own(f) && !FieldEqual(f, node.attributes, defaults.get()));
  });
}

OnnxNode OnnxOperation(const NodeTypes& node, const std::vector<std::string>& inputs,
                       const std::function<std::string(const Field&)>& operand) {
  const OpDef& op = *node.op;
  OnnxNode out;
  out.op_type = op.name;
  const std::shared_ptr<const void> defaults = op.fields.empty() ? nullptr : op.attributes.make();
  size_t fields = 0;  // operands that are fields, still to come
  for (const Field& f : op.fields) {
    fields += f.onnx >= 0 ? 1 : 0;
    const bool is_default = FieldEqual(f, node.attributes, defaults.get());
    if (f.onnx == kAsAttribute && !is_default)
      out.attributes.push_back(AttributeFromField(f, node.attributes));
  }
  for (size_t next = 0; next < inputs.size() || fields > 0;) {
    WEFT_CHECK(out.inputs.size() <= inputs.size() + 64, "{}: two fields are one operand of ONNX's", op.name);
    if (const Field* f = OperandField(op, out.inputs.size()); f != nullptr) {
      const bool absent =
          (f->operand_flags & kOptionalOperand) != 0 && FieldEqual(*f, node.attributes, defaults.get());
      out.inputs.push_back(absent ? "" : operand(*f));
      --fields;
    } else if (next < op.inputs.size() && op.inputs[next].weft_only) {
      ++next;
    } else {
      out.inputs.push_back(next < inputs.size() ? inputs[next] : "");
      ++next;
    }
  }
  while (!out.inputs.empty() && out.inputs.back().empty()) out.inputs.pop_back();
  return out;
}

std::string OnnxNodeWriter::UniqueName(const std::string& base) {
  std::string name = base;
  for (int i = 1; graph_.Find(name) != ValueId::kNone || !generated_.insert(name).second; ++i) {
    name = fmt::format("{}_{}", base, i);
  }
  return name;
}

std::vector<std::string> OnnxNodeWriter::Names(const std::vector<ValueId>& values) const {
  std::vector<std::string> names;
  for (ValueId v : values) names.push_back(v == ValueId::kNone ? std::string() : graph_.value(v).name);
  while (!names.empty() && names.back().empty()) names.pop_back();
  return names;
}

void OnnxNodeWriter::WriteConstant(const std::string& name, const Tensor& value) {
  if (in_function_) {
    nodes.push_back(ConstantNode(name, value));
    ids.push_back(NodeId::kNone);
    return;
  }
  OnnxTensor& tensor = initializers.emplace_back();
  tensor.name = name;
  tensor.type = OnnxTypeOf({value.dtype(), ToDims(value.shape())});
  tensor.data = value;
}

// In domain weft: all fields as attributes, all operands (an absent one as ""), the sources of symbols that
// the body asks for.
OnnxNode OnnxNodeWriter::OwnOperation(const NodeTypes& types, std::vector<std::string> inputs) {
  const OpDef& op = *types.op;
  OnnxNode out;
  out.op_type = op.name;
  out.domain = "weft";
  for (const Field& f : op.fields) {
    if (!FieldIsAbsent(f, types.attributes))
      out.attributes.push_back(AttributeFromField(f, types.attributes));
  }
  const bool variadic = !op.inputs.empty() && op.inputs.back().arity == OperandDef::kVariadic;
  out.inputs = std::move(inputs);
  if (!variadic) out.inputs.resize(op.inputs.size());
  if (functions_ == nullptr) {
    while (!out.inputs.empty() && out.inputs.back().empty()) out.inputs.pop_back();
    return out;
  }
  const OnnxFunctionTable::Call call = functions_->CallFor(types);
  out.overload = call.overload;
  for (const std::string& symbol : call.symbols) {
    out.inputs.push_back(in_function_ ? SourceParameter(symbol) : functions_->sources().at(symbol).value);
    if (std::find(missing.begin(), missing.end(), symbol) == missing.end()) missing.push_back(symbol);
  }
  return out;
}

void OnnxNodeWriter::WriteNode(NodeId id) {
  const Node& node = graph_.node(id);
  const NodeTypes types = graph_.TypesOf(id);
  std::vector<std::string> outputs = Names(node.outputs);
  OnnxNode out;
  if (SaysMoreThanOnnx(types)) {
    out = OwnOperation(types, Names(node.inputs));
  } else {
    const std::string base = outputs.empty() ? node.op->name.data() : outputs[0];
    out = OnnxOperation(types, Names(node.inputs), [&](const Field& f) {
      std::string name = UniqueName(fmt::format("{}.{}", base, f.name));
      WriteConstant(name, TensorFromField(f, types.attributes));
      return name;
    });
  }
  out.outputs = std::move(outputs);
  out.label = WriteLabel(node, static_cast<int64_t>(nodes.size()));
  nodes.push_back(std::move(out));
  ids.push_back(id);
}

void OnnxNodeWriter::WriteAll() {
  if (in_function_) {
    for (ValueId v : graph_.ConstantIds()) WriteConstant(graph_.value(v).name, *graph_.value(v).constant);
  }
  for (NodeId id : graph_.NodeIds()) WriteNode(id);
}

}  // namespace weft
