// Composite operators where a model spells them with simpler ones: by the algebra of products ONNX's own,
//
//   Swish             x * sigmoid(alpha * x)
//   Gelu              x / 2 * (1 + erf(x / sqrt 2)),  x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))
//   Softmax           exp(u) / sum(exp(u)), u = x or x - max(x)
//   LogSoftmax        u - log(sum(exp(u))), log(softmax(x))
//   RMSNormalization  x / sqrt(mean(x^2) + epsilon) * scale
//   LayerNormalization  the same of x - mean(x), with or without a bias
//
// Products are compared as products: factors in any order and grouping, divisions and reciprocals as negative
// powers, numbers multiplied (to 1e-6). What another node reads, or what is a result, is not fused away.
// Then, by their rules, all operators that have a gradient of their own: this runs before differentiation.
#pragma once
#include "compiler/passes/fuse.h"

namespace weft {

// Returns what rules did and nearly did. Without the fusion 'composites' those operators are replaced by
// their bodies instead, wherever they stand.
StatusOr<std::vector<FusionNote>> FuseComposites(Graph& graph, const Fusions& fusions = {});

}  // namespace weft
