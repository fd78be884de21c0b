#include "base/tensor.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "base/clamped_integer.h"
#include "base/float_convert.h"
#include "base/process_memory.h"

namespace weft {
namespace {

constexpr size_t kAlignment = 64;

uint8_t Nibble(const Tensor& tensor, int64_t i) {  // element 2k is the low half of byte k
  const uint8_t byte = static_cast<const uint8_t*>(tensor.data())[i / 2];
  return i % 2 == 0 ? byte & 0xf : byte >> 4;
}

void SetNibble(Tensor& tensor, int64_t i, int value) {
  uint8_t& byte = static_cast<uint8_t*>(tensor.mutable_data())[i / 2];
  const int bits = value & 0xf;
  byte = static_cast<uint8_t>(i % 2 == 0 ? (byte & 0xf0) | bits : (byte & 0x0f) | (bits << 4));
}

}  // namespace

StatusOr<int64_t> CheckedSizeInBytes(DataType dtype, std::span<const int64_t> shape) {
  int64_t elements = 1;
  bool overflow = false;
  bool empty = false;
  for (const int64_t d : shape) {
    if (d < 0) return InvalidArgument("shape {} has a negative dimension", ToString(shape));
    empty = empty || d == 0;
    overflow = overflow || __builtin_mul_overflow(elements, d, &elements);
  }
  if (empty) return 0;
  if (overflow || elements > std::numeric_limits<int64_t>::max() / 8) {
    return InvalidArgument("shape {} has more {} elements than 64 bits can count", ToString(shape),
                           Name(dtype));
  }
  return SizeInBytes(dtype, elements);
}

int64_t NumElements(std::span<const int64_t> shape) {
  int64_t elements = 1;
  bool overflow = false;
  bool empty = false;
  for (const int64_t d : shape) {
    WEFT_CHECK(d >= 0, "shape {}", ToString(shape));
    empty = empty || d == 0;
    overflow = overflow || __builtin_mul_overflow(elements, d, &elements);
  }
  if (empty) return 0;
  WEFT_CHECK(!overflow, "shape {}", ToString(shape));
  return elements;
}

std::string ToString(std::span<const int64_t> shape) {
  return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", "));
}

StatusOr<Tensor> Tensor::Allocate(DataType dtype, Shape shape) {
  WEFT_ASSIGN_OR_RETURN(const int64_t bytes, CheckedSizeInBytes(dtype, shape));
  // An overcommitting system would grant more and kill the process when it is written.
  if (const int64_t machine = MachineMemory(); bytes > machine) {
    return ResourceExhausted("no memory for {} bytes ({} {}): the machine has {}", bytes, Name(dtype),
                             ToString(shape), machine);
  }
  const size_t padded = (std::max<size_t>(bytes, 1) + kAlignment - 1) / kAlignment * kAlignment;
  void* memory = std::aligned_alloc(kAlignment, padded);
  if (memory == nullptr) {
    return ResourceExhausted("no memory for {} bytes ({} {})", bytes, Name(dtype), ToString(shape));
  }
  std::memset(memory, 0, padded);
  Tensor t;
  t.dtype_ = dtype;
  t.shape_ = std::move(shape);
  t.data_ = memory;
  t.owner_ = std::shared_ptr<const void>(memory, [](const void* p) { std::free(const_cast<void*>(p)); });
  return t;
}

Tensor Tensor::Zeros(DataType dtype, Shape shape) {
  StatusOr<Tensor> t = Allocate(dtype, std::move(shape));
  WEFT_CHECK(t.ok(), "{}", Message(t.status()));
  return *std::move(t);
}

Tensor Tensor::View(DataType dtype, Shape shape, const void* data, std::shared_ptr<const void> owner) {
  const size_t element = static_cast<size_t>(std::max(SizeInBits(dtype) / 8, 1));
  WEFT_CHECK(reinterpret_cast<uintptr_t>(data) % element == 0, "misaligned {} view", Name(dtype));
  Tensor t;
  t.dtype_ = dtype;
  t.shape_ = std::move(shape);
  t.data_ = data;
  t.owner_ = std::move(owner);
  t.writable_ = false;
  return t;
}

Tensor Tensor::Clone() const {
  Tensor t = Zeros(dtype_, shape_);
  if (size_bytes() > 0) std::memcpy(t.mutable_data(), data_, size_bytes());
  return t;
}

