#include "ir/onnx_functions.h"

#include <algorithm>

#include "ir/builder.h"
#include "ir/onnx_fields.h"
#include "ir/onnx_node_writer.h"
#include "ir/onnx_print.h"
#include "ir/onnx_versions.h"
#include "ir/text_parser.h"

namespace weft {
namespace {

constexpr int kMaxDepth = 32;  // of decompositions within decompositions

// A name for each operand slot; those of a variadic one are numbered.
std::vector<std::string> SlotNames(std::span<const OperandDef> slots, size_t count) {
  std::vector<std::string> names;
  for (size_t i = 0; i < std::max(count, slots.size()); ++i) {
    const OperandDef& slot = slots[std::min(i, slots.size() - 1)];
    const bool numbered = slot.arity == OperandDef::kVariadic;
    names.push_back(numbered ? fmt::format("{}_{}", slot.name, i + 1 - slots.size())
                             : std::string(slot.name));
  }
  return names;
}

// The first `count` outputs' names, none of them an input's.
std::vector<std::string> OutputNames(const OpDef& op, const std::vector<std::string>& inputs, size_t count) {
  std::vector<std::string> names = SlotNames(op.outputs, count);
  names.resize(count);
  for (std::string& name : names) {
    if (std::find(inputs.begin(), inputs.end(), name) != inputs.end()) name += ".out";
  }
  return names;
}

uint64_t Fnv(std::string_view text) {
  uint64_t hash = 14695981039346656037ull;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return hash;
}

// Emits what computes symbolic dimensions as int64 tensors.
class DimWriter {
 public:
  DimWriter(std::vector<OnnxNode>* nodes, const SymbolSources& sources) : nodes_(*nodes), sources_(sources) {}

  std::string List(const Dims& dims, const std::string& base) {
    base_ = base;
    std::vector<std::string> parts;
    for (const Dim& d : dims) parts.push_back(One(d));
    if (parts.size() == 1) return parts[0];
    OnnxNode& node = Emit("Concat", std::move(parts));
    OnnxAttribute& axis = node.attributes.emplace_back();
    axis.name = "axis";
    return node.outputs[0];
  }
  std::string Scalar(const Dim& dim, const std::string& base, bool vector) {
    base_ = base;
    const std::string one = One(dim);
    return vector ? one : Emit("Squeeze", {one}).outputs[0];
  }

 private:
  OnnxNode& Emit(std::string op, std::vector<std::string> inputs) {
    OnnxNode& node = nodes_.emplace_back();
    node.op_type = std::move(op);
    node.inputs = std::move(inputs);
    node.outputs.push_back(fmt::format("{}.{}", base_, count_++));
    return node;
  }
  std::string Number(int64_t value) {
    nodes_.push_back(ConstantNode(fmt::format("{}.{}", base_, count_++),
                                  Tensor::Of<int64_t>({1}, std::span<const int64_t>(&value, 1))));
    return nodes_.back().outputs[0];
  }
  std::string Symbol(const std::string& symbol) {
    const SymbolSource& source = sources_.at(symbol);
    OnnxNode& node = Emit("Shape", {source.value});
    for (const auto& [name, value] : {std::pair{"start", source.axis}, {"end", source.axis + 1}}) {
      OnnxAttribute& a = node.attributes.emplace_back();
      a.name = name;
      a.i = value;
    }
    return node.outputs[0];
  }
  std::string One(const Dim& dim) {
    if (dim.is_constant()) return Number(dim.value());
    std::string sum;
    for (const Dim::Term& term : dim.Terms()) {
      std::string product;
      const auto times = [&](std::string factor) {
        product = product.empty() ? factor : Emit("Mul", {product, factor}).outputs[0];
      };
      for (const std::string& symbol : term.symbols) times(Symbol(symbol));
      if (term.coefficient != 1 || product.empty()) times(Number(term.coefficient));
      sum = sum.empty() ? product : Emit("Add", {sum, product}).outputs[0];
    }
    return sum;
  }

