#include "ops/common/cpu/bf16.h"

#include <algorithm>
#include <cstring>

#include "base/float_convert.h"
#include "ops/common/cpu/highway_targets.h"

// foreach_target.h comes first: what follows is compiled once for each instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/bf16.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "ops/common/cpu/bf16-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {

void WidenImpl(const uint16_t* x, int64_t n, float* y) {
  const bf16::F32 d;
  const auto lanes = static_cast<int64_t>(hwy::HWY_NAMESPACE::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) hwy::HWY_NAMESPACE::StoreU(bf16::Load(x + i), d, y + i);
  for (; i < n; ++i) y[i] = Bf16ToFloat(x[i]);
}

void NarrowImpl(const float* x, int64_t n, uint16_t* y) {
  const bf16::F32 d;
  const auto lanes = static_cast<int64_t>(hwy::HWY_NAMESPACE::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) bf16::Store(hwy::HWY_NAMESPACE::LoadU(d, x + i), y + i);
  for (; i < n; ++i) y[i] = FloatToBf16(x[i]);
}

void WidenRowsImpl(const uint16_t* x, int64_t stride, int64_t rows, int64_t n, float* y) {
  for (int64_t r = 0; r < rows; ++r) WidenImpl(x + r * stride, n, y + r * n);
}

void NarrowRowsImpl(const float* x, int64_t rows, int64_t n, uint16_t* y, int64_t stride) {
  for (int64_t r = 0; r < rows; ++r) NarrowImpl(x + r * n, n, y + r * stride);
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(WidenImpl);
HWY_EXPORT(NarrowImpl);
HWY_EXPORT(WidenRowsImpl);
HWY_EXPORT(NarrowRowsImpl);

void WidenBf16(const uint16_t* x, int64_t n, float* y) { HWY_DYNAMIC_DISPATCH(WidenImpl)(x, n, y); }
void NarrowToBf16(const float* x, int64_t n, uint16_t* y) { HWY_DYNAMIC_DISPATCH(NarrowImpl)(x, n, y); }
// What is written lies before what is read next.
void NarrowInPlace(float* x, int64_t n) {
  uint16_t chunk[kBf16Chunk];
  auto* to = reinterpret_cast<std::byte*>(x);
  for (int64_t i = 0; i < n; i += kBf16Chunk) {
    const int64_t count = std::min(kBf16Chunk, n - i);
    NarrowToBf16(x + i, count, chunk);
    std::memcpy(to + i * 2, chunk, static_cast<size_t>(count) * sizeof(uint16_t));
  }
}
void WidenBf16Rows(const uint16_t* x, int64_t stride, int64_t rows, int64_t n, float* y) {
  HWY_DYNAMIC_DISPATCH(WidenRowsImpl)(x, stride, rows, n, y);
}
void NarrowToBf16Rows(const float* x, int64_t rows, int64_t n, uint16_t* y, int64_t stride) {
  HWY_DYNAMIC_DISPATCH(NarrowRowsImpl)(x, rows, n, y, stride);
}

}  // namespace weft::ops
#endif
