#include "ir/builder.h"

#include <cctype>

#include "ir/widened_node.h"

namespace weft {

const TensorType& Var::type() const {
  static const TensorType kNone;
  return valid() ? builder->graph().value(id).type : kNone;
}

const Dim& Var::dim(int axis) const {
  static const Dim kOne(1);
  const Dims& dims = type().shape;
  const int n = static_cast<int>(dims.size());
  const int i = axis < 0 ? axis + n : axis;
  if (i >= 0 && i < n) return dims[static_cast<size_t>(i)];
  if (valid())
    builder->SetError(InvalidArgument("'{}' {} has no dimension {}", name(), type().ToString(), axis));
  return kOne;
}

const std::string& Var::name() const {
  static const std::string kAbsent = "(absent)";
  return valid() ? builder->graph().value(id).name : kAbsent;
}

void Builder::SetError(Status status) {
  if (status_.ok()) status_ = std::move(status);
}

Var Builder::Constant(Tensor value, std::string_view name) {
  return Wrap(graph_.AddConstant(graph_.UniqueName(name), std::move(value)));
}

Var Builder::Scalar(double value, DataType dtype) {
  Tensor t = Tensor::Zeros(dtype, {});
  SetElementFromDouble(t, 0, value);
  return Constant(std::move(t));
}

void Builder::Output(Var value, std::string_view name) {
  if (!value.valid()) return;
  if (!name.empty() && name != value.name()) {
    if (graph_.Find(name) != ValueId::kNone) {
      return SetError(InvalidArgument("output '{}': another value has that name", name));
    }
    graph_.Rename(value.id, name);
  }
  graph_.AddOutput(value.id);
}

std::vector<Var> Builder::EmitAll(const OpDef& op, std::shared_ptr<const void> attributes,
                                  std::span<const Var> inputs, uint32_t optional_outputs) {
  const std::string base_name = next_name_.empty() ? SnakeCase(op.name) : std::exchange(next_name_, {});
  const std::string base = scope_.empty() ? base_name : scope_ + "." + base_name;
  std::vector<Var> absent(std::max<size_t>(op.outputs.size(), 1));
  if (!status_.ok()) return absent;
  NodeTypes types;
  types.op = &op;
  types.attributes = attributes.get();
  types.scope = scope_.empty() ? std::string_view(base) : std::string_view(scope_);
  std::vector<ValueId> ids;
  for (const Var& v : inputs) {
    ids.push_back(v.id);
    types.inputs.push_back(v.valid() ? &graph_.value(v.id).type : nullptr);
  }
  while (!ids.empty() && ids.back() == ValueId::kNone) {
    ids.pop_back();
    types.inputs.pop_back();
  }
  StatusOr<std::vector<TensorType>> inferred = InferTypes(types);
  if (!inferred.ok()) {
    SetError(inferred.status());
    return absent;
  }
  std::vector<Graph::NewOutput> outputs;
  const std::string first = graph_.UniqueName(base);  // the others' names begin with it
  for (size_t i = 0; i < inferred->size(); ++i) {
    const bool optional = i < op.outputs.size() && op.outputs[i].arity == OperandDef::kOptional;
    if (optional && !(optional_outputs >> i & 1)) {
      outputs.push_back({});
      continue;
    }
    const std::string other = i < op.outputs.size() ? std::string(op.outputs[i].name) : fmt::format("{}", i);
    outputs.push_back(
        {i == 0 ? first : graph_.UniqueName(fmt::format("{}.{}", first, other)), (*inferred)[i]});
  }
  while (!outputs.empty() && outputs.back().name.empty()) outputs.pop_back();
  const NodeId node =
      graph_.AddNode(op, std::move(attributes), std::move(ids), std::move(outputs), scope_, phase_, before_);
  std::vector<Var> result;
  for (ValueId v : graph_.node(node).outputs) result.push_back(v == ValueId::kNone ? Var{} : Wrap(v));
  if (result.size() < op.outputs.size()) result.resize(op.outputs.size());
  return result;
}

ScopeGuard::ScopeGuard(Builder& builder, std::string_view name) : builder_(builder), saved_(builder.scope()) {
  builder.set_scope(saved_.empty() ? std::string(name) : fmt::format("{}.{}", saved_, name));
}

std::string SnakeCase(std::string_view name) {
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool upper = std::isupper(c);
    const bool after_lower = i > 0 && !std::isupper(static_cast<unsigned char>(name[i - 1]));
    const bool before_lower = i + 1 < name.size() && std::islower(static_cast<unsigned char>(name[i + 1]));
    if (upper && i > 0 && (after_lower || before_lower)) out += '_';
    out += static_cast<char>(std::tolower(c));
  }
  return out;
}

namespace {

// By the operator's row of mixed precision: what inference says of f32 operands, with the results' types.
StatusOr<std::vector<TensorType>> InferMixed(const NodeTypes& node) {
  const Precision& row = node.op->precision;
  const WidenedNode wide(node);
  WEFT_ASSIGN_OR_RETURN(std::vector<TensorType> types, node.op->infer(wide.node()));
  bool narrow = false;
  for (size_t i = 0; i < node.inputs.size(); ++i)
    narrow |= node.has_input(i) && node.input(i).dtype == DataType::kBF16 && row.narrow_input(i);
  if (!narrow || (row.wide_results != nullptr && row.wide_results(node))) return types;
  for (size_t i = 0; i < types.size(); ++i) {
    const bool stays = i < 32 && (row.wide_outputs >> i & 1);
    if (types[i].dtype == DataType::kF32 && !stays) types[i].dtype = DataType::kBF16;
  }
  return types;
}

}  // namespace

StatusOr<std::vector<TensorType>> InferTypes(const NodeTypes& node) {
  const OpDef& op = *node.op;
  const bool variadic = !op.inputs.empty() && op.inputs.back().arity == OperandDef::kVariadic;
  if (node.inputs.size() > op.inputs.size() && !variadic) {
    return node.Error("has {} inputs, expected at most {}", node.inputs.size(), op.inputs.size());
  }
  for (size_t i = 0; i < op.inputs.size(); ++i) {
    if (op.inputs[i].arity != OperandDef::kOptional && !node.has_input(i)) {
      return node.Error("input {} ('{}') is missing", i, op.inputs[i].name);
    }
  }
  for (size_t i = op.inputs.size(); i < node.inputs.size(); ++i) {
    if (!node.has_input(i)) return node.Error("input {} is missing", i);
  }
  return op.precision.mixes() ? InferMixed(node) : op.infer(node);
}

std::vector<Var> Decompose(Builder& b, const NodeTypes& node, std::span<const Var> inputs) {
  WEFT_CHECK(node.op->decompose != nullptr, "{} is a primitive", node.op->name);
  std::vector<Var> outputs(node.outputs.size());
  node.op->decompose(b, node, inputs, outputs);
  return outputs;
}

}  // namespace weft
