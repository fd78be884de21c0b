// bf16 by vectors of f32: loads widen, stores round to the nearest, ties to even. Included by units that are
// compiled for each instruction set.
#include <hwy/highway.h>

#include <cstdint>

#if defined(WEFT_OPS_COMMON_CPU_BF16_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEFT_OPS_COMMON_CPU_BF16_INL_H_
#undef WEFT_OPS_COMMON_CPU_BF16_INL_H_
#else
#define WEFT_OPS_COMMON_CPU_BF16_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace bf16 {
namespace hn = hwy::HWY_NAMESPACE;
using F32 = hn::ScalableTag<float>;
using V = hn::Vec<F32>;

HWY_INLINE V Load(const uint16_t* x) {
  const hn::RebindToUnsigned<F32> du;
  const hn::Rebind<uint16_t, F32> narrow;
  return hn::BitCast(F32(), hn::ShiftLeft<16>(hn::PromoteTo(du, hn::LoadU(narrow, x))));
}

// As FloatToBf16 of base/float_convert.h.
HWY_INLINE void Store(V v, uint16_t* y) {
  const hn::RebindToUnsigned<F32> du;
  const hn::RebindToSigned<F32> di;
  const hn::Rebind<uint16_t, F32> narrow;
  const auto bits = hn::BitCast(du, v);
  const auto high = hn::ShiftRight<16>(bits);
  const auto odd = hn::And(high, hn::Set(du, 1));
  const auto rounded = hn::ShiftRight<16>(hn::Add(hn::Add(bits, hn::Set(du, 0x7fff)), odd));
  const auto quiet = hn::Or(high, hn::Set(du, 0x40));
  const auto codes = hn::IfThenElse(hn::RebindMask(du, hn::IsNaN(v)), quiet, rounded);
  hn::StoreU(hn::DemoteTo(narrow, hn::BitCast(di, codes)), narrow, y);
}

}  // namespace bf16
}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
