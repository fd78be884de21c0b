#include "tools/run_graph.h"

#include <algorithm>

#include "compiler/compile.h"
#include "ir/text_lexer.h"
#include "ir/text_parser.h"
#include "ops/evaluate.h"
#include "ops/text.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/executor/session.h"

namespace weft {
namespace {

class GraphRun {
 public:
  explicit GraphRun(const RunGraphOptions& options) : options_(options), target_(options.context) {}

  StatusOr<std::vector<NamedTensor>> RunText(std::string_view text) {
    WEFT_ASSIGN_OR_RETURN(Graph graph, Parse(text));
    return Run(std::move(graph));
  }

  StatusOr<std::vector<NamedTensor>> Run(Graph graph) {
    WEFT_ASSIGN_OR_RETURN(const auto bindings, BindingsOf(graph));
    StatusOr<Program> program = Compile(std::move(graph), bindings, target_, CompileOptionsFor("run"));
    if (!program.ok()) return program.status();
    Profile profile;
    profile.AddPasses(*program);
    WEFT_RETURN_IF_ERROR(SetStates(program->graph));
    WEFT_ASSIGN_OR_RETURN(Executor * executor, session_.AddProgram("run", *std::move(program)));
    if (!options_.profile.empty()) executor->set_profile(&profile);
    for (const Port& port : executor->program().inputs) {
      WEFT_ASSIGN_OR_RETURN(const Tensor tensor, Given(port.name));
      WEFT_RETURN_IF_ERROR(executor->BindInput(port.name, tensor));
    }
    WEFT_RETURN_IF_ERROR(options_.checked ? executor->RunChecked() : executor->Run());
    if (!options_.profile.empty()) WEFT_RETURN_IF_ERROR(profile.WriteChromeTrace(options_.profile));
    return Results(*executor);
  }

 private:
  CompileOptions CompileOptionsFor(std::string name) const {
    CompileOptions options;
    options.name = std::move(name);
    options.fuse = options_.fuse;
    options.evaluate = [context = options_.context](const OpDef& op, const void* attributes,
                                                    std::span<const Tensor* const> inputs,
                                                    uint32_t optional) {
      return EvaluateNode(op, attributes, inputs, optional, context);
    };
    return options;
  }

  // Each tensor is loaded once.
  StatusOr<Tensor> Given(std::string_view name) {
    if (const auto it = given_.find(name); it != given_.end()) return it->second;
    WEFT_ASSIGN_OR_RETURN(Tensor tensor, options_.tensor(name));
    return given_.emplace(name, std::move(tensor)).first->second;
  }

  // Graphs keep their symbols until they are bound. Where a shape that comes as a tensor only fits once sizes
  // are known, the text is read again with the inputs' sizes in the place of symbols.
  StatusOr<Graph> Parse(std::string_view text) {
    WEFT_ASSIGN_OR_RETURN(OnnxModel model, ParseOnnxText(text));
    OnnxOffset at = -1;
    StatusOr<Graph> graph = FromOnnx(model, Options(), &at);
    substituted_ = !graph.ok() && Substitute(model);
    if (!substituted_) return WithPlace(std::move(graph), text, at);
    graph = FromOnnx(model, Options(), &at);
    return WithPlace(std::move(graph), text, at);
  }

  static StatusOr<Graph> WithPlace(StatusOr<Graph> graph, std::string_view text, OnnxOffset at) {
    if (graph.ok() || at < 0) return graph;
    return MakeError(graph.status().code(), AtOffset(text, static_cast<size_t>(at), Message(graph.status())));
  }

  ParseOptions Options() {
    ParseOptions parse = WithOperators();
    parse.input_value = [this](std::string_view name) -> const Tensor* {
      return Given(name).ok() ? &given_.find(name)->second : nullptr;
    };
    return parse;
  }

  // Numbers for the symbols in the declared types, as far as the inputs' tensors and --bind give them; false
  // if that changes nothing.
  bool Substitute(OnnxModel& model) {
    std::map<std::string, int64_t> sizes = options_.bindings;
    for (const OnnxValueInfo& info : model.graph.inputs) {
      const StatusOr<Tensor> tensor = Given(info.name);
      if (!tensor.ok() || !info.type || info.type->shape.size() != tensor->shape().size()) continue;
      for (size_t i = 0; i < tensor->shape().size(); ++i) {
        const OnnxDim& dim = info.type->shape[i];
        if (dim.kind == OnnxDim::kName) sizes.emplace(dim.name, tensor->shape()[i]);
      }
    }
    bool changed = false;
    for (std::vector<OnnxValueInfo>* infos :
         {&model.graph.inputs, &model.graph.outputs, &model.graph.values}) {
      for (OnnxValueInfo& info : *infos) {
        if (!info.type) continue;
        for (OnnxDim& dim : info.type->shape) {
          const StatusOr<Dim> formula = dim.kind == OnnxDim::kName ? Dim::Parse(dim.name) : Dim::Parse("?");
          if (!formula.ok() || !formula->Substitute(sizes).is_constant()) continue;
          dim = {OnnxDim::kNumber, formula->Substitute(sizes).value(), ""};
          changed = true;
        }
      }
    }
    return changed;
  }

