#include "ir/from_onnx.h"

#include <algorithm>

#include "base/quote.h"
#include "base/suggest.h"
#include "ir/from_onnx_internal.h"
#include "ir/onnx_annotations.h"
#include "ir/onnx_fields.h"
#include "ir/onnx_versions.h"
#include "ir/type_limits.h"

namespace weft {

Status OnnxReader::Fail(OnnxOffset at, std::string_view message) {
  *at_ = at;
  return InvalidArgument("{}", message);
}

// ---- types and values

Status OnnxReader::CheckFormula(const Dims& shape, std::string_view name, OnnxOffset at) {
  const Status s = weft::CheckFormula(shape, name);
  return s.ok() ? s : Fail(at, s);
}

Status OnnxReader::CheckType(const TensorType& type, std::string_view name, OnnxOffset at) {
  const Status s = weft::CheckType(type, name);
  return s.ok() ? s : Fail(at, s);
}

StatusOr<TensorType> OnnxReader::TypeOf(const OnnxValueInfo& info) {
  const Tensor* value = options_.input_value ? options_.input_value(info.name) : nullptr;
  if (!info.type) return Fail(info.at, fmt::format("input {} has no type", Quote(info.name)));
  if (!info.type->unsupported.empty()) {
    return Fail(info.at, fmt::format("input {} is {}, which weft does not have", Quote(info.name),
                                     info.type->unsupported));
  }
  TensorType type{info.type->dtype, {}};
  if (!info.type->has_shape) {
    if (value == nullptr) return Fail(info.at, fmt::format("input {} has no shape", Quote(info.name)));
    type.shape = ToDims(value->shape());
    return type;
  }
  for (size_t i = 0; i < info.type->shape.size(); ++i) {
    const OnnxDim& d = info.type->shape[i];
    if (d.kind == OnnxDim::kNumber) {
      type.shape.push_back(d.number);
    } else if (d.kind == OnnxDim::kName) {
      type.shape.push_back(DimFromName(d.name));
    } else if (value != nullptr && value->shape().size() == info.type->shape.size()) {
      type.shape.push_back(value->shape()[i]);
    } else {  // a symbol of its own
      type.shape.push_back(DimFromName(fmt::format("{}_{}", info.name, i)));
    }
  }
  WEFT_RETURN_IF_ERROR(CheckType(type, info.name, info.at));
  return type;
}

Status OnnxReader::AddInputs(const std::vector<OnnxValueInfo>& inputs) {
  for (const OnnxValueInfo& info : inputs) {
    // Before IR 4, initializers were inputs as well.
    if (!IsNew(info.name) && graph_.value(graph_.Find(info.name)).constant) {
      WEFT_RETURN_IF_ERROR(CheckDeclared(info));
      continue;
    }
    if (!IsNew(info.name)) return Fail(info.at, fmt::format("two inputs are called {}", Quote(info.name)));
    WEFT_ASSIGN_OR_RETURN(TensorType type, TypeOf(info));
    std::vector<std::string> symbols;
    for (const Dim& d : type.shape) d.CollectSymbols(&symbols);
    symbols_.insert(symbols.begin(), symbols.end());
    graph_.AddInput(info.name, std::move(type));
  }
  return OkStatus();
}

StatusOr<Tensor> OnnxReader::DataOf(const OnnxTensor& tensor, OnnxOffset at) {
  if (!tensor.type.unsupported.empty()) {
    return Fail(at, fmt::format("a tensor of {}, which weft does not have", tensor.type.unsupported));
  }
  if (tensor.external.empty()) return tensor.data;
  if (!options_.load_external) return Fail(at, "the tensor's data lies in another file");
  StatusOr<Tensor> data = options_.load_external(tensor);
  if (!data.ok()) return Fail(at, data.status());
  return data;
}

Status OnnxReader::AddConstant(const std::string& name, const OnnxTensor& tensor, OnnxOffset at) {
  if (!IsNew(name)) return Fail(at, fmt::format("{} is assigned twice", Quote(name)));
  StatusOr<Tensor> data = DataOf(tensor, at);
  if (!data.ok()) return Prefix(Quote(name), data.status());
  graph_.AddConstant(name, *std::move(data));
  return OkStatus();
}

// A declared type must be the inferred one. Where its name for a dimension is made of none of the graph's
// symbols ("unk__7"), another writer could not say which it is.
Status OnnxReader::CheckDim(const OnnxValueInfo& info, const Dim& inferred, const OnnxDim& declared) {
  if (declared.kind == OnnxDim::kUnknown) return OkStatus();
  const Dim dim = declared.kind == OnnxDim::kNumber ? Dim(declared.number) : DimFromName(declared.name);
  std::vector<std::string> symbols;
  dim.CollectSymbols(&symbols);
  const bool known =
      std::all_of(symbols.begin(), symbols.end(), [&](const std::string& s) { return symbols_.contains(s); });
  if (!known || dim == inferred) return OkStatus();
  return Fail(info.at, fmt::format("{} is declared with a dimension {}, but it is {}", Quote(info.name),
                                   dim.ToString(), inferred.ToString()));
}

Status OnnxReader::CheckDeclared(const OnnxValueInfo& info) {
  if (!info.type) return OkStatus();
  const ValueId id = graph_.Find(info.name);
  if (id == ValueId::kNone) return OkStatus();  // of a constant that became an attribute, or of nothing
  const TensorType& type = graph_.value(id).type;
  if (!info.type->unsupported.empty() || info.type->dtype != type.dtype) {
    const std::string_view declared = info.type->unsupported.empty()
                                          ? OnnxName(info.type->dtype)
                                          : std::string_view(info.type->unsupported);
    return Fail(info.at, fmt::format("{} is declared {}, but it is {}", Quote(info.name), declared,
                                     OnnxName(type.dtype)));
  }
  if (!info.type->has_shape) return OkStatus();
  if (info.type->shape.size() != type.shape.size()) {
    return Fail(info.at, fmt::format("{} is declared with {} dimensions, but it is {}", Quote(info.name),
                                     info.type->shape.size(), type.ToString()));
  }
  for (size_t i = 0; i < type.shape.size(); ++i) {
    WEFT_RETURN_IF_ERROR(CheckDim(info, type.shape[i], info.type->shape[i]));
  }
  return OkStatus();
}

Status OnnxReader::AddOutputs(const std::vector<OnnxValueInfo>& outputs) {
  for (const OnnxValueInfo& info : outputs) {
    const ValueId id = graph_.Find(info.name);
    if (id == ValueId::kNone) return Fail(info.at, fmt::format("output {} is not defined", Quote(info.name)));
    WEFT_RETURN_IF_ERROR(CheckDeclared(info));
    if (!outputs_.insert(id).second) {
      return Fail(info.at, fmt::format("{} is an output twice", Quote(info.name)));
    }
    graph_.AddOutput(id);
  }
  return OkStatus();
}

// Constants that only became attributes are not values of the graph; any other stays, used or not.
void OnnxReader::DropConsumedConstants() {
  for (ValueId id : consumed_) {
    const Value& v = graph_.value(id);
    if (v.alive && v.uses.empty() && !outputs_.contains(id)) graph_.EraseConstant(id);
  }
}

// ---- annotations

StatusOr<std::shared_ptr<const Graph>> OnnxReader::InitGraph(const std::string& name) {
  if (auto it = inits_.find(name); it != inits_.end()) return it->second;
  if (functions_.empty()) {
    for (const OnnxFunction& f : model_.functions) {
      if (f.domain == "weft") functions_.emplace(f.name, &f);
    }
  }
  const auto function = functions_.find(name);
  if (function == functions_.end())
    return Fail(-1, fmt::format("there is no function {} in domain weft", Quote(name)));
  OnnxReader reader(model_, function->second->opsets, options_, at_);
  WEFT_ASSIGN_OR_RETURN(Graph graph, reader.ReadFunction(*function->second));
  return inits_[name] = std::make_shared<const Graph>(std::move(graph));
}

Status OnnxReader::ReadState(const std::string& input, const std::string& text) {
  const ValueId id = graph_.Find(input);
  if (id == ValueId::kNone || !graph_.value(id).is_input) return Fail(-1, "there is no such input");
  WEFT_ASSIGN_OR_RETURN(const StateNote note, ReadStateNote(text));
  State state;
  state.name = note.name.empty() ? input : note.name;
  state.role = note.role;
  state.value = id;
  if (!state_of_.emplace(id, graph_.states().size()).second) return Fail(-1, "the input is a state already");
  if (!state_names_.insert(state.name).second) {
    return Fail(-1, fmt::format("there is another state {}", Quote(state.name)));
  }
  if (!note.init.empty()) {
    WEFT_ASSIGN_OR_RETURN(state.init, InitGraph(note.init));
    const Graph& init = *state.init;
    if (init.outputs().size() != 1 || init.value(init.outputs()[0]).type != graph_.value(id).type) {
      return Fail(
          -1, fmt::format("{} must have one output, {}", Quote(note.init), graph_.value(id).type.ToString()));
    }
  }
  graph_.AddState(std::move(state));
  return OkStatus();
}

Status OnnxReader::ReadAlias(const std::string& output, const std::string& text) {
  const ValueId next = graph_.Find(output), value = graph_.Find(text);
  const auto state = state_of_.find(value);
  if (state == state_of_.end()) return Fail(-1, fmt::format("{} is no state", Quote(text)));
  if (!outputs_.contains(next)) return Fail(-1, "there is no such output");
  if (!nexts_.insert(next).second) return Fail(-1, "the output is the next value of another state");
  State& s = graph_.mutable_states()[state->second];
  if (s.next != ValueId::kNone) return Fail(-1, fmt::format("{} has a next value already", Quote(text)));
  if (graph_.value(next).type != graph_.value(value).type) {
    return Fail(-1, fmt::format("it is {}, the state {} is {}", graph_.value(next).type.ToString(),
                                Quote(text), graph_.value(value).type.ToString()));
  }
  s.next = next;
  return OkStatus();
}

// Which of the text's outputs are results: the others are there because they are next values.
Status OnnxReader::ReadOutputs() {
  std::vector<ValueId> results;
  for (ValueId v : graph_.outputs()) {
    if (!nexts_.contains(v)) results.push_back(v);
  }
  for (const auto& [key, text] : model_.metadata) {
    if (key != kOutputsKey) continue;
    WEFT_ASSIGN_OR_RETURN(const int64_t count, ReadCount(text));
    const std::vector<ValueId>& all = graph_.outputs();
    if (count > static_cast<int64_t>(all.size())) return Fail(-1, "there are fewer outputs");
    results.assign(all.begin(), all.begin() + count);
  }
  graph_.SetOutputs(std::move(results));
  return OkStatus();
}

Status OnnxReader::ReadMetadata() {
  const auto with_prefix = [&](std::string_view prefix, auto read) -> Status {
    for (const auto& [key, text] : model_.metadata) {
      if (key.compare(0, prefix.size(), prefix) != 0) continue;
      if (Status s = read(key.substr(prefix.size()), text); !s.ok()) {
        return Prefix(fmt::format("metadata {}", Quote(key)), s);
      }
    }
    return OkStatus();
  };
  WEFT_RETURN_IF_ERROR(with_prefix(
      kStateKey, [&](const std::string& input, const std::string& text) { return ReadState(input, text); }));
  WEFT_RETURN_IF_ERROR(with_prefix(kAliasKey, [&](const std::string& output, const std::string& text) {
    return ReadAlias(output, text);
  }));
  WEFT_RETURN_IF_ERROR(
      with_prefix(kDimKey, [&](const std::string& symbol, const std::string& text) -> Status {
        WEFT_ASSIGN_OR_RETURN(graph_.symbol_bounds[symbol], ReadCount(text));
        return OkStatus();
      }));
  WEFT_RETURN_IF_ERROR(with_prefix("weft.", [&](const std::string& rest, const std::string&) -> Status {
    const std::string key = "weft." + rest;
    for (std::string_view known : {kStateKey, kAliasKey, kDimKey}) {
      if (key.compare(0, known.size(), known) == 0) return OkStatus();
    }
    return key == kOutputsKey ? OkStatus() : Fail(-1, "weft has no such key");
  }));
  return ReadOutputs();
}

// ---- the order of things

Status OnnxReader::ReadGraph(const OnnxGraph& g) {
  graph_.name = g.name;
  for (const OnnxTensor& t : g.initializers) WEFT_RETURN_IF_ERROR(AddConstant(t.name, t, t.at));
  WEFT_RETURN_IF_ERROR(AddInputs(g.inputs));
  nodes_ = &g.nodes;
  for (const OnnxNode& node : g.nodes) WEFT_RETURN_IF_ERROR(AddNode(node));
  for (const OnnxValueInfo& info : g.values) WEFT_RETURN_IF_ERROR(CheckDeclared(info));
  return AddOutputs(g.outputs);
}

StatusOr<Graph> OnnxReader::ReadModel() {
  WEFT_RETURN_IF_ERROR(ReadGraph(model_.graph));
  WEFT_RETURN_IF_ERROR(ReadMetadata());
  DropConsumedConstants();
  return std::move(graph_);
}

StatusOr<Graph> OnnxReader::ReadBody(const OnnxGraph& body) {
  WEFT_RETURN_IF_ERROR(ReadGraph(body));
  DropConsumedConstants();
  return std::move(graph_);
}

StatusOr<Graph> OnnxReader::ReadFunction(const OnnxFunction& function) {
  graph_.name = function.name;
  std::vector<OnnxValueInfo> inputs = function.inputs;
  for (OnnxValueInfo& info : inputs) {  // ONNX's own printer drops the types; this one is always the same
    if (!info.type && info.name == "seed") info.type = OnnxType{DataType::kI64};
  }
  WEFT_RETURN_IF_ERROR(AddInputs(inputs));
  nodes_ = &function.nodes;
  for (const OnnxNode& node : function.nodes) WEFT_RETURN_IF_ERROR(AddNode(node));
  WEFT_RETURN_IF_ERROR(AddOutputs(function.outputs));
  DropConsumedConstants();
  return std::move(graph_);
}

StatusOr<Graph> FromOnnx(const OnnxModel& model, const ParseOptions& options, OnnxOffset* at) {
  *at = -1;
  return OnnxReader(model, model.opsets, options, at).ReadModel();
}

}  // namespace weft
