// The reader of one graph or function body: see from_onnx.h. from_onnx.cc has the order of things and the
// annotations, from_onnx_nodes.cc one node.
#pragma once
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/from_onnx.h"

namespace weft {

class OnnxReader {
 public:
  OnnxReader(const OnnxModel& model, const OnnxOpsets& opsets, const ParseOptions& options, OnnxOffset* at)
      : model_(model), opsets_(opsets), options_(options), at_(at), opset_(opsets.Find("").value_or(0)) {}

  StatusOr<Graph> ReadModel();
  StatusOr<Graph> ReadFunction(const OnnxFunction& function);
  StatusOr<Graph> ReadBody(const OnnxGraph& body);

 private:
  // from_onnx.cc
  Status AddInputs(const std::vector<OnnxValueInfo>& inputs);
  Status AddConstant(const std::string& name, const OnnxTensor& tensor, OnnxOffset at);
  Status ReadGraph(const OnnxGraph& graph);
  Status AddOutputs(const std::vector<OnnxValueInfo>& outputs);
  Status CheckDeclared(const OnnxValueInfo& info);
  Status CheckDim(const OnnxValueInfo& info, const Dim& inferred, const OnnxDim& declared);
  StatusOr<TensorType> TypeOf(const OnnxValueInfo& info);
  Status CheckType(const TensorType& type, std::string_view name, OnnxOffset at);
  Status CheckFormula(const Dims& shape, std::string_view name, OnnxOffset at);
  StatusOr<Tensor> DataOf(const OnnxTensor& tensor, OnnxOffset at);
  void DropConsumedConstants();

  Status ReadMetadata();
  Status ReadState(const std::string& input, const std::string& text);
  Status ReadAlias(const std::string& output, const std::string& text);
  Status ReadOutputs();
  StatusOr<std::shared_ptr<const Graph>> InitGraph(const std::string& function);

  // from_onnx_nodes.cc
  Status AddNode(const OnnxNode& node);
  Status AddConstantNode(const OnnxNode& node);
  StatusOr<const OpDef*> FindOp(const OnnxNode& node);
  Status ReadAttributes(const OnnxNode& node, const OpDef& op, void* attributes);
  Status ReadField(const OnnxAttribute& attribute, const Field& field, void* attributes);
  Status ReadOperands(const OnnxNode& node, const OpDef& op, void* attributes,
                      std::vector<ValueId>* operands);
  Status ReadOldMeaning(const OnnxNode& node, const OpDef& op, void* attributes);
  Status CheckFieldOperands(const OnnxNode& node, const OpDef& op);
  Status ReadFieldOperand(const OnnxNode& node, const Field& field, const std::string& name,
                          void* attributes);
  StatusOr<ValueId> Operand(const OnnxNode& node, const std::string& name);
  StatusOr<std::vector<Graph::NewOutput>> Outputs(const OnnxNode& node, const OpDef& op,
                                                  std::vector<TensorType> types);

  Status Fail(OnnxOffset at, std::string_view message);
  Status Fail(OnnxOffset at, const Status& status) { return Fail(at, Message(status)); }
  bool IsNew(const std::string& name) const { return graph_.Find(name) == ValueId::kNone; }

  const OnnxModel& model_;
  const OnnxOpsets& opsets_;
  const std::vector<OnnxNode>* nodes_ = nullptr;  // of the graph or function that is read
  const ParseOptions& options_;
  OnnxOffset* at_;
  int64_t opset_;  // of ONNX's domain; 0: none given, taken as 24
  Graph graph_;
  std::map<std::pair<std::string_view, std::string_view>, const OpDef*> ops_;
  std::set<std::string> symbols_;  // of the inputs' types
  std::vector<ValueId> consumed_;  // constants that became attributes
  std::set<ValueId> outputs_;      // those so far
  std::set<std::string> state_names_;
  std::map<ValueId, size_t> state_of_;                                   // a state's input -> its index
  std::set<ValueId> nexts_;                                              // states' next values
  std::unordered_map<std::string_view, const OnnxFunction*> functions_;  // of domain weft; looked up only
  std::map<std::string, std::shared_ptr<const Graph>> inits_;
};

}  // namespace weft
