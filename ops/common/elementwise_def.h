// Inference shared by elementwise operators.
#pragma once
#include <initializer_list>
#include <span>
#include <string>

#include "ir/op_def.h"

namespace weft::ops {

inline constexpr DataType kFloats[] = {DataType::kF32, DataType::kF64};
inline constexpr DataType kSignedNumbers[] = {DataType::kF32, DataType::kF64, DataType::kI32, DataType::kI64};
inline constexpr DataType kIndices[] = {DataType::kI64, DataType::kI32};

// Refuses input i if its type is not one of `types`: "X is bool, expected one of f32, f64".
Status CheckDataType(const NodeTypes& node, size_t i, std::span<const DataType> types);
// y has x's type.
StatusOr<std::vector<TensorType>> InferUnary(const NodeTypes& node, std::span<const DataType> types);

}  // namespace weft::ops
