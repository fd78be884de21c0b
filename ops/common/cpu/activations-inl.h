// Functions of f32 vectors, accurate to one or two units of the last place: included by files that Highway
// compiles once for each instruction set. Polynomials are our own minimax fits; each lane's result depends on
// that lane alone.
#include <hwy/highway.h>

#if defined(WEFT_OPS_COMMON_CPU_ACTIVATIONS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef WEFT_OPS_COMMON_CPU_ACTIVATIONS_INL_H_
#undef WEFT_OPS_COMMON_CPU_ACTIVATIONS_INL_H_
#else
#define WEFT_OPS_COMMON_CPU_ACTIVATIONS_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// c[0] + c[1] x + ... by Horner's rule.
template <class D, class V = hn::Vec<D>, class... C>
HWY_INLINE V Polynomial(D d, V x, float c0, C... more) {
  if constexpr (sizeof...(more) == 0) {
    return hn::Set(d, c0);
  } else {
    return hn::MulAdd(Polynomial(d, x, more...), x, hn::Set(d, c0));
  }
}

// e^x = 2^n (1 + r + r^2 q(r)) with n whole and |r| <= ln 2 / 2; q has a relative error of 3e-9. `n` comes
// back as integers. |x| <= 2^22 ln 2.
template <class D, class V = hn::Vec<D>, class VI = hn::Vec<hn::RebindToSigned<D>>>
HWY_INLINE V ExpMantissa(D d, V x, VI* n) {
  const hn::RebindToSigned<D> di;
  const V magic = hn::Set(d, 12582912.0F);  // 1.5 * 2^23: adding it rounds to a whole number
  const V shifted = hn::MulAdd(x, hn::Set(d, 1.44269504F), magic);
  *n = hn::Sub(hn::BitCast(di, shifted), hn::BitCast(di, magic));
  const V whole = hn::Sub(shifted, magic);
  V r = hn::NegMulAdd(whole, hn::Set(d, 0.693145752F), x);  // ln 2 in two parts, the first times n exact
  r = hn::NegMulAdd(whole, hn::Set(d, 1.42860677e-6F), r);
  const V q = Polynomial(d, r, 4.999999345e-01F, 1.666652063e-01F, 4.166838809e-02F, 8.368717091e-03F,
                         1.381459638e-03F);
  return hn::Add(hn::MulAdd(hn::Mul(r, r), q, r), hn::Set(d, 1.0F));
}

// e^x for every x: subnormal results, infinity and NaN too.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Exp(D d, V x) {
  const hn::RebindToSigned<D> di;
  const V bounded = hn::Min(hn::Max(x, hn::Set(d, -104.0F)), hn::Set(d, 89.0F));
  auto n = hn::Zero(di);
  const V p = ExpMantissa(d, bounded, &n);
  // 2^n in two factors: n reaches from -150 to 128.
  const auto half = hn::ShiftRight<1>(n);
  const auto bias = hn::Set(di, 127);
  const V first = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(half, bias)));
  const V second = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(hn::Sub(n, half), bias)));
  return hn::IfThenElse(hn::IsNaN(x), x, hn::Mul(hn::Mul(p, first), second));
}

// e^x for x <= 0; what would be subnormal is 0. NaN gives some number.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V ExpOfNegative(D d, V x) {
  const hn::RebindToSigned<D> di;
  auto n = hn::Zero(di);
  const V p = ExpMantissa(d, hn::Max(x, hn::Set(d, -88.0F)), &n);
  const V y = hn::BitCast(d, hn::Add(hn::BitCast(di, p), hn::ShiftLeft<23>(n)));
  return hn::IfThenZeroElse(hn::Lt(x, hn::Set(d, -87.3F)), y);
}

