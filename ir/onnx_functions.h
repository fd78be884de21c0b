// Bodies of operators of domain `weft`, as functions: what decompose emits on the node's operand types. One
// function for each distinct body; callees stand before callers.
//
// A body may need the value of a symbol (Reshape to [batch, seq, 512]): it is taken from the shape of an
// operand that has it as a dimension, or else from an operand more, behind the operator's own: the graph
// input that has it. The caller passes it on.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "ir/onnx_model.h"

namespace weft {

// Where a symbol's value can be read: dimension `axis` of a value.
struct SymbolSource {
  std::string value;
  int axis = 0;
};
using SymbolSources = std::map<std::string, SymbolSource>;
SymbolSources SourcesOf(const Graph& graph);  // among its inputs, the first

class OnnxFunctionTable {
 public:
  explicit OnnxFunctionTable(SymbolSources sources) : sources_(std::move(sources)) {}

  struct Call {
    std::string overload;              // "": there is no function
    std::vector<std::string> symbols;  // operands more: sources of these
  };
  // The function for a node with those types that has its outputs up to the last one present.
  const Call& CallFor(const NodeTypes& node);
  const SymbolSources& sources() const { return sources_; }
  // All functions. An operator with only one has it without overload, and so its calls in `nodes` and in the
  // nodes of `others`.
  std::vector<OnnxFunction> Finish(std::vector<OnnxNode>* nodes, std::vector<OnnxFunction>* others);

 private:
  bool Body(const NodeTypes& node, OnnxFunction* function, std::vector<std::string>* symbols);
  bool Decomposed(const NodeTypes& node, OnnxFunction* function, std::vector<std::string>* symbols);
  bool Forwarded(const NodeTypes& node, OnnxFunction* function, std::vector<std::string>* symbols);

  SymbolSources sources_;
  std::map<std::string, Call> calls_;             // by operator, attributes and types
  std::map<std::string, std::string> overloads_;  // by the function's text
  std::set<std::string> used_;                    // "Product:v3a1f"
  std::set<std::string> bodyless_;                // operators of which a call has no function
  std::vector<OnnxFunction> functions_;
  int depth_ = 0;
};

// Imports of ONNX's operator set, and of domain weft if a node is of it.
void SetOpsets(OnnxFunction* function);

}  // namespace weft
