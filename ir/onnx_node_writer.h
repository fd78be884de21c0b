// Nodes of a graph as ONNX nodes: see to_onnx.h.
#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "ir/onnx_functions.h"
#include "ir/onnx_model.h"

namespace weft {

// True if ONNX's schema does not cover the node: it is written in domain `weft`.
bool SaysMoreThanOnnx(const NodeTypes& node);

// A node that ONNX covers, without label and outputs. `inputs` are the operator's own; `operand(field)` gives
// the name of the value that holds an operand that is a field here.
OnnxNode OnnxOperation(const NodeTypes& node, const std::vector<std::string>& inputs,
                       const std::function<std::string(const Field&)>& operand);

OnnxNode ConstantNode(std::string name, const Tensor& value);
OnnxType OnnxTypeOf(const TensorType& type);
// A body as a graph attribute: constants as initializers, calls without functions.
std::shared_ptr<const OnnxGraph> OnnxBody(const Graph& body);
// The name of a function's operand more, that gives `symbol`.
inline std::string SourceParameter(const std::string& symbol) { return symbol + ".source"; }

class OnnxNodeWriter {
 public:
  // In a function constants are nodes. `functions` null: no bodies, calls have no overload.
  OnnxNodeWriter(const Graph& graph, OnnxFunctionTable* functions, bool in_function)
      : graph_(graph), functions_(functions), in_function_(in_function) {}

  void WriteAll();
  std::string UniqueName(const std::string& base);

  std::vector<OnnxNode> nodes;
  std::vector<OnnxTensor> initializers;  // of fields, in a graph
  std::vector<std::string>
      missing;              // symbols that calls in a function ask for, as SourceParameter(), each once
  std::vector<NodeId> ids;  // of `nodes`; kNone for a Constant

 private:
  void WriteConstant(const std::string& name, const Tensor& value);
  void WriteNode(NodeId id);
  OnnxNode OwnOperation(const NodeTypes& types, std::vector<std::string> inputs);
  std::vector<std::string> Names(const std::vector<ValueId>& values) const;

  const Graph& graph_;
  OnnxFunctionTable* functions_;
  bool in_function_;
  std::set<std::string> generated_;
};

}  // namespace weft