  std::vector<OnnxNode>& nodes_;
  const SymbolSources& sources_;
  std::string base_;
  int count_ = 0;
};

std::vector<std::string> SymbolsOf(const Field& field, const void* attributes) {
  std::vector<std::string> symbols;
  if (field.kind == AttributeKind::kDim)
    static_cast<const Dim*>(field.Get(attributes))->CollectSymbols(&symbols);
  if (field.kind == AttributeKind::kDims) {
    for (const Dim& d : *static_cast<const Dims*>(field.Get(attributes))) d.CollectSymbols(&symbols);
  }
  return symbols;
}

// A dimension that is the symbol alone.
void AddSources(const TensorType& type, const std::string& name, SymbolSources* sources) {
  for (int axis = 0; axis < type.rank(); ++axis) {
    const Dim& dim = type.shape[static_cast<size_t>(axis)];
    if (dim.is_constant()) continue;
    const std::vector<Dim::Term> terms = dim.Terms();
    if (terms.size() != 1 || terms[0].coefficient != 1 || terms[0].symbols.size() != 1) continue;
    sources->emplace(terms[0].symbols[0], SymbolSource{name, axis});
  }
}

SymbolSources OperandSources(const NodeTypes& node, const std::vector<std::string>& names) {
  SymbolSources sources;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (node.inputs[i] != nullptr) AddSources(*node.inputs[i], names[i], &sources);
  }
  return sources;
}

// Turns the call of RandomUniform or RandomNormal, whose `shape` ONNX takes in whole numbers, into one of its
// twin
// ("RandomUniformLike") that draws in the shape of an operand.
void CallLike(const Dims& shape, const SymbolSources& sources, OnnxFunction* function, OnnxNode* call) {
  DimWriter writer(&function->nodes, sources);
  const std::string list = writer.List(shape, "shape");
  OnnxNode& zeros = function->nodes.emplace_back();
  zeros.op_type = "ConstantOfShape";
  zeros.inputs = {list};
  zeros.outputs = {"shape.zeros"};
  std::erase_if(call->attributes, [](const OnnxAttribute& a) { return a.name == "shape"; });
  call->op_type += "Like";
  call->inputs = {"shape.zeros"};
}

void Declare(const std::vector<std::string>& names, std::vector<OnnxValueInfo>* values) {
  for (const std::string& name : names) values->emplace_back().name = name;
}

}  // namespace

SymbolSources SourcesOf(const Graph& graph) {
  SymbolSources sources;
  for (ValueId v : graph.inputs()) AddSources(graph.value(v).type, graph.value(v).name, &sources);
  return sources;
}

// A primitive whose only symbols are in fields that ONNX takes as operands, or in the shape of what is drawn:
// they are computed, and ONNX's own operator follows.
bool OnnxFunctionTable::Forwarded(const NodeTypes& node, OnnxFunction* function,
                                  std::vector<std::string>* symbols) {
  const OpDef& op = *node.op;
  const std::vector<std::string> inputs = SlotNames(op.inputs, node.inputs.size());
  SymbolSources sources = OperandSources(node, inputs);
  const Dims* drawn = nullptr;
  for (const Field& f : op.fields) {
    if (!FieldHasSymbols(f, node.attributes)) continue;
    if (f.onnx < 0 && (!op.random || f.name != "shape")) return false;
    if (f.onnx < 0) drawn = static_cast<const Dims*>(f.Get(node.attributes));
    for (const std::string& symbol : SymbolsOf(f, node.attributes)) {
      if (sources.contains(symbol)) continue;
      if (!sources_.contains(symbol)) return false;
      sources[symbol] = {SourceParameter(symbol), sources_.at(symbol).axis};
      symbols->push_back(symbol);
    }
  }
  Declare(inputs, &function->inputs);
  std::vector<std::string> present = inputs;
  for (size_t i = 0; i < present.size(); ++i) {
    if (!node.has_input(i)) present[i].clear();
  }
  OnnxNode call = OnnxOperation(node, present, [&](const Field& f) {
    DimWriter writer(&function->nodes, sources);
    const std::string name(f.name);
    if (!FieldHasSymbols(f, node.attributes)) {
      function->nodes.push_back(ConstantNode(name + ".value", TensorFromField(f, node.attributes)));
      return function->nodes.back().outputs[0];
    }
    if (f.kind == AttributeKind::kDims)
      return writer.List(*static_cast<const Dims*>(f.Get(node.attributes)), name);
    return writer.Scalar(*static_cast<const Dim*>(f.Get(node.attributes)), name,
                         (f.operand_flags & kVectorOperand) != 0);
  });
  if (drawn != nullptr) CallLike(*drawn, sources, function, &call);
  call.outputs = OutputNames(op, inputs, node.outputs.size());
  Declare(call.outputs, &function->outputs);
  function->nodes.push_back(std::move(call));
  return true;
}

bool OnnxFunctionTable::Decomposed(const NodeTypes& node, OnnxFunction* function,
                                   std::vector<std::string>* symbols) {
  const OpDef& op = *node.op;
  StatusOr<std::vector<TensorType>> types = InferTypes(node);
  if (!types.ok()) return false;
  NodeTypes whole = node;  // with all outputs up to the last one present
  for (size_t i = 0; i < whole.outputs.size(); ++i) whole.outputs[i] = &(*types)[i];
  Graph body;
  Builder b(body);
  const std::vector<std::string> input_names = SlotNames(op.inputs, node.inputs.size());
  std::vector<Var> inputs;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    inputs.push_back(node.has_input(i) ? b.Input(input_names[i], *node.inputs[i]) : Var{&b, ValueId::kNone});
  }
  std::vector<Var> outputs = Decompose(b, whole, inputs);
  if (!b.status().ok()) return false;
  Declare(input_names, &function->inputs);
  const std::vector<std::string> wanted = OutputNames(op, input_names, outputs.size());
  std::vector<std::pair<std::string, std::string>> copies;  // "no output is an input": through an Identity
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].valid()) return false;
    const ValueId id = outputs[i].id;
    const std::string name = body.UniqueName(wanted[i]);
    if (body.IsOutput(id) || body.value(id).producer == NodeId::kNone) {
      copies.emplace_back(body.value(id).name, name);
    } else {
      body.Rename(id, name);
      body.AddOutput(id);
    }
    function->outputs.emplace_back().name = name;
  }
  OnnxNodeWriter writer(body, this, true);
  writer.WriteAll();
  function->nodes = std::move(writer.nodes);
  *symbols = std::move(writer.missing);
  for (auto& [from, to] : copies) {
    OnnxNode& identity = function->nodes.emplace_back();
    identity.op_type = "Identity";
    identity.inputs.push_back(from);
    identity.outputs.push_back(to);
  }
  return std::all_of(symbols->begin(), symbols->end(),
                     [&](const std::string& s) { return sources_.contains(s); });
}

