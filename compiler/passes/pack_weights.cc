#include "compiler/passes/pack_weights.h"

#include "ir/builder.h"
#include "ops/pack_weight/op.h"
#include "ops/packed_product/op.h"
#include "ops/product/op.h"

namespace weft {
namespace {

constexpr size_t kA = 0, kB = 1, kBias = 2, kAccumulator = 3;
constexpr std::string_view kPrefix = "packed.";

class Packer {
 public:
  explicit Packer(Graph& graph) : graph_(graph) {}

  Status Run() {
    for (NodeId id : graph_.NodeIds()) {
      if (const State* weight = WeightOf(graph_.node(id))) WEFT_RETURN_IF_ERROR(Replace(id, weight->name));
    }
    EraseUnread();
    return OkStatus();
  }

 private:
  static bool GrowsMuch(const Dims& shape) {
    const auto elements = [](const Dims& dims) {
      double n = 1;
      for (const Dim& d : dims) n *= static_cast<double>(d.value());
      return n;
    };
    return elements(ops::PackedShape(shape[0].value(), shape[1].value())) > 1.25 * elements(shape);
  }

  // The state [N, K] that the node multiplies activations by; null: it is none, or stays.
  const State* WeightOf(const Node& node) const {
    if (node.op != &ops::ProductOp::def) return nullptr;
    const auto& attrs = node.attrs<ops::ProductOp>();
    const TensorType &a = graph_.value(node.inputs[kA]).type, &b = graph_.value(node.inputs[kB]).type;
    const State* state = graph_.value(node.inputs[kB]).is_input ? graph_.FindState(node.inputs[kB]) : nullptr;
    if (attrs.trans_a || !attrs.trans_b || state == nullptr || state->next != ValueId::kNone) return nullptr;
    if (state->role != StateRole::kParameter && state->role != StateRole::kDerived) return nullptr;
    if (a.dtype != DataType::kBF16 || b.dtype != DataType::kBF16 || b.rank() != 2) return nullptr;
    if (!IsConstant(b.shape) || !a.shape.back().is_constant()) return nullptr;
    return GrowsMuch(b.shape) ? nullptr : state;
  }

  // How the packed state is made: as the weight was made, or from the parameter.
  StatusOr<std::shared_ptr<const Graph>> Init(const State& weight) const {
    auto init = std::make_shared<Graph>();
    if (weight.init != nullptr && weight.role == StateRole::kDerived) *init = *weight.init;
    init->name = "init";
    Builder b(*init);
    const bool made = !init->outputs().empty();
    const Var source =
        made ? b.Wrap(init->outputs()[0]) : b.Input(weight.name, graph_.value(weight.value).type);
    const Var packed = ops::PackWeight(source);
    WEFT_RETURN_IF_ERROR(b.status());
    init->SetOutputs({packed.id});
    return init;
  }

  // By value: states move when one is added.
  StatusOr<ValueId> PackedState(std::string weight) {
    const std::string name = std::string(kPrefix) + weight;
    if (const State* there = graph_.FindStateByName(name)) return there->value;
    const State source = *graph_.FindStateByName(weight);
    WEFT_ASSIGN_OR_RETURN(const std::shared_ptr<const Graph> init, Init(source));
    const ValueId packed = graph_.AddInput(graph_.UniqueName(name), init->value(init->outputs()[0]).type);
    graph_.AddState({name, StateRole::kDerived, packed, ValueId::kNone, init});
    return packed;
  }

  Status Replace(NodeId id, std::string weight) {
    const Node node = graph_.node(id);
    const auto& attrs = node.attrs<ops::ProductOp>();
    const int64_t columns = graph_.value(node.inputs[kB]).type.shape[0].value();
    WEFT_ASSIGN_OR_RETURN(const ValueId packed, PackedState(std::move(weight)));
    Builder b(graph_, id);
    b.set_scope(node.scope);
    b.set_phase(node.phase);
    const auto operand = [&](size_t i) {
      return i < node.inputs.size() && node.inputs[i] != ValueId::kNone ? b.Wrap(node.inputs[i]) : Var{};
    };
    const Var y =
        ops::PackedProduct(operand(kA), b.Wrap(packed),
                           {.columns = columns, .alpha = attrs.alpha, .f32_result = attrs.f32_result},
                           operand(kBias), operand(kAccumulator));
    WEFT_RETURN_IF_ERROR(b.status());
    const std::string name = graph_.value(node.outputs[0]).name;
    WEFT_CHECK(graph_.ReplaceAllUses(node.outputs[0], y.id));
    graph_.EraseNode(id);
    if (graph_.Find(name) == ValueId::kNone) graph_.Rename(y.id, name);
    return OkStatus();
  }

  // What was packed, and what that was made of, if nobody else reads it: the session has it where it is asked
  // for again.
  void EraseUnread() {
    for (size_t i = graph_.states().size(); i-- > 0;) {
      const State& s = graph_.states()[i];
      const bool is_weight = s.role == StateRole::kParameter || s.role == StateRole::kDerived;
      if (!is_weight || s.next != ValueId::kNone || graph_.IsOutput(s.value)) continue;
      if (graph_.value(s.value).uses.empty()) graph_.EraseState(i);
    }
  }

  Graph& graph_;
};

}  // namespace

Status PackWeights(Graph& graph) { return Packer(graph).Run(); }

}  // namespace weft
