#include "compiler/passes/bind.h"

#include <algorithm>
#include <set>

#include "base/quote.h"
#include "base/suggest.h"
#include "compiler/passes/infer_shapes.h"
#include "ir/body.h"

namespace weft {
namespace {

// Some value that has the symbol in its shape, for a message.
std::string WhereIs(const Graph& graph, const std::string& symbol) {
  for (size_t i = 0; i < graph.num_value_slots(); ++i) {
    const Value& v = graph.value(ValueId{static_cast<int32_t>(i)});
    std::vector<std::string> symbols;
    for (const Dim& d : v.type.shape) d.CollectSymbols(&symbols);
    if (v.alive && std::find(symbols.begin(), symbols.end(), symbol) != symbols.end()) {
      return fmt::format("'{}' is {}", v.name, v.type.ToString());
    }
  }
  return "an attribute has it";
}

Status CheckBindings(const Graph& graph, const std::vector<std::string>& symbols,
                     const std::map<std::string, int64_t>& bindings) {
  for (const auto& [symbol, value] : bindings) {
    const bool known = std::find(symbols.begin(), symbols.end(), symbol) != symbols.end();
    if (!known && !graph.symbol_bounds.contains(symbol)) {
      return InvalidArgument("the graph has no symbol {}{}", Quote(symbol), DidYouMean(symbol, symbols));
    }
    if (value < 0) return InvalidArgument("{} = {} is negative", symbol, value);
    const auto bound = graph.symbol_bounds.find(symbol);
    if (bound != graph.symbol_bounds.end() && value > bound->second) {
      return InvalidArgument("{} = {} is above its bound {}", symbol, value, bound->second);
    }
  }
  for (const std::string& symbol : symbols) {
    if (bindings.contains(symbol)) continue;
    return InvalidArgument("symbol '{}' has no value ({}): bind it, as in {}=8", symbol,
                           WhereIs(graph, symbol), symbol);
  }
  return OkStatus();
}

Status BindChecked(Graph& graph, const std::map<std::string, int64_t>& bindings) {
  for (ValueId id : graph.inputs()) {
    TensorType type = graph.value(id).type;
    for (Dim& d : type.shape) d = d.Substitute(bindings);
    if (!IsConstant(type.shape)) {
      return InvalidArgument("input '{}' stays {}", graph.value(id).name, type.ToString());
    }
    if (StatusOr<int64_t> bytes = CheckedSizeInBytes(type.dtype, ToShape(type.shape)); !bytes.ok()) {
      return Prefix(fmt::format("input '{}'", graph.value(id).name), bytes.status());
    }
    graph.SetType(id, std::move(type));
  }
  for (NodeId id : graph.NodeIds()) {
    const Node& node = graph.node(id);
    std::vector<std::string> symbols;
    CollectSymbols(node.op->fields, node.attributes.get(), &symbols);
    if (symbols.empty()) continue;
    std::shared_ptr<void> attributes = node.op->attributes.copy(node.attributes.get());
    SubstituteDims(node.op->fields, attributes.get(), bindings);
    graph.SetAttributes(id, std::move(attributes));
  }
  graph.symbol_bounds.clear();
  return InferShapes(graph);
}

}  // namespace

std::vector<std::string> SymbolsOf(const Graph& graph) {
  std::vector<std::string> symbols;
  for (ValueId id : graph.inputs()) {
    for (const Dim& d : graph.value(id).type.shape) d.CollectSymbols(&symbols);
  }
  for (NodeId id : graph.NodeIds()) {
    const Node& node = graph.node(id);
    CollectSymbols(node.op->fields, node.attributes.get(), &symbols);
    for (ValueId v : node.outputs) {
      if (v == ValueId::kNone) continue;
      for (const Dim& d : graph.value(v).type.shape) d.CollectSymbols(&symbols);
    }
  }
  return symbols;
}

Status Bind(Graph& graph, const std::map<std::string, int64_t>& bindings) {
  std::vector<std::string> symbols = SymbolsOf(graph);
  for (const State& state : graph.states()) {
    if (state.init == nullptr) continue;
    for (std::string& s : SymbolsOf(*state.init)) {
      if (std::find(symbols.begin(), symbols.end(), s) == symbols.end()) symbols.push_back(std::move(s));
    }
  }
  WEFT_RETURN_IF_ERROR(CheckBindings(graph, symbols, bindings));
  for (State& state : graph.mutable_states()) {
    if (state.init == nullptr || SymbolsOf(*state.init).empty()) continue;
    auto init = std::make_shared<Graph>(*state.init);
    WEFT_RETURN_IF_ERROR(
        Prefix(fmt::format("initial value of state '{}'", state.name), BindChecked(*init, bindings)));
    state.init = std::move(init);
  }
  return BindChecked(graph, bindings);
}

}  // namespace weft
