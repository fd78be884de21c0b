#include "compiler/passes/quantize_weights.h"

#include <algorithm>

#include "compiler/passes/kept_scopes.h"
#include "ir/builder.h"
#include "ops/cast/op.h"
#include "ops/product/op.h"
#include "ops/quantize_rows/op.h"
#include "ops/quantized_product/op.h"

namespace weft {
namespace {

constexpr size_t kA = 0, kB = 1, kBias = 2, kAccumulator = 3;

bool Has(const Node& node, size_t operand) {
  return operand < node.inputs.size() && node.inputs[operand] != ValueId::kNone;
}

class Pass {
 public:
  Pass(Graph& graph, const QuantizeWeightsOptions& options, KeptScopes kept)
      : graph_(graph), options_(options), kept_(std::move(kept)) {}

  StatusOr<std::vector<std::string>> Run() {
    for (NodeId id : graph_.NodeIds()) {
      const std::string weight = WeightOf(graph_.node(id));
      if (!weight.empty()) WEFT_RETURN_IF_ERROR(Quantize(id, weight));
    }
    if (options_.stored) EraseUnread();
    return quantized_;
  }

 private:
  // The parameter [N, K] whose product with activations [.., K] the node is; empty: it is none, or stays.
  std::string WeightOf(const Node& node) const {
    if (node.op != &ops::ProductOp::def || kept_.Has(node.scope) || Has(node, kAccumulator)) return {};
    const auto& attrs = node.attrs<ops::ProductOp>();
    const Value &a = graph_.value(node.inputs[kA]), &b = graph_.value(node.inputs[kB]);
    const State* state = b.is_input ? graph_.FindState(node.inputs[kB]) : nullptr;
    if (attrs.trans_a || !attrs.trans_b || state == nullptr || state->role != StateRole::kParameter)
      return {};
    if (a.type.dtype != DataType::kF32 || b.type.dtype != DataType::kF32 || b.type.rank() != 2) return {};
    if (!IsConstant(b.type.shape) || !a.type.shape.back().is_constant()) return {};
    if (options_.stored && !options_.stored(state->name)) return {};
    return state->name;
  }

  Status Quantize(NodeId id, const std::string& weight) {
    if (std::find(quantized_.begin(), quantized_.end(), weight) == quantized_.end()) {
      WEFT_RETURN_IF_ERROR(AddStates(weight));
      quantized_.push_back(weight);
    }
    const Node node = graph_.node(id);
    const auto& attrs = node.attrs<ops::ProductOp>();
    Builder b(graph_, id);
    b.set_scope(node.scope);
    b.set_phase(node.phase);
    const auto state = [&](const std::string& name) { return b.Wrap(graph_.FindStateByName(name)->value); };
    const Var y = ops::QuantizedProduct(b.Wrap(node.inputs[kA]), state(QuantizedName(weight, options_.bits)),
                                        state(ScalesName(weight, options_.bits)),
                                        {.bits = options_.bits,
                                         .group = options_.group,
                                         .alpha = attrs.alpha,
                                         .f32_result = attrs.f32_result},
                                        Has(node, kBias) ? b.Wrap(node.inputs[kBias]) : Var{});
    WEFT_RETURN_IF_ERROR(b.status());
    const std::string name = graph_.value(node.outputs[0]).name;
    WEFT_CHECK(graph_.ReplaceAllUses(node.outputs[0], y.id));
    graph_.EraseNode(id);
    if (graph_.Find(name) == ValueId::kNone) graph_.Rename(y.id, name);
    return OkStatus();
  }

  // The types are what the operator infers of the parameter.
  Status AddStates(const std::string& weight) {
    const TensorType type = graph_.value(graph_.FindStateByName(weight)->value).type;
    const int64_t row = type.shape[1].value(), most = ops::LargestGroup(row);
    if (options_.group > most) {
      return InvalidArgument(
          "a group of {} elements does not fit '{}' {}: its rows have {}, expected {} at most",
          options_.group, weight, type.ToString(), row, most);
    }
    for (const bool scales : {false, true}) {
      auto init = std::make_shared<Graph>();
      init->name = "init";
      Builder b(*init);
      const ops::QuantizedRows rows =
          ops::QuantizeRows(b.Input(weight, type), {.bits = options_.bits, .group = options_.group});
      const Var value = scales ? ops::Cast(rows.scales, DataType::kBF16) : rows.quantized;
      b.Output(value);
      WEFT_RETURN_IF_ERROR(b.status());
      const std::string name =
          scales ? ScalesName(weight, options_.bits) : QuantizedName(weight, options_.bits);
      if (graph_.FindStateByName(name) != nullptr)
        return InvalidArgument("there is a state '{}' already", name);
      const ValueId input = graph_.AddInput(graph_.UniqueName(name), value.type());
      const bool stored = static_cast<bool>(options_.stored);
      graph_.AddState({name, stored ? StateRole::kParameter : StateRole::kDerived, input, ValueId::kNone,
                       stored ? nullptr : std::move(init)});
    }
    return OkStatus();
  }

  // Parameters that were read by nothing else.
  void EraseUnread() {
    for (size_t i = graph_.states().size(); i-- > 0;) {
      const State& s = graph_.states()[i];
      const bool quantized = std::find(quantized_.begin(), quantized_.end(), s.name) != quantized_.end();
      if (quantized && graph_.value(s.value).uses.empty() && !graph_.IsOutput(s.value)) graph_.EraseState(i);
    }
  }

  Graph& graph_;
  const QuantizeWeightsOptions& options_;
  KeptScopes kept_;
  std::vector<std::string> quantized_;
};

}  // namespace

std::string QuantizedName(const std::string& parameter, int64_t bits) {
  return fmt::format("{}.q{}", parameter, bits);
}
std::string ScalesName(const std::string& parameter, int64_t bits) {
  return QuantizedName(parameter, bits) + ".scales";
}

StatusOr<std::vector<std::string>> QuantizeWeights(Graph& graph, const QuantizeWeightsOptions& options) {
  WEFT_ASSIGN_OR_RETURN(KeptScopes kept, KeptScopes::Make("keep", options.keep));
  WEFT_RETURN_IF_ERROR(kept.Check(graph));
  return Pass(graph, options, std::move(kept)).Run();
}

}  // namespace weft