bool OnnxFunctionTable::Body(const NodeTypes& node, OnnxFunction* function,
                             std::vector<std::string>* symbols) {
  const OpDef& op = *node.op;
  if (op.onnx_body != nullptr) {
    for (const Field& f : op.fields) {
      if (FieldHasSymbols(f, node.attributes)) return false;
    }
    const std::string text = op.onnx_body(node);
    if (text.empty()) return false;
    StatusOr<std::vector<OnnxNode>> nodes = ParseOnnxNodes(text);
    WEFT_CHECK(nodes.ok(), "{}: {}", op.name, Message(nodes.status()));
    function->nodes = *std::move(nodes);
    const std::vector<std::string> inputs = SlotNames(op.inputs, node.inputs.size());
    Declare(inputs, &function->inputs);
    Declare(OutputNames(op, inputs, node.outputs.size()), &function->outputs);
    return true;
  }
  if (op.decompose != nullptr) return Decomposed(node, function, symbols);
  return !op.weft_domain() && Forwarded(node, function, symbols);
}

const OnnxFunctionTable::Call& OnnxFunctionTable::CallFor(const NodeTypes& node) {
  std::string key = fmt::format("{}.{}<{}>", node.op->domain, node.op->name,
                                DescribeAttributes(node.op->fields, node.attributes));
  for (const TensorType* t : node.inputs) key += t ? t->ToString() + ";" : ";";
  key += fmt::format(">{}", node.outputs.size());
  if (auto it = calls_.find(key); it != calls_.end()) return it->second;

  OnnxFunction function;
  function.name = node.op->name;
  function.domain = "weft";
  for (const Field& f : node.op->fields) function.attributes.emplace_back(f.name);
  Call call;
  WEFT_CHECK(depth_ < kMaxDepth, "{} decomposes without end", node.op->name);
  ++depth_;
  const bool has_body = Body(node, &function, &call.symbols);
  --depth_;
  // Behind as many operands as there may be, a reader could not tell the sources of symbols from them.
  const bool variadic = !node.op->inputs.empty() && node.op->inputs.back().arity == OperandDef::kVariadic;
  if (!has_body || (variadic && !call.symbols.empty())) {
    bodyless_.insert(function.name);
    return calls_[key] = {};
  }
  for (const std::string& symbol : call.symbols)
    function.inputs.emplace_back().name = SourceParameter(symbol);
  SetOpsets(&function);
  const std::string text = PrintOnnxFunction(function);
  auto [it, is_new] = overloads_.emplace(text, "");
  if (is_new) {
    const std::string hash = fmt::format("v{:016x}", Fnv(text));
    size_t length = 5;
    while (!used_.insert(fmt::format("{}:{}", function.name, hash.substr(0, length))).second) ++length;
    it->second = hash.substr(0, length);
    function.overload = it->second;
    functions_.push_back(std::move(function));
  }
  call.overload = it->second;
  return calls_[key] = std::move(call);
}

std::vector<OnnxFunction> OnnxFunctionTable::Finish(std::vector<OnnxNode>* nodes,
                                                    std::vector<OnnxFunction>* others) {
  std::map<std::string, int> count;
  for (const OnnxFunction& f : functions_) ++count[f.name];
  for (const std::string& name : bodyless_) ++count[name];
  const auto simplify = [&](std::vector<OnnxNode>* list) {
    for (OnnxNode& node : *list) {
      if (node.domain == "weft" && count[node.op_type] == 1) node.overload.clear();
    }
  };
  simplify(nodes);
  for (OnnxFunction& f : *others) simplify(&f.nodes);
  for (OnnxFunction& f : functions_) {
    if (count[f.name] == 1) f.overload.clear();
    simplify(&f.nodes);
  }
  return std::move(functions_);
}

void SetOpsets(OnnxFunction* function) {
  function->opsets.imports = {{"", kOnnxOpset}};
  const bool own = std::any_of(function->nodes.begin(), function->nodes.end(),
                               [](const OnnxNode& n) { return n.domain == "weft"; });
  if (own) function->opsets.imports.emplace_back("weft", 1);
}

}  // namespace weft
