#include "tools/verify/interpret.h"

#include "ops/evaluate.h"

namespace weft {
namespace {

size_t Index(ValueId v) { return static_cast<size_t>(v); }

Tensor Converted(const Tensor& from, DataType to) {
  Tensor result = Tensor::Zeros(to, from.shape());
  for (int64_t i = 0; i < from.num_elements(); ++i) SetElementFromDouble(result, i, ElementAsDouble(from, i));
  return result;
}

class Interpreter {
 public:
  Interpreter(const Graph& graph, const Feed& feed, const InterpretOptions& options)
      : graph_(graph), feed_(feed), options_(options), values_(graph.num_value_slots()) {}

  StatusOr<std::vector<Tensor>> Run() {
    FindKept();
    for (ValueId v : graph_.ConstantIds()) values_[Index(v)] = *graph_.value(v).constant;
    for (ValueId v : graph_.inputs()) {
      WEFT_ASSIGN_OR_RETURN(values_[Index(v)], FeedFor(graph_, feed_, v));
    }
    for (NodeId id : graph_.NodeIds()) {
      if (options_.before) WEFT_RETURN_IF_ERROR(options_.before(id));
      WEFT_RETURN_IF_ERROR(RunNode(id));
    }
    return std::move(values_);
  }

 private:
  // How many readers each value has left; a kept one has one more.
  void FindKept() {
    readers_.resize(values_.size());
    for (size_t i = 0; i < values_.size(); ++i) {
      const ValueId v{static_cast<int32_t>(i)};
      readers_[i] = graph_.value(v).uses.size() + (options_.keep && options_.keep(v) ? 1 : 0);
    }
    for (ValueId v : graph_.outputs()) ++readers_[Index(v)];
    for (const State& s : graph_.states()) {
      if (s.next != ValueId::kNone) ++readers_[Index(s.next)];
    }
  }

  Status RunNode(NodeId id) {
    const Node& n = graph_.node(id);
    std::vector<const Tensor*> operands;
    for (ValueId v : n.inputs) operands.push_back(v == ValueId::kNone ? nullptr : &values_[Index(v)]);
    uint32_t optional = 0;
    for (size_t i = 0; i < n.outputs.size() && i < 32; ++i)
      optional |= uint32_t{n.outputs[i] != ValueId::kNone} << i;
    StatusOr<std::vector<Tensor>> outputs =
        EvaluateNode(*n.op, n.attributes.get(), operands, optional, options_.context);
    if (!outputs.ok()) return Prefix(graph_.Describe(id), outputs.status());
    for (size_t i = 0; i < n.outputs.size(); ++i) {
      const ValueId v = n.outputs[i];
      if (v != ValueId::kNone && options_.after) options_.after((*outputs)[i]);
      if (v != ValueId::kNone && readers_[Index(v)] > 0) values_[Index(v)] = std::move((*outputs)[i]);
    }
    for (ValueId v : n.inputs) {
      if (v != ValueId::kNone && --readers_[Index(v)] == 0) values_[Index(v)] = Tensor();
    }
    return OkStatus();
  }

  const Graph& graph_;
  const Feed& feed_;
  const InterpretOptions& options_;
  std::vector<Tensor> values_;
  std::vector<size_t> readers_;
};

}  // namespace

StatusOr<Tensor> FeedFor(const Graph& graph, const Feed& feed, ValueId input) {
  const State* state = graph.FindState(input);
  const Value& value = graph.value(input);
  const std::string& name = state == nullptr ? value.name : state->name;
  const auto it = feed.find(name);
  if (it == feed.end()) return NotFound("there is no tensor for input '{}'", name);
  const Tensor& tensor = it->second;
  const bool converts = IsFloat(tensor.dtype()) && IsFloat(value.type.dtype);
  if (ToDims(tensor.shape()) != value.type.shape || (tensor.dtype() != value.type.dtype && !converts)) {
    return InvalidArgument("input '{}' is given {}{}, expected {}", name, weft::Name(tensor.dtype()),
                           ToString(tensor.shape()), value.type.ToString());
  }
  return tensor.dtype() == value.type.dtype ? tensor : Converted(tensor, value.type.dtype);
}

StatusOr<std::vector<Tensor>> Interpret(const Graph& graph, const Feed& feed,
                                        const InterpretOptions& options) {
  return Interpreter(graph, feed, options).Run();
}

}  // namespace weft
