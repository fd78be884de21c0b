// Element types of tensors, sized in bits (i4 and u4 pack two elements a byte).
#pragma once
#include <cstdint>
#include <string_view>

namespace weft {

enum class DataType : uint8_t {
  kF64,
  kF32,
  kBF16,
  kF16,
  kF8E4M3,
  kF8E5M2,
  kI64,
  kI32,
  kI8,
  kI4,
  kU64,
  kU32,
  kU16,
  kU8,
  kU4,
  kBool,
};
inline constexpr int kNumDataTypes = 16;

int SizeInBits(DataType type);
// Bytes of `elements` elements, rounded up to a whole byte. `elements` >= 0.
int64_t SizeInBytes(DataType type, int64_t elements);
bool IsFloat(DataType type);    // f64 f32 bf16 f16 f8e4m3 f8e5m2
bool IsInteger(DataType type);  // signed and unsigned; not bool
// weft's short name: "f32", "bf16", "i64", "bool".
std::string_view Name(DataType type);
// ONNX's name in its text form: "float", "bfloat16", "int64", "bool".
std::string_view OnnxName(DataType type);
// ONNX's TensorProto.DataType number: 1, 16, 7, 9.
int OnnxCode(DataType type);
// False if there is no such type.
bool FromName(std::string_view name, DataType* type);
bool FromOnnxName(std::string_view name, DataType* type);
bool FromOnnxCode(int64_t code, DataType* type);

// The type of a C++ element type: kDataTypeOf<float> == DataType::kF32.
template <class T>
inline constexpr DataType kDataTypeOf = DataType::kF32;
template <>
inline constexpr DataType kDataTypeOf<double> = DataType::kF64;
template <>
inline constexpr DataType kDataTypeOf<int64_t> = DataType::kI64;
template <>
inline constexpr DataType kDataTypeOf<int32_t> = DataType::kI32;
template <>
inline constexpr DataType kDataTypeOf<int8_t> = DataType::kI8;
template <>
inline constexpr DataType kDataTypeOf<uint64_t> = DataType::kU64;
template <>
inline constexpr DataType kDataTypeOf<uint32_t> = DataType::kU32;
template <>
inline constexpr DataType kDataTypeOf<uint16_t> = DataType::kU16;
template <>
inline constexpr DataType kDataTypeOf<uint8_t> = DataType::kU8;
template <>
inline constexpr DataType kDataTypeOf<bool> = DataType::kBool;

}  // namespace weft
