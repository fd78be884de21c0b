#include "tools/run_graph.h"

#include <algorithm>

#include "compiler/compile.h"
#include "ir/text_parser.h"
#include "ops/evaluate.h"
#include "runtime/executor/cpu_target.h"
#include "runtime/executor/session.h"
#include "tools/parse_options.h"

namespace weft {
namespace {

class GraphRun {
 public:
  explicit GraphRun(const RunGraphOptions& options) : options_(options), target_(options.context) {}

  StatusOr<std::vector<NamedTensor>> Run(std::string_view text) {
    WEFT_ASSIGN_OR_RETURN(Graph graph, Parse(text));
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

  StatusOr<Graph> Parse(std::string_view text) {
    ParseOptions parse = AllOperators();
    parse.input_value = [this](std::string_view name) -> const Tensor* {
      return Given(name).ok() ? &given_.find(name)->second : nullptr;
    };
    return ParseText(text, parse);
  }

  // Symbols that are a dimension of an input have the size of its tensor.
  StatusOr<std::map<std::string, int64_t>> BindingsOf(const Graph& graph) {
    std::map<std::string, int64_t> bindings = options_.bindings;
    std::map<std::string, std::string> from;
    for (ValueId v : graph.inputs()) {
      const Value& input = graph.value(v);
      if (IsConstant(input.type.shape)) continue;
      const State* state = graph.FindState(v);
      WEFT_ASSIGN_OR_RETURN(const Tensor tensor, Given(state == nullptr ? input.name : state->name));
      if (tensor.shape().size() != input.type.shape.size()) {
        return InvalidArgument("input '{}' is {}{}, expected {}", input.name, Name(tensor.dtype()),
                               ToString(tensor.shape()), input.type.ToString());
      }
      for (size_t i = 0; i < tensor.shape().size(); ++i) {
        const std::string symbol = input.type.shape[i].ToString();
        if (input.type.shape[i].is_constant() || input.type.shape[i] != Dim::Symbol(symbol)) continue;
        const auto [it, added] = bindings.emplace(symbol, tensor.shape()[i]);
        if (added) from[symbol] = input.name;
        if (it->second == tensor.shape()[i]) continue;
        return InvalidArgument("'{}' is {} by input '{}', but {} by {}", symbol, tensor.shape()[i],
                               input.name, it->second,
                               from.contains(symbol) ? "input '" + from[symbol] + "'" : "--bind");
      }
    }
    return bindings;
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
};

}  // namespace

StatusOr<std::vector<NamedTensor>> RunGraphText(std::string_view text, const RunGraphOptions& options) {
  return GraphRun(options).Run(text);
}

}  // namespace weft
