#include "ir/to_onnx.h"

#include <algorithm>
#include <set>

#include "ir/onnx_annotations.h"
#include "ir/onnx_functions.h"
#include "ir/onnx_node_writer.h"
#include "ir/onnx_print.h"
#include "ir/onnx_versions.h"

namespace weft {
namespace {

OnnxValueInfo InfoOf(const Value& value) { return {value.name, OnnxTypeOf(value.type)}; }

std::string Identifier(std::string_view prefix, std::string_view name) {
  std::string out(prefix);
  for (char c : name) {
    const bool keep = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    out += keep ? c : '_';
  }
  return out;
}

class ModelWriter {
 public:
  ModelWriter(const Graph& graph, const PrintOptions& options)
      : graph_(graph), options_(options), table_(SourcesOf(graph)) {}

  OnnxModel Write() {
    model_.ir_version = kOnnxIrVersion;
    model_.producer_name = "weft";
    model_.graph.name = graph_.name.empty() ? "main" : graph_.name;
    CollectOutputs();
    for (ValueId v : graph_.inputs()) model_.graph.inputs.push_back(InfoOf(graph_.value(v)));
    for (ValueId v : outputs_) model_.graph.outputs.push_back(InfoOf(graph_.value(v)));
    for (ValueId v : graph_.ConstantIds()) WriteConstant(graph_.value(v));
    WriteNodes();
    if (options_.types) WriteTypes();
    std::vector<OnnxFunction> inits = WriteStates();
    for (const auto& [symbol, bound] : graph_.symbol_bounds) {
      model_.metadata.emplace_back(std::string(kDimKey) + symbol, fmt::format("{}", bound));
    }
    // Bodies in states' initial values are found while those are written: before them in the file.
    model_.functions = table_.Finish(&model_.graph.nodes, &inits);
    for (OnnxFunction& f : inits) model_.functions.push_back(std::move(f));
    WriteOpsets();
    return std::move(model_);
  }

 private:
  // Results, and behind them the next values that are no results.
  void CollectOutputs() {
    outputs_ = graph_.outputs();
    is_output_.insert(outputs_.begin(), outputs_.end());
    for (const State& s : graph_.states()) {
      if (s.next == ValueId::kNone) continue;
      if (is_output_.insert(s.next).second) {
        outputs_.push_back(s.next);
      } else {
        next_is_result_ = true;
      }
    }
  }

  void WriteConstant(const Value& value) {
    OnnxTensor& tensor = model_.graph.initializers.emplace_back();
    tensor.name = value.name;
    tensor.type = OnnxTypeOf(value.type);
    if (options_.external && value.constant->num_elements() > options_.max_inline_elements) {
      tensor.external = options_.external(value);
    }
    if (tensor.external.empty()) tensor.data = *value.constant;
  }

  void WriteNodes() {
    OnnxNodeWriter writer(graph_, options_.bodies ? &table_ : nullptr, false);
    writer.WriteAll();
    for (OnnxTensor& t : writer.initializers) model_.graph.initializers.push_back(std::move(t));
    for (size_t i = 0; options_.comment && i < writer.nodes.size(); ++i) {
      writer.nodes[i].comment = options_.comment(writer.ids[i]);
    }
    model_.graph.nodes = std::move(writer.nodes);
  }

  void WriteTypes() {
    for (NodeId id : graph_.NodeIds()) {
      for (ValueId v : graph_.node(id).outputs) {
        if (v != ValueId::kNone && !is_output_.contains(v))
          model_.graph.values.push_back(InfoOf(graph_.value(v)));
      }
    }
  }

  // A state's initial value; one that another state has too is written once.
  std::string WriteInit(const State& state, std::vector<OnnxFunction>* functions) {
    if (state.init == nullptr) return "";
    if (auto it = init_names_.find(state.init.get()); it != init_names_.end()) return it->second;
    const Graph& init = *state.init;
    OnnxFunction f;
    f.domain = "weft";
    for (ValueId v : init.inputs()) f.inputs.push_back(InfoOf(init.value(v)));
    for (ValueId v : init.outputs()) f.outputs.push_back(InfoOf(init.value(v)));
    OnnxNodeWriter writer(init, options_.bodies ? &table_ : nullptr, true);
    writer.WriteAll();
    f.nodes = std::move(writer.nodes);
    SetOpsets(&f);
    std::string& name = init_texts_[PrintOnnxFunction(f)];
    if (name.empty()) {
      const std::string base = Identifier("init_", state.name);
      name = base;
      for (int i = 1; !used_.insert(name).second; ++i) name = fmt::format("{}_{}", base, i);
      f.name = name;
      functions->push_back(std::move(f));
    }
    return init_names_[state.init.get()] = name;
  }

  std::vector<OnnxFunction> WriteStates() {
    std::vector<OnnxFunction> functions;
    for (const State& s : graph_.states()) {
      const std::string& input = graph_.value(s.value).name;
      StateNote note{s.role, WriteInit(s, &functions), s.name == input ? "" : s.name};
      model_.metadata.emplace_back(std::string(kStateKey) + input, WriteStateNote(note));
    }
    for (const State& s : graph_.states()) {
      if (s.next == ValueId::kNone) continue;
      model_.metadata.emplace_back(std::string(kAliasKey) + graph_.value(s.next).name,
                                   graph_.value(s.value).name);
    }
    if (next_is_result_) {
      model_.metadata.emplace_back(kOutputsKey, fmt::format("{}", graph_.outputs().size()));
    }
    return functions;
  }

  void WriteOpsets() {
    model_.opsets.imports = {{"", kOnnxOpset}};
    const auto own = [](const OnnxNode& n) { return n.domain == "weft"; };
    const std::vector<OnnxNode>& nodes = model_.graph.nodes;
    if (!model_.functions.empty() || std::any_of(nodes.begin(), nodes.end(), own)) {
      model_.opsets.imports.emplace_back("weft", 1);
    }
  }

  const Graph& graph_;
  const PrintOptions& options_;
  OnnxFunctionTable table_;
  OnnxModel model_;
  std::vector<ValueId> outputs_;
  std::set<ValueId> is_output_;
  bool next_is_result_ = false;
  std::map<const Graph*, std::string> init_names_;  // looked up only
  std::map<std::string, std::string> init_texts_;
  std::set<std::string> used_;
};

}  // namespace

OnnxModel ToOnnx(const Graph& graph, const PrintOptions& options) {
  return ModelWriter(graph, options).Write();
}

}  // namespace weft
