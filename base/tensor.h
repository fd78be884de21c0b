// A tensor in host memory: dense, row-major. Owns its bytes (64-byte aligned), or shares a mapping (aligned
// at least to its element). Copying a Tensor shares the bytes; Clone copies them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/data_type.h"
#include "base/status.h"

namespace weft {

using Shape = std::vector<int64_t>;
// 1 for a scalar. CHECKs that dimensions are >= 0 and that the product fits int64.
int64_t NumElements(std::span<const int64_t> shape);
// For shapes from outside: an error if a dimension is negative or the tensor's bytes do not fit int64.
StatusOr<int64_t> CheckedSizeInBytes(DataType dtype, std::span<const int64_t> shape);
std::string ToString(std::span<const int64_t> shape);  // "[8, 256]"

class Tensor {
 public:
  Tensor() = default;  // f32 [0]
  // Zeroed memory. All dimensions >= 0. CHECKs that there is memory.
  static Tensor Zeros(DataType dtype, Shape shape);
  // The same for a shape from outside: InvalidArgument or ResourceExhausted instead of a CHECK.
  static StatusOr<Tensor> Allocate(DataType dtype, Shape shape);
  // Shares bytes that `owner` keeps alive (a mapped file); never written through. `data` must be aligned to
  // the element (CHECK).
  static Tensor View(DataType dtype, Shape shape, const void* data, std::shared_ptr<const void> owner);
  template <class T>
  static Tensor Of(Shape shape, std::span<const T> values);  // sizes must agree (CHECK)
  template <class T>
  static Tensor Scalar(T value) {
    return Of<T>({}, std::span<const T>(&value, 1));
  }
  // A copy with bytes of its own.
  Tensor Clone() const;

  DataType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  int64_t num_elements() const { return NumElements(shape_); }
  size_t size_bytes() const { return static_cast<size_t>(SizeInBytes(dtype_, num_elements())); }
  const void* data() const { return data_; }
  void* mutable_data();  // CHECKs that the bytes are owned, not a view
  template <class T>
  std::span<const T> as() const {
    return {static_cast<const T*>(data_), static_cast<size_t>(num_elements())};
  }
  template <class T>
  std::span<T> as_mutable() {
    return {static_cast<T*>(mutable_data()), static_cast<size_t>(num_elements())};
  }

 private:
  DataType dtype_ = DataType::kF32;
  Shape shape_ = {0};
  const void* data_ = nullptr;
  std::shared_ptr<const void> owner_;
  bool writable_ = true;
};

template <class T>
Tensor Tensor::Of(Shape shape, std::span<const T> values) {  // NOLINT(performance-unnecessary-value-param)
  Tensor t = Zeros(kDataTypeOf<T>, std::move(shape));
  WEFT_CHECK(static_cast<size_t>(t.num_elements()) == values.size());
  std::span<T> out = t.as_mutable<T>();
  for (size_t i = 0; i < values.size(); ++i) out[i] = values[i];
  return t;
}

// Element i converted to / from double, for any dtype (tests, printing, constant folding). 64-bit integers
// beyond 2^53 are rounded. Storing rounds floats once (float_convert.h; f8 saturates); integers are cut
// toward zero and clamped to their range, NaN is 0; any value but 0 is true.
double ElementAsDouble(const Tensor& tensor, int64_t i);
void SetElementFromDouble(Tensor& tensor, int64_t i, double value);

}  // namespace weft
