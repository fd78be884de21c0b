// Emits nodes into a graph, inferring types as it goes. The first error sticks (`status()`), and what is
// emitted after it does nothing, so that model code reads without error handling between the lines.
#pragma once
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"

namespace weft {

class Builder;

// A value being built: cheap to copy. An invalid Var stands for an absent optional operand, or for what an
// earlier error kept from being built.
struct Var {
  Builder* builder = nullptr;
  ValueId id = ValueId::kNone;

  bool valid() const { return id != ValueId::kNone; }
  const TensorType& type() const;  // of an invalid Var: f32 []
  const Dims& shape() const { return type().shape; }
  const Dim& dim(int axis) const;  // negative axes count from the end; out of range: Dim 1 and an error
  int rank() const { return type().rank(); }
  DataType dtype() const { return type().dtype; }
  const std::string& name() const;
};

class Builder {
 public:
  // Nodes go before `before` (kNone: at the end of the graph).
  explicit Builder(Graph& graph, NodeId before = NodeId::kNone) : graph_(graph), before_(before) {}
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  Graph& graph() { return graph_; }
  const Status& status() const { return status_; }
  void SetError(Status status);  // kept if it is the first
  Var Wrap(ValueId id) { return {this, id}; }

  Var Input(std::string_view name, TensorType type) { return Wrap(graph_.AddInput(name, std::move(type))); }
  Var Constant(Tensor value, std::string_view name = "constant");
  // A scalar of `like`'s dtype, or of the given one.
  Var Scalar(double value, DataType dtype);
  void Output(Var value, std::string_view name = "");  // renames the value if a name is given

  // Emits a node of `op` with those inputs (trailing absent ones may be left out) and all its required
  // outputs, plus the optional outputs whose bits are set in `optional_outputs` (bit i: output i). One Var
  // for each output slot of the operator, invalid where absent. An operator whose outputs are variadic
  // (Split) has as many outputs as its infer function gives.
  std::vector<Var> EmitAll(const OpDef& op, std::shared_ptr<const void> attributes,
                           std::span<const Var> inputs, uint32_t optional_outputs = 0);
  // The first output of a node of A::def.
  template <class A>
  Var Emit(A attributes, std::initializer_list<Var> inputs) {
    return EmitMany(std::move(attributes), inputs, 0)[0];
  }
  template <class A>
  std::vector<Var> EmitMany(A attributes, std::initializer_list<Var> inputs, uint32_t optional_outputs) {
    return EmitAll(A::def, std::make_shared<const A>(std::move(attributes)),
                   std::span<const Var>(inputs.begin(), inputs.size()), optional_outputs);
  }

  // The module path and phase given to nodes emitted from now on.
  const std::string& scope() const { return scope_; }
  void set_scope(std::string scope) { scope_ = std::move(scope); }
  Phase phase() const { return phase_; }
  void set_phase(Phase phase) { phase_ = phase; }
  // Names of the next node's outputs start with this instead of the operator's name; used up by one node.
  void NameNext(std::string_view name) { next_name_ = name; }
  // A number for the next random operator, unique in the graph when models are built by one builder.
  int64_t NextStream() { return next_stream_++; }

 private:
  Graph& graph_;
  NodeId before_;
  Status status_;
  std::string scope_;
  std::string next_name_;
  Phase phase_ = Phase::kForward;
  int64_t next_stream_ = 0;
};

// Appends ".name" to the builder's scope while it lives.
class ScopeGuard {
 public:
  ScopeGuard(Builder& builder, std::string_view name);
  ~ScopeGuard() { builder_.set_scope(std::move(saved_)); }
  ScopeGuard(const ScopeGuard&) = delete;
  ScopeGuard& operator=(const ScopeGuard&) = delete;

 private:
  Builder& builder_;
  std::string saved_;
};

// "RMSNormalization" -> "rms_normalization", "MatMul" -> "mat_mul".
std::string SnakeCase(std::string_view name);

// Infers the output types of a node that has these inputs: arity checks, then op.infer.
StatusOr<std::vector<TensorType>> InferTypes(const NodeTypes& node);

// Emits op's decomposition of `node` (its inputs given) through `b`; outputs as present in the node.
// CHECKs that the operator has one.
std::vector<Var> Decompose(Builder& b, const NodeTypes& node, std::span<const Var> inputs);

}  // namespace weft
