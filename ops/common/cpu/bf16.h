// bf16 in memory, f32 in registers: what kernels read and write narrow floats by.
#pragma once
#include <cstddef>
#include <cstdint>

#include "base/data_type.h"
#include "ops/kernel.h"

namespace weft::ops {

// y[i] = x[i], exactly.
void WidenBf16(const uint16_t* x, int64_t n, float* y);
// The same of `rows` rows, `stride` elements apart in x, side by side in y.
void WidenBf16Rows(const uint16_t* x, int64_t stride, int64_t rows, int64_t n, float* y);
// y[i] = x[i] to the nearest, ties to even; a NaN stays a quiet NaN.
void NarrowToBf16(const float* x, int64_t n, uint16_t* y);
// The same into the first half of x itself: x[0, n) becomes n bf16.
void NarrowInPlace(float* x, int64_t n);
// The same of `rows` rows, side by side in x, `stride` elements apart in y.
void NarrowToBf16Rows(const float* x, int64_t rows, int64_t n, uint16_t* y, int64_t stride);

inline bool IsF32OrBf16(const Operand& o) { return o.dtype == DataType::kF32 || o.dtype == DataType::kBF16; }

// Rows of f32 out of an operand that is f32 or bf16: where it lies, or widened into the caller's buffer.
class FloatInput {
 public:
  FloatInput() = default;
  FloatInput(const void* data, DataType dtype) : data_(data), narrow_(dtype == DataType::kBF16) {}
  bool narrow() const { return narrow_; }
  // `n` elements from `offset` on; `buffer` is of as many, and is not written if the operand is f32.
  const float* Row(int64_t offset, int64_t n, float* buffer) const {
    if (!narrow_) return static_cast<const float*>(data_) + offset;
    WidenBf16(static_cast<const uint16_t*>(data_) + offset, n, buffer);
    return buffer;
  }

 private:
  const void* data_ = nullptr;
  bool narrow_ = false;
};

// Elements that an elementwise kernel widens at once, in the first cache.
inline constexpr int64_t kBf16Chunk = 1024;

// The way back: a kernel writes a row to Row(offset, buffer), then calls Done(offset, n, buffer).
class FloatOutput {
 public:
  FloatOutput() = default;
  FloatOutput(void* data, DataType dtype) : data_(data), narrow_(dtype == DataType::kBF16) {}
  bool narrow() const { return narrow_; }
  float* Row(int64_t offset, float* buffer) const {
    return narrow_ ? buffer : static_cast<float*>(data_) + offset;
  }
  void Done(int64_t offset, int64_t n, const float* buffer) const {
    if (narrow_) NarrowToBf16(buffer, n, static_cast<uint16_t*>(data_) + offset);
  }

 private:
  void* data_ = nullptr;
  bool narrow_ = false;
};

// Rows of `n` floats in a kernel's workspace, `count` for each thread, from byte `offset` on.
class RowBuffers {
 public:
  RowBuffers(int64_t n, int64_t count, int threads, int64_t offset = 0)
      : stride_((n + 15) / 16 * 16), count_(count), offset_((offset + 63) / 64 * 64), threads_(threads) {}
  int64_t bytes() const {
    return offset_ + threads_ * count_ * stride_ * static_cast<int64_t>(sizeof(float));
  }
  int64_t stride() const { return stride_; }
  // Null where there are none.
  float* Of(const KernelArgs& args, int thread, int64_t i) const {
    if (count_ == 0) return nullptr;
    return reinterpret_cast<float*>(static_cast<std::byte*>(args.workspace) + offset_) +
           (thread * count_ + i) * stride_;
  }

 private:
  int64_t stride_, count_, offset_;
  int threads_;
};

}  // namespace weft::ops
