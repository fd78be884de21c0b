// weft.FusedElementwise: a chain of elementwise operators, and reductions of what they give, as one operator.
// Its body is a graph over its operands. Every node of it is elementwise (OpDef::element), with a result of
// one shape S to which operands broadcast, or a reduction of something of shape S that no other node reads,
// over the last axes or over the first ones, the same for all of them.
//   X_0, X_1, ...  as the body's inputs   ->  Y_0, Y_1, ...  as the body's outputs
// Tile by tile in cache: what stays between two steps never reaches memory. f32 and bf16 with bool masks;
// other types node by node. Each step rounds as its operator does, so that the bits are those of the
// operators one by one.
#pragma once
#include <string>
#include <vector>

#include "ir/body.h"
#include "ir/builder.h"
#include "ir/element.h"

namespace weft::ops {

struct FusedElementwiseOp {
  static const OpDef def;
  GraphBody body;
};

// The body's outputs, of operands of its inputs' types.
std::vector<Var> FusedElementwise(std::span<const Var> inputs, GraphBody body);

// The body on operands of those types, which decide: its own are those that it was made with. f64 operands
// make its numbers f64. The body itself where nothing differs.
StatusOr<GraphBody> TypedBody(const GraphBody& body, std::span<const TensorType* const> operands);

// What may stand in a body; the pass that makes bodies asks the same.
enum class ReducedAxesKind : uint8_t { kNone, kLast, kFirst, kOther };  // all axes: kLast
struct BodyStep {
  ElementForm form;
  ReducedAxesKind reduced = ReducedAxesKind::kNone;
  std::string why_not;  // not empty: "is not elementwise"
};
// Of a node with its types of inputs and outputs.
BodyStep BodyStepOf(const NodeTypes& node);
// S: what the node computes over; of a reduction its operand's shape.
const Dims& BodyShapeOf(const NodeTypes& node, const BodyStep& step);

}  // namespace weft::ops
