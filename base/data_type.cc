#include "base/data_type.h"

#include "base/status.h"

namespace weft {
namespace {

struct Row {
  std::string_view name;
  std::string_view onnx_name;
  int onnx_code;  // TensorProto.DataType
  int bits;
  bool is_float;
  bool is_integer;
};

// In the order of DataType.
constexpr Row kRows[kNumDataTypes] = {
    {"f64", "double", 11, 64, true, false},
    {"f32", "float", 1, 32, true, false},
    {"bf16", "bfloat16", 16, 16, true, false},
    {"f16", "float16", 10, 16, true, false},
    {"f8e4m3", "float8e4m3fn", 17, 8, true, false},
    {"f8e5m2", "float8e5m2", 19, 8, true, false},
    {"i64", "int64", 7, 64, false, true},
    {"i32", "int32", 6, 32, false, true},
    {"i8", "int8", 3, 8, false, true},
    {"i4", "int4", 22, 4, false, true},
    {"u64", "uint64", 13, 64, false, true},
    {"u32", "uint32", 12, 32, false, true},
    {"u16", "uint16", 4, 16, false, true},
    {"u8", "uint8", 2, 8, false, true},
    {"u4", "uint4", 21, 4, false, true},
    {"bool", "bool", 9, 8, false, false},
};
static_assert(kRows[static_cast<int>(DataType::kBool)].onnx_code == 9);
static_assert(kRows[static_cast<int>(DataType::kI64)].onnx_code == 7);

const Row& RowOf(DataType type) {
  const auto i = static_cast<unsigned>(type);
  WEFT_CHECK(i < kNumDataTypes, "no data type has number {}", i);
  return kRows[i];
}

template <class Matches>
bool Find(Matches matches, DataType* type) {
  for (int i = 0; i < kNumDataTypes; ++i) {
    if (!matches(kRows[i])) continue;
    *type = static_cast<DataType>(i);
    return true;
  }
  return false;
}

}  // namespace

int SizeInBits(DataType type) { return RowOf(type).bits; }

int64_t SizeInBytes(DataType type, int64_t elements) {
  const int bits = RowOf(type).bits;
  return bits >= 8 ? elements * (bits / 8) : (elements / 2) + (elements % 2);
}

bool IsFloat(DataType type) { return RowOf(type).is_float; }
bool IsInteger(DataType type) { return RowOf(type).is_integer; }
std::string_view Name(DataType type) { return RowOf(type).name; }
std::string_view OnnxName(DataType type) { return RowOf(type).onnx_name; }
int OnnxCode(DataType type) { return RowOf(type).onnx_code; }

bool FromName(std::string_view name, DataType* type) {
  return Find([&](const Row& row) { return row.name == name; }, type);
}
bool FromOnnxName(std::string_view name, DataType* type) {
  return Find([&](const Row& row) { return row.onnx_name == name; }, type);
}
bool FromOnnxCode(int64_t code, DataType* type) {
  return Find([&](const Row& row) { return row.onnx_code == code; }, type);
}

}  // namespace weft
