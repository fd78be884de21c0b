#include "base/tensor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace weft {
namespace {

TEST(Tensor, ZerosAreAlignedAndZero) {
  const Tensor t = Tensor::Zeros(DataType::kF32, {3, 5});
  EXPECT_EQ(reinterpret_cast<uintptr_t>(t.data()) % 64, 0U);
  EXPECT_EQ(t.size_bytes(), 60U);
  for (const float x : t.as<float>()) EXPECT_EQ(x, 0);
  EXPECT_EQ(Tensor().num_elements(), 0);
  EXPECT_EQ(Tensor::Zeros(DataType::kI64, {}).num_elements(), 1);
  EXPECT_NE(Tensor::Zeros(DataType::kI64, {0, 4}).data(), nullptr);
}

TEST(Tensor, OfAndScalarHoldTheValues) {
  const Tensor t = Tensor::Of<int32_t>({2, 2}, std::vector<int32_t>{1, 2, 3, -4});
  EXPECT_EQ(t.dtype(), DataType::kI32);
  EXPECT_EQ(t.as<int32_t>()[3], -4);
  EXPECT_EQ(Tensor::Scalar(2.5F).as<float>()[0], 2.5F);
  EXPECT_TRUE(Tensor::Scalar(2.5F).shape().empty());
}

TEST(Tensor, CopiesShareAndClonesDoNot) {
  Tensor t = Tensor::Scalar<int64_t>(1);
  const Tensor copy = t;
  const Tensor clone = t.Clone();
  t.as_mutable<int64_t>()[0] = 7;
  EXPECT_EQ(copy.as<int64_t>()[0], 7);
  EXPECT_EQ(clone.as<int64_t>()[0], 1);
}

TEST(Tensor, ViewKeepsItsOwnerAlive) {
  auto owner = std::make_shared<std::vector<float>>(std::vector<float>{1, 2, 3});
  const std::weak_ptr<std::vector<float>> watch = owner;
  Tensor view = Tensor::View(DataType::kF32, {3}, owner->data(), owner);
  owner.reset();
  EXPECT_FALSE(watch.expired());
  EXPECT_EQ(view.as<float>()[2], 3);
  EXPECT_EQ(view.Clone().as_mutable<float>()[2], 3);
  view = Tensor();
  EXPECT_TRUE(watch.expired());
}

TEST(TensorDeathTest, ViewsAreNotWrittenAndElementsAreInRange) {
  const float x = 1;
  Tensor view = Tensor::View(DataType::kF32, {1}, &x, nullptr);
  EXPECT_DEATH(view.mutable_data(), "not written through");
  EXPECT_DEATH(ElementAsDouble(view, 1), "element 1 of \\[1\\]");
  EXPECT_DEATH(Tensor::View(DataType::kF32, {1}, reinterpret_cast<const char*>(&x) + 1, nullptr),
               "misaligned");
}

TEST(Tensor, ShapesFromOutsideAreChecked) {
  EXPECT_EQ(*CheckedSizeInBytes(DataType::kF32, Shape{2, 3}), 24);
  EXPECT_EQ(*CheckedSizeInBytes(DataType::kF32, Shape{}), 4);
  const int64_t huge = int64_t{1} << 40;
  EXPECT_EQ(*CheckedSizeInBytes(DataType::kF32, Shape{huge, huge, 0}), 0);
  EXPECT_EQ(NumElements(Shape{huge, huge, 0}), 0);
  EXPECT_EQ(Message(CheckedSizeInBytes(DataType::kF32, Shape{2, -1}).status()),
            "shape [2, -1] has a negative dimension");
  EXPECT_FALSE(CheckedSizeInBytes(DataType::kF32, Shape{huge, huge}).ok());
  EXPECT_FALSE(CheckedSizeInBytes(DataType::kF64, Shape{int64_t{1} << 61}).ok());
  EXPECT_FALSE(Tensor::Allocate(DataType::kF32, {huge, huge}).ok());
  EXPECT_TRUE(Tensor::Allocate(DataType::kF32, {2, 2}).ok());
  EXPECT_EQ(ToString(Shape{8, 256}), "[8, 256]");
  EXPECT_EQ(ToString(Shape{}), "[]");
}

TEST(Tensor, AnImpossibleAllocationIsAnError) {
  const StatusOr<Tensor> t = Tensor::Allocate(DataType::kU8, {int64_t{1} << 56});
  EXPECT_EQ(t.status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(Tensor, EveryTypeStoresAndReadsElements) {
  for (int i = 0; i < kNumDataTypes; ++i) {
    const auto type = static_cast<DataType>(i);
    Tensor t = Tensor::Zeros(type, {5});
    for (int64_t k = 0; k < 5; ++k) SetElementFromDouble(t, k, k % 2 == 0 ? 1 : 0);
    for (int64_t k = 0; k < 5; ++k) EXPECT_EQ(ElementAsDouble(t, k), k % 2 == 0 ? 1 : 0) << Name(type);
    SetElementFromDouble(t, 1, -3);
    const bool is_unsigned = Name(type)[0] == 'u';
    EXPECT_EQ(ElementAsDouble(t, 1), type == DataType::kBool ? 1 : is_unsigned ? 0 : -3) << Name(type);
    EXPECT_EQ(ElementAsDouble(t, 0), 1) << Name(type);  // neighbours of a nibble stay
    EXPECT_EQ(ElementAsDouble(t, 2), 1) << Name(type);
    SetElementFromDouble(t, 1, std::numeric_limits<double>::quiet_NaN());
    if (IsFloat(type)) {
      EXPECT_TRUE(std::isnan(ElementAsDouble(t, 1))) << Name(type);
    }
    if (IsInteger(type)) {
      EXPECT_EQ(ElementAsDouble(t, 1), 0) << Name(type);
    }
  }
}

TEST(Tensor, IntegersAreCutAndClamped) {
  const auto store = [](DataType type, double value) {
    Tensor t = Tensor::Zeros(type, {});
    SetElementFromDouble(t, 0, value);
    return t;
  };
  EXPECT_EQ(store(DataType::kI32, -2.7).as<int32_t>()[0], -2);
  EXPECT_EQ(store(DataType::kI32, 3e9).as<int32_t>()[0], std::numeric_limits<int32_t>::max());
  EXPECT_EQ(store(DataType::kI64, 1e300).as<int64_t>()[0], std::numeric_limits<int64_t>::max());
  EXPECT_EQ(store(DataType::kI64, -0x1p63).as<int64_t>()[0], std::numeric_limits<int64_t>::min());
  EXPECT_EQ(store(DataType::kU64, 0x1p63).as<uint64_t>()[0], uint64_t{1} << 63);
  EXPECT_EQ(store(DataType::kU64, 0x1p64).as<uint64_t>()[0], std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(store(DataType::kI8, -200).as<int8_t>()[0], -128);
  EXPECT_EQ(ElementAsDouble(store(DataType::kI4, 100), 0), 7);
  EXPECT_EQ(ElementAsDouble(store(DataType::kI4, -100), 0), -8);
  EXPECT_EQ(ElementAsDouble(store(DataType::kU4, 100), 0), 15);
}

TEST(Tensor, NibblesPackLowFirst) {
  Tensor t = Tensor::Zeros(DataType::kU4, {3});
  for (int64_t k = 0; k < 3; ++k) SetElementFromDouble(t, k, static_cast<double>(k) + 1);
  EXPECT_EQ(t.size_bytes(), 2U);
  EXPECT_EQ(static_cast<const uint8_t*>(t.data())[0], 0x21);
  EXPECT_EQ(static_cast<const uint8_t*>(t.data())[1], 0x03);
}

}  // namespace
}  // namespace weft
