// Loops over f32 arrays by vectors, the rest by one vector more: every element goes through the same
// operations, so that its bits do not depend on where it stands or how the work was cut. Outputs may be the
// inputs.
#include <hwy/highway.h>

#include <cstdint>
#include <cstring>

#if defined(WEFT_OPS_COMMON_CPU_SIMD_LOOP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEFT_OPS_COMMON_CPU_SIMD_LOOP_INL_H_
#undef WEFT_OPS_COMMON_CPU_SIMD_LOOP_INL_H_
#else
#define WEFT_OPS_COMMON_CPU_SIMD_LOOP_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using F32 = hn::ScalableTag<float>;
using VF32 = hn::Vec<F32>;

// Where an operand's next vector comes from.
struct Stepping {
  const float* at;
  HWY_INLINE VF32 Load(int64_t i) const { return hn::LoadU(F32(), at + i); }
  VF32 LoadFirst(int64_t n) const {  // n < a vector's lanes
    HWY_ALIGN float buffer[hn::MaxLanes(F32())] = {};
    std::memcpy(buffer, at, static_cast<size_t>(n) * sizeof(float));
    return hn::Load(F32(), buffer);
  }
};
struct Repeating {
  VF32 value;
  HWY_INLINE VF32 Load(int64_t) const { return value; }
  HWY_INLINE VF32 LoadFirst(int64_t) const { return value; }
};

HWY_INLINE void StoreFirst(VF32 v, float* to, int64_t n) {
  HWY_ALIGN float buffer[hn::MaxLanes(F32())];
  hn::Store(v, F32(), buffer);
  std::memcpy(to, buffer, static_cast<size_t>(n) * sizeof(float));
}

// y[i] = f(x[i]...) for i < n. The last vector overlaps the one before: what it reads is loaded before
// anything is stored, as y may be an x.
template <class Function, class... X>
HWY_INLINE void SimdLoop(const Function& f, float* y, int64_t n, const X&... x) {
  const F32 d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  if (n < lanes) {
    if (n > 0) StoreFirst(f(d, x.LoadFirst(n)...), y, n);
    return;
  }
  const VF32 last = f(d, x.Load(n - lanes)...);
  int64_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    const VF32 first = f(d, x.Load(i)...);
    const VF32 second = f(d, x.Load(i + lanes)...);
    hn::StoreU(first, d, y + i);
    hn::StoreU(second, d, y + i + lanes);
  }
  if (i + lanes <= n) {
    hn::StoreU(f(d, x.Load(i)...), d, y + i);
    i += lanes;
  }
  if (i < n) hn::StoreU(last, d, y + n - lanes);
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
