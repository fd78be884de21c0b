// What random operators share. A draw is a function of (seed, step, stream, element index in the whole
// batch): base/philox.h. The index of element i of the output is row * (elements of a row) + i, where a row
// is one item of the first dimension: however a batch is split, its elements draw the same numbers.
#pragma once
#include <utility>
#include <vector>

#include "ir/builder.h"

namespace weft::ops {

// Operands, all i64 [].
struct RandomInputs {
  Var seed = {};  // 64 bits
  Var step = {};  // optional (absent: 0), the low 32 bits count
  Var row = {};   // optional (absent: 0), >= 0: the first row's number in the whole batch
};

// Checks seed (input `first`), step and row, and 0 <= stream < 2^32.
Status CheckRandom(const NodeTypes& node, size_t first, int64_t stream);
// Checks the operands and `stream` of an operator that draws a tensor, and its result type: f32 or f64, no
// negative dimension.
StatusOr<std::vector<TensorType>> InferDrawn(const NodeTypes& node, int64_t stream, DataType dtype,
                                             const Dims& shape);
// Checks the settings of a normal distribution.
Status CheckNormal(const NodeTypes& node, float mean, float scale);
// Bytes written: nothing of size is read.
double DrawnBytes(const NodeTypes& node);

inline constexpr OperandDef kRandomOperands[] = {{"seed", OperandDef::kRequired, true},
                                                 {"step", OperandDef::kOptional, true},
                                                 {"row", OperandDef::kOptional, true}};

inline constexpr OperandDef kDrawnOutput[] = {{"output"}};

// Emits a node with the operands `in`; invalid without a seed (an earlier error has been kept by the
// builder).
template <class A>
Var EmitDraw(A attributes, const RandomInputs& in) {
  if (!in.seed.builder) return {};
  return in.seed.builder->Emit(std::move(attributes), {in.seed, in.step, in.row});
}

}  // namespace weft::ops
