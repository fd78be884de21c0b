#include "compiler/passes/fuse_composites.h"

#include <algorithm>
#include <cmath>

#include "compiler/passes/decompose.h"
#include "compiler/passes/factors.h"
#include "compiler/passes/fuse_normalizations.h"
#include "compiler/passes/patterns.h"
#include "compiler/passes/rewrite.h"
#include "ops/add/op.h"
#include "ops/div/op.h"
#include "ops/erf/op.h"
#include "ops/gelu/op.h"
#include "ops/layer_normalization/op.h"
#include "ops/log/op.h"
#include "ops/log_softmax/op.h"
#include "ops/mul/op.h"
#include "ops/rms_normalization/op.h"
#include "ops/sigmoid/op.h"
#include "ops/softmax/op.h"
#include "ops/sub/op.h"
#include "ops/swish/op.h"
#include "ops/tanh/op.h"

namespace weft {
namespace {

// x * sigmoid(alpha * x)
Var FuseSwish(Builder& b, const Graph& graph, const Node& node, const Factors& f) {
  if (f.factors.size() != 2) return {};
  for (size_t i = 0; i < 2; ++i) {
    const Node* sigmoid = OwnProducer(graph, f.factors[i].value, ops::SigmoidOp::def);
    const Factor x = f.factors[1 - i];
    if (sigmoid == nullptr || !f.Are(1, {{f.factors[i].value, 1}, {x.value, 1}})) continue;
    const Factors inner = FactorsOf(graph, sigmoid->inputs[0]);
    const double alpha = sigmoid->inputs[0] == x.value ? 1 : inner.coefficient;
    const bool same = sigmoid->inputs[0] == x.value ||
                      (inner.Are(alpha, {{x.value, 1}}) && HasOneUse(graph, sigmoid->inputs[0]));
    if (!same || !SameType(graph, x.value, node.outputs[0])) continue;
    return ops::Swish(b.Wrap(x.value), static_cast<float>(alpha));
  }
  return {};
}

// What erf is taken of: x / sqrt 2.
bool IsErfArgument(const Graph& graph, ValueId u, ValueId x) {
  return HasOneUse(graph, u) && FactorsOf(graph, u).Are(std::sqrt(0.5), {{x, 1}});
}

// What tanh is taken of: sqrt(2 / pi) * (x + 0.044715 x^3).
bool IsTanhArgument(const Graph& graph, ValueId u, ValueId x) {
  const Factors f = FactorsOf(graph, u);
  if (!HasOneUse(graph, u) || f.factors.size() != 1) return false;
  if (!f.Are(std::sqrt(2 / M_PI), {{f.factors[0].value, 1}})) return false;
  const Node* sum = OwnProducer(graph, f.factors[0].value, ops::AddOp::def);
  if (sum == nullptr) return false;
  for (size_t i = 0; i < 2; ++i) {
    if (sum->inputs[i] == x && FactorsOf(graph, sum->inputs[1 - i]).Are(0.044715, {{x, 3}})) {
      return HasOneUse(graph, sum->inputs[1 - i]);
    }
  }
  return false;
}

// x / 2 * (1 + f(u))
Var FuseGelu(Builder& b, const Graph& graph, const Node& node, const Factors& f) {
  if (f.factors.size() != 2) return {};
  for (size_t i = 0; i < 2; ++i) {
    const ValueId x = f.factors[1 - i].value;
    const Node* add = OwnProducer(graph, f.factors[i].value, ops::AddOp::def);
    if (add == nullptr || !f.Are(0.5, {{f.factors[i].value, 1}, {x, 1}})) continue;
    const SumWithNumber sum = AddedNumber(graph, *add);
    if (sum.x == ValueId::kNone || sum.number != 1 || !SameType(graph, x, node.outputs[0])) continue;
    const Node* erf = OwnProducer(graph, sum.x, ops::ErfOp::def);
    if (erf != nullptr && IsErfArgument(graph, erf->inputs[0], x)) return ops::Gelu(b.Wrap(x));
    const Node* tanh = OwnProducer(graph, sum.x, ops::TanhOp::def);
    if (tanh != nullptr && IsTanhArgument(graph, tanh->inputs[0], x)) return ops::Gelu(b.Wrap(x), "tanh");
  }
  return {};
}

// The whole product, seen from its last node. (From an inner one less is seen, and nothing matches yet.)
Var FuseProduct(Builder& b, const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const Factors f = FactorsOf(graph, node.outputs[0]);
  for (const auto fuse : {FuseSwish, FuseGelu, FuseSoftmax, FuseLayerNormalization, FuseRmsNormalization}) {
    if (Var fused = fuse(b, graph, node, f); fused.valid()) return fused;
  }
  return {};
}

const RewriteRule kRules[] = {{&ops::MulOp::def, FuseProduct},
                              {&ops::DivOp::def, FuseProduct},
                              {&ops::SubOp::def, FuseLogSoftmax},
                              {&ops::LogOp::def, FuseLogOfSoftmax},
                              {&ops::AddOp::def, FuseLayerNormalizationBias}};

const OpDef* const kComposites[] = {&ops::SwishOp::def,
                                    &ops::GeluOp::def,
                                    &ops::SoftmaxOp::def,
                                    &ops::LogSoftmaxOp::def,
                                    &ops::RmsNormalizationOp::def,
                                    &ops::LayerNormalizationOp::def};

Status SpellOut(Graph& graph) {
  for (NodeId id : graph.NodeIds()) {
    if (std::find(std::begin(kComposites), std::end(kComposites), graph.node(id).op) != std::end(kComposites))
      WEFT_RETURN_IF_ERROR(DecomposeNode(graph, id));
  }
  return OkStatus();
}

}  // namespace

StatusOr<std::vector<FusionNote>> FuseComposites(Graph& graph, const Fusions& fusions) {
  if (fusions.Has(kCompositesFusion)) {
    ApplyRules(graph, kRules);
  } else {
    WEFT_RETURN_IF_ERROR(SpellOut(graph));
  }
  return Fuse(graph, FusionStage::kDifferentiable, fusions);
}

}  // namespace weft
