#include "base/data_type.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace weft {
namespace {

TEST(DataType, EveryNameAndCodeLeadsBack) {
  std::set<std::string_view> names;
  std::set<int> codes;
  for (int i = 0; i < kNumDataTypes; ++i) {
    const auto type = static_cast<DataType>(i);
    DataType back;
    ASSERT_TRUE(FromName(Name(type), &back));
    EXPECT_EQ(back, type);
    ASSERT_TRUE(FromOnnxName(OnnxName(type), &back));
    EXPECT_EQ(back, type);
    ASSERT_TRUE(FromOnnxCode(OnnxCode(type), &back));
    EXPECT_EQ(back, type);
    names.insert(Name(type));
    codes.insert(OnnxCode(type));
    EXPECT_FALSE(IsFloat(type) && IsInteger(type));
    EXPECT_EQ(IsFloat(type) || IsInteger(type), type != DataType::kBool);
  }
  EXPECT_EQ(names.size(), kNumDataTypes);
  EXPECT_EQ(codes.size(), kNumDataTypes);
}

TEST(DataType, NamesAreOnnxs) {
  EXPECT_EQ(OnnxName(DataType::kF32), "float");
  EXPECT_EQ(OnnxName(DataType::kF8E4M3), "float8e4m3fn");
  EXPECT_EQ(OnnxCode(DataType::kF32), 1);
  EXPECT_EQ(OnnxCode(DataType::kI64), 7);
  EXPECT_EQ(OnnxCode(DataType::kBF16), 16);
  EXPECT_EQ(OnnxCode(DataType::kI4), 22);
  EXPECT_EQ(Name(DataType::kBF16), "bf16");
}

TEST(DataType, UnknownNamesAreRefused) {
  DataType type = DataType::kI8;
  EXPECT_FALSE(FromName("float", &type));
  EXPECT_FALSE(FromName("", &type));
  EXPECT_FALSE(FromOnnxName("f32", &type));
  EXPECT_FALSE(FromOnnxName("string", &type));
  EXPECT_FALSE(FromOnnxCode(8, &type));  // STRING
  EXPECT_FALSE(FromOnnxCode(5, &type));  // INT16
  EXPECT_FALSE(FromOnnxCode(-1, &type));
  EXPECT_EQ(type, DataType::kI8);
}

TEST(DataType, BytesRoundUpToWholeOnes) {
  EXPECT_EQ(SizeInBytes(DataType::kF64, 3), 24);
  EXPECT_EQ(SizeInBytes(DataType::kBool, 3), 3);
  EXPECT_EQ(SizeInBytes(DataType::kI4, 0), 0);
  EXPECT_EQ(SizeInBytes(DataType::kI4, 3), 2);
  EXPECT_EQ(SizeInBytes(DataType::kU4, 4), 2);
}

TEST(DataType, TypeOfCppTypes) {
  EXPECT_EQ(kDataTypeOf<float>, DataType::kF32);
  EXPECT_EQ(kDataTypeOf<int64_t>, DataType::kI64);
  EXPECT_EQ(kDataTypeOf<bool>, DataType::kBool);
}

}  // namespace
}  // namespace weft