void* Tensor::mutable_data() {
  WEFT_CHECK(writable_, "a view of shared bytes is not written through");
  return const_cast<void*>(data_);
}

double ElementAsDouble(const Tensor& tensor, int64_t i) {
  WEFT_CHECK(i >= 0 && i < tensor.num_elements(), "element {} of {}", i, ToString(tensor.shape()));
  switch (tensor.dtype()) {
    case DataType::kF64:
      return tensor.as<double>()[i];
    case DataType::kF32:
      return tensor.as<float>()[i];
    case DataType::kBF16:
      return Bf16ToFloat(tensor.as<uint16_t>()[i]);
    case DataType::kF16:
      return F16ToFloat(tensor.as<uint16_t>()[i]);
    case DataType::kF8E4M3:
      return F8E4M3ToFloat(tensor.as<uint8_t>()[i]);
    case DataType::kF8E5M2:
      return F8E5M2ToFloat(tensor.as<uint8_t>()[i]);
    case DataType::kI64:
      return static_cast<double>(tensor.as<int64_t>()[i]);
    case DataType::kI32:
      return tensor.as<int32_t>()[i];
    case DataType::kI8:
      return tensor.as<int8_t>()[i];
    case DataType::kI4:
      return (Nibble(tensor, i) ^ 8) - 8;  // sign-extended
    case DataType::kU64:
      return static_cast<double>(tensor.as<uint64_t>()[i]);
    case DataType::kU32:
      return tensor.as<uint32_t>()[i];
    case DataType::kU16:
      return tensor.as<uint16_t>()[i];
    case DataType::kU8:
      return tensor.as<uint8_t>()[i];
    case DataType::kU4:
      return Nibble(tensor, i);
    case DataType::kBool:
      return tensor.as<uint8_t>()[i] != 0 ? 1 : 0;
  }
  WEFT_CHECK(false, "no such data type");
}

void SetElementFromDouble(Tensor& tensor, int64_t i, double value) {
  WEFT_CHECK(i >= 0 && i < tensor.num_elements(), "element {} of {}", i, ToString(tensor.shape()));
  switch (tensor.dtype()) {
    case DataType::kF64:
      tensor.as_mutable<double>()[i] = value;
      return;
    case DataType::kF32:
      tensor.as_mutable<float>()[i] = static_cast<float>(value);
      return;
    case DataType::kBF16:
      tensor.as_mutable<uint16_t>()[i] = DoubleToBf16(value);
      return;
    case DataType::kF16:
      tensor.as_mutable<uint16_t>()[i] = DoubleToF16(value);
      return;
    case DataType::kF8E4M3:
      tensor.as_mutable<uint8_t>()[i] = DoubleToF8E4M3(value);
      return;
    case DataType::kF8E5M2:
      tensor.as_mutable<uint8_t>()[i] = DoubleToF8E5M2(value);
      return;
    case DataType::kI64:
      tensor.as_mutable<int64_t>()[i] = ClampedInteger<int64_t>(value);
      return;
    case DataType::kI32:
      tensor.as_mutable<int32_t>()[i] = ClampedInteger<int32_t>(value);
      return;
    case DataType::kI8:
      tensor.as_mutable<int8_t>()[i] = ClampedInteger<int8_t>(value);
      return;
    case DataType::kI4:
      SetNibble(tensor, i, std::clamp<int>(ClampedInteger<int8_t>(value), -8, 7));
      return;
    case DataType::kU64:
      tensor.as_mutable<uint64_t>()[i] = ClampedInteger<uint64_t>(value);
      return;
    case DataType::kU32:
      tensor.as_mutable<uint32_t>()[i] = ClampedInteger<uint32_t>(value);
      return;
    case DataType::kU16:
      tensor.as_mutable<uint16_t>()[i] = ClampedInteger<uint16_t>(value);
      return;
    case DataType::kU8:
      tensor.as_mutable<uint8_t>()[i] = ClampedInteger<uint8_t>(value);
      return;
    case DataType::kU4:
      SetNibble(tensor, i, std::min<int>(ClampedInteger<uint8_t>(value), 15));
      return;
    case DataType::kBool:
      tensor.as_mutable<uint8_t>()[i] = value != 0 ? 1 : 0;
      return;
  }
}

}  // namespace weft