  // Symbols that are a dimension of an input have the size of its tensor.
  StatusOr<std::map<std::string, int64_t>> BindingsOf(const Graph& graph) {
    std::vector<std::string> symbols;
    for (ValueId v : graph.inputs()) {
      for (const Dim& d : graph.value(v).type.shape) d.CollectSymbols(&symbols);
    }
    std::map<std::string, int64_t> bindings;
    for (const auto& [name, size] : options_.bindings) {  // some may have been put into the text
      if (!substituted_ || std::find(symbols.begin(), symbols.end(), name) != symbols.end())
        bindings[name] = size;
    }
    std::map<std::string, std::string> from;
    for (ValueId v : graph.inputs()) {
      const Value& input = graph.value(v);
      if (IsConstant(input.type.shape)) continue;
      const State* state = graph.FindState(v);
      WEFT_ASSIGN_OR_RETURN(const Tensor tensor, Given(state == nullptr ? input.name : state->name));
      WEFT_RETURN_IF_ERROR(BindInput(input, tensor, bindings, from));
    }
    return bindings;
  }

  static Status BindInput(const Value& input, const Tensor& tensor, std::map<std::string, int64_t>& bindings,
                          std::map<std::string, std::string>& from) {
    if (tensor.shape().size() != input.type.shape.size()) {
      return InvalidArgument("input '{}' is {}{}, expected {}", input.name, Name(tensor.dtype()),
                             ToString(tensor.shape()), input.type.ToString());
    }
    for (size_t i = 0; i < tensor.shape().size(); ++i) {
      const std::string symbol = input.type.shape[i].ToString();
      std::vector<std::string> symbols;
      input.type.shape[i].CollectSymbols(&symbols);
      if (symbols.size() != 1 || symbols[0] != symbol) continue;  // a number, or a formula
      const auto [it, added] = bindings.emplace(symbol, tensor.shape()[i]);
      if (added) from[symbol] = input.name;
      if (it->second == tensor.shape()[i]) continue;
      return InvalidArgument("'{}' is {} by input '{}', but {} by {}", symbol, tensor.shape()[i], input.name,
                             it->second, from.contains(symbol) ? "input '" + from[symbol] + "'" : "--bind");
    }
    return OkStatus();
  }

  Status SetStates(const Graph& graph) {
    const auto compile = [&](const Graph& init, const std::string& name) {
      return Compile(init, {}, target_, CompileOptionsFor(name));
    };
    WEFT_RETURN_IF_ERROR(session_.RunInit(graph, compile, options_.seed));
    for (const State& s : graph.states()) {
      const StatusOr<Tensor> tensor = Given(s.name);
      if (tensor.ok()) {
        WEFT_RETURN_IF_ERROR(session_.SetState(s.name, *tensor));
      } else if (s.init == nullptr) {
        return Prefix(fmt::format("state '{}', which has no initial value", s.name), tensor.status());
      }
    }
    return OkStatus();
  }

  StatusOr<std::vector<NamedTensor>> Results(const Executor& executor) const {
    std::vector<NamedTensor> results;
    for (const Port& port : executor.program().outputs) {
      WEFT_ASSIGN_OR_RETURN(const Tensor value, executor.Output(port.name));
      results.push_back({port.name, value.Clone()});
    }
    for (const Port& port : executor.program().states) {
      const bool taken = std::any_of(results.begin(), results.end(),
                                     [&](const NamedTensor& r) { return r.name == port.name; });
      if (port.next == ValueId::kNone || taken) continue;
      results.push_back({port.name, session_.FindState(port.name)->tensor().Clone()});
    }
    return results;
  }

  const RunGraphOptions& options_;
  CpuTarget target_;
  Session session_;
  std::map<std::string, Tensor, std::less<>> given_;
  bool substituted_ = false;
};

}  // namespace

StatusOr<std::vector<NamedTensor>> RunGraphText(std::string_view text, const RunGraphOptions& options) {
  return GraphRun(options).RunText(text);
}

StatusOr<std::vector<NamedTensor>> RunGraph(Graph graph, const RunGraphOptions& options) {
  return GraphRun(options).Run(std::move(graph));
}

}  // namespace weft
