// What the definitions of elementwise operators share: inference, operands, what may be done in place.
#pragma once
#include <initializer_list>
#include <span>
#include <string>

#include "ir/op_def.h"

namespace weft::ops {

inline constexpr DataType kFloats[] = {DataType::kF32, DataType::kF64};
inline constexpr DataType kSignedNumbers[] = {DataType::kF32, DataType::kF64, DataType::kI32, DataType::kI64};
inline constexpr DataType kIndices[] = {DataType::kI64, DataType::kI32};
// All that C++ computes with.
inline constexpr DataType kNumbers[] = {DataType::kF32, DataType::kF64, DataType::kI32,
                                        DataType::kI64, DataType::kI8,  DataType::kU8,
                                        DataType::kU16, DataType::kU32, DataType::kU64};
inline constexpr DataType kNumbersAndBool[] = {DataType::kF32, DataType::kF64, DataType::kI32, DataType::kI64,
                                               DataType::kI8,  DataType::kU8,  DataType::kU16, DataType::kU32,
                                               DataType::kU64, DataType::kBool};
inline constexpr DataType kBools[] = {DataType::kBool};

// Refuses input i if its type is not one of `types`: "X is bool, expected one of f32, f64".
Status CheckDataType(const NodeTypes& node, size_t i, std::span<const DataType> types);
// Refuses input i if its elements are packed two a byte: operators that move bytes do not take them.
Status CheckWholeBytes(const NodeTypes& node, size_t i);
// Refuses inputs from `first` on whose types differ (absent ones have none): "A is f32, B is i64, expected
// equal types".
Status CheckEqualTypes(const NodeTypes& node, size_t first = 0);

// ONNX's names of operands: each operator keeps those that it began with.
inline constexpr OperandDef kOperandX[] = {{"X"}};
inline constexpr OperandDef kOperandY[] = {{"Y"}};
inline constexpr OperandDef kOperandInput[] = {{"input"}};
inline constexpr OperandDef kOperandOutput[] = {{"output"}};
inline constexpr OperandDef kOperandsAB[] = {{"A"}, {"B"}};
inline constexpr OperandDef kOperandC[] = {{"C"}};

// The output may take the place of the first operand, or of either of the first two.
inline constexpr InPlacePair kFirstInPlace[] = {{0, 0}};
inline constexpr InPlacePair kEitherInPlace[] = {{0, 0}, {1, 0}};

// y has x's type.
StatusOr<std::vector<TensorType>> InferUnary(const NodeTypes& node, std::span<const DataType> types);
StatusOr<std::vector<TensorType>> InferFloatUnary(const NodeTypes& node);   // of kFloats
StatusOr<std::vector<TensorType>> InferSignedUnary(const NodeTypes& node);  // of kSignedNumbers
// All inputs of one type of `types`, broadcast; the output has that type.
StatusOr<std::vector<TensorType>> InferBroadcast(const NodeTypes& node, std::span<const DataType> types);
StatusOr<std::vector<TensorType>> InferArithmetic(const NodeTypes& node);  // of kNumbers
// All inputs of one type of `types`, broadcast; the output is bool.
StatusOr<std::vector<TensorType>> InferComparison(const NodeTypes& node, std::span<const DataType> types);

// Elementwise, whatever the attributes (OpDef::element).
template <ElementFunction kFunction>
ElementForm Element(const NodeTypes&) {
  return {kFunction};
}

}  // namespace weft::ops
