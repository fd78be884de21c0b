// What RMSNormalization, LayerNormalization and their gradients share: x [outer.., inner..] is normalised
// over the dimensions from `axis` on.
#pragma once
#include <vector>

#include "ir/op_def.h"

namespace weft::ops {

struct NormalizationShape {
  int axis = 0;     // counted from the front
  Dims inner;       // x's dimensions from there on
  Dims statistics;  // x's shape with 1 from there on: that of a mean
};
NormalizationShape ShapeOfNormalization(const Dims& x, int64_t axis);

// Checks input 0 (floats of at least one dimension), that the other inputs have its type, and the attributes.
StatusOr<NormalizationShape> CheckNormalization(const NodeTypes& node, int64_t axis);
// The same for a gradient, whose inputs are x, scale, dy, so many statistics, and perhaps something like x:
// checks all their shapes.
StatusOr<NormalizationShape> CheckNormalizationGrad(const NodeTypes& node, int64_t axis, size_t statistics);
// Checks what normalisations have as attributes: epsilon 0 or more, stash_type ONNX's code of a float type.
Status CheckNormalizationAttributes(const NodeTypes& node, float epsilon, int64_t stash_type);
// Input i, if there, broadcasts to x: "scale has shape [64], expected [128] (last dimension of x [8, 256,
// 128])".
Status CheckBroadcastsToNormalized(const NodeTypes& node, size_t i, const NormalizationShape& shape);
// Input i has exactly this shape: "dy has shape [4], expected [2, 4] (x is [2, 4])".
Status CheckShape(const NodeTypes& node, size_t i, const Dims& expected);

// axis, axis + 1, .., rank - 1
std::vector<int64_t> NormalizedAxes(int axis, int rank);

}  // namespace weft::ops
