// Functions of f32 vectors for Highway kernels: included once per instruction set, inside a file that
// foreach_target.h includes. Polynomials of our own: the same bits wherever a lane stands.

// Highway's guard: flips with every instruction set.
#if defined(WEFT_OPS_COMMON_CPU_VECTOR_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEFT_OPS_COMMON_CPU_VECTOR_MATH_INL_H_
#undef WEFT_OPS_COMMON_CPU_VECTOR_MATH_INL_H_
#else
#define WEFT_OPS_COMMON_CPU_VECTOR_MATH_INL_H_
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace vector_math {
namespace hn = hwy::HWY_NAMESPACE;

// e^x for x <= 88, within 1.5 units of the last place; 0 below -87.3 (no subnormal results). NaN stays.
//   x = n ln2 + r, |r| <= ln2 / 2: 2^n (1 + r + r^2 q(r)), q minimax of degree 4 (relative error 3e-9).
// Adding 1.5 * 2^23 rounds x / ln2 to a whole number and leaves it in the low bits.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ExpUpTo88(D d, V x) {
  const hn::RebindToSigned<D> di;
  const V magic = hn::Set(d, 12582912.0f);
  const V shifted = hn::MulAdd(x, hn::Set(d, 1.44269504f), magic);
  const V n = hn::Sub(shifted, magic);
  V r = hn::NegMulAdd(n, hn::Set(d, 0.693145752f), x);  // ln2 in two parts; the first times n is exact
  r = hn::NegMulAdd(n, hn::Set(d, 1.42860677e-6f), r);
  V q = hn::MulAdd(hn::Set(d, 1.38144671e-3f), r, hn::Set(d, 8.36878041e-3f));
  q = hn::MulAdd(q, r, hn::Set(d, 4.16683942e-2f));
  q = hn::MulAdd(q, r, hn::Set(d, 1.66665201e-1f));
  q = hn::MulAdd(q, r, hn::Set(d, 4.99999934e-1f));
  const V p = hn::Add(hn::MulAdd(hn::Mul(r, r), q, r), hn::Set(d, 1.0f));
  const auto exponent = hn::ShiftLeft<23>(hn::BitCast(di, shifted));
  const V y = hn::BitCast(d, hn::Add(hn::BitCast(di, p), exponent));
  return hn::IfThenZeroElse(hn::Lt(x, hn::Set(d, -87.3f)), y);
}

// tanh(x) = 1 - 2 / (e^2x + 1), with an absolute error of some 1e-7.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Tanh(D d, V x) {
  const V bounded = hn::Max(hn::Min(hn::Set(d, 20.0f), x), hn::Set(d, -20.0f));
  const V e = ExpUpTo88(d, hn::Add(bounded, bounded));
  const V one = hn::Set(d, 1.0f);
  const V y = hn::Sub(one, hn::Div(hn::Set(d, 2.0f), hn::Add(e, one)));
  return hn::IfThenElse(hn::IsNaN(x), x, y);
}

}  // namespace vector_math
}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