// ln x: with x = 2^e m, m in [sqrt(1/2), sqrt 2) and f = m - 1:  e ln 2 + f - f^2 / 2 + f^3 P(f).
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Log(D d, V x) {
  const hn::RebindToSigned<D> di;
  const auto subnormal = hn::Lt(x, hn::Set(d, 1.17549435e-38F));
  const V scaled = hn::IfThenElse(subnormal, hn::Mul(x, hn::Set(d, 8388608.0F)), x);
  const auto sqrt_half = hn::Set(di, 0x3f3504f3);
  const auto above = hn::Sub(hn::BitCast(di, scaled), sqrt_half);
  const auto exponent = hn::ShiftRight<23>(above);
  const auto mantissa = hn::Add(hn::And(above, hn::Set(di, 0x7fffff)), sqrt_half);
  const V f = hn::Sub(hn::BitCast(d, mantissa), hn::Set(d, 1.0F));
  const V e = hn::Sub(hn::ConvertTo(d, exponent), hn::IfThenElseZero(subnormal, hn::Set(d, 23.0F)));
  const V p =
      Polynomial(d, f, 3.333331260e-01F, -2.500000960e-01F, 2.000211875e-01F, -1.666799562e-01F,
                 1.421955056e-01F, -1.240559201e-01F, 1.188817756e-01F, -1.167563880e-01F, 6.746591933e-02F);
  const V f2 = hn::Mul(f, f);
  V tail = hn::MulAdd(hn::Mul(f2, f), p, hn::Mul(f2, hn::Set(d, -0.5F)));
  tail = hn::MulAdd(e, hn::Set(d, 1.42860677e-6F), tail);
  V y = hn::MulAdd(e, hn::Set(d, 0.693145752F), hn::Add(f, tail));
  const V infinity = hn::Inf(d);
  y = hn::IfThenElse(hn::Eq(x, hn::Zero(d)), hn::Neg(infinity), y);
  y = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::NaN(d), y);
  return hn::IfThenElse(hn::Lt(x, infinity), y, x);  // infinity and NaN as they are
}

// 1 / (1 + e^-z) as numerators over 1 + e^-|z|: both s and 1 - s without cancellation.
template <class D, class V = hn::Vec<D>>
struct SigmoidParts {
  V s, one_less_s;
};
template <class D, class V = hn::Vec<D>>
HWY_INLINE SigmoidParts<D> SigmoidBoth(D d, V z) {
  const V one = hn::Set(d, 1.0F);
  const V e = ExpOfNegative(d, hn::Neg(hn::Abs(z)));
  const V inverse = hn::Div(one, hn::Add(one, e));
  const V smaller = hn::Mul(e, inverse);
  const auto negative = hn::Lt(z, hn::Zero(d));
  return {hn::IfThenElse(negative, smaller, inverse), hn::IfThenElse(negative, inverse, smaller)};
}
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Sigmoid(D d, V z) {
  const V one = hn::Set(d, 1.0F);
  const V e = ExpOfNegative(d, hn::Neg(hn::Abs(z)));
  const V y = hn::Div(hn::IfThenElse(hn::Lt(z, hn::Zero(d)), e, one), hn::Add(one, e));
  return hn::IfThenElse(hn::IsNaN(z), z, y);
}

// |x| < 0.625: x + x^3 P(x^2); beyond: 1 - 2 / (e^2|x| + 1).
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Tanh(D d, V x) {
  const V one = hn::Set(d, 1.0F);
  const V a = hn::Abs(x), s = hn::Mul(x, x);
  const V e = ExpOfNegative(d, hn::Mul(a, hn::Set(d, -2.0F)));
  const V large = hn::CopySign(hn::Div(hn::Sub(one, e), hn::Add(one, e)), x);
  const V p = Polynomial(d, s, -3.333333091e-01F, 1.333320976e-01F, -5.394720427e-02F, 2.170296711e-02F,
                         -8.182673862e-03F, 2.147536865e-03F);
  const V small = hn::MulAdd(hn::Mul(s, x), p, x);
  return hn::IfThenElse(hn::Lt(a, hn::Set(d, 0.625F)), small, hn::IfThenElse(hn::IsNaN(x), x, large));
}

// |x| < 0.92: x P(x^2); beyond: 1 - e^Q(|x|), Q fitted to ln erfc up to 3.95, past which erf rounds to 1.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Erf(D d, V x) {
  const V a = hn::Abs(x), s = hn::Mul(x, x);
  const V small =
      hn::Mul(x, Polynomial(d, s, 1.128379167e+00F, -3.761263385e-01F, 1.128369732e-01F, -2.685950007e-02F,
                            5.201286008e-03F, -8.145596747e-04F, 8.382387389e-05F));
  const V t = hn::Min(a, hn::Set(d, 3.95F));
  const V q = Polynomial(d, t, -1.774871965e-04F, -1.127749596e+00F, -6.370596924e-01F, -1.040374174e-01F,
                         2.227711722e-02F, -3.055615740e-03F, 1.971826269e-04F);
  const V tail = hn::CopySign(hn::Sub(hn::Set(d, 1.0F), ExpOfNegative(d, q)), x);
  return hn::IfThenElse(hn::Lt(a, hn::Set(d, 0.92F)), small, hn::IfThenElse(hn::IsNaN(x), x, tail));
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
