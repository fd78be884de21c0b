// Normally distributed numbers from 32 random bits, the same bits on every device.
//
//   q = (word - 2^31 + 1/2) / 2^32,  x = Phi^-1(1/2 + q)
//
// Only + - * / and sqrt of IEEE f64, in this order, never fused (-ffp-contract=off; -fmad=false on CUDA),
// then one rounding to f32. The quantile's error is below 2e-10 before it. Words w and ~w give x and -x; the
// largest |x| is 6.34 (tail 2^-33). Coefficients: normal_fit.py.
#pragma once
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace weft {

// q in (-1/2, 1/2), exact.
constexpr double CenteredUniform(uint32_t word) {
  return (static_cast<double>(static_cast<int32_t>(word ^ 0x80000000U)) + 0.5) * 0x1p-32;
}

namespace internal {

// log of a positive normal number, error below 3e-11: x = m * 2^e with m in [sqrt(1/2), sqrt(2)),
// log m = 2 atanh((m - 1) / (m + 1)), |(m - 1) / (m + 1)| < 0.1716.
inline double NormalLog(double x) {
  const auto bits = std::bit_cast<uint64_t>(x);
  constexpr uint64_t kSqrtHalf = 0x3fe6a09e667f3bcd;
  const uint64_t shifted = bits - kSqrtHalf;  // its exponent field counts from sqrt(1/2)
  const int64_t exponent = static_cast<int64_t>(shifted) >> 52;
  const auto m = std::bit_cast<double>(bits - (static_cast<uint64_t>(exponent) << 52));
  const double s = (m - 1.0) / (m + 1.0);
  const double t = s * s;
  const double atanh =
      s * (1.0 + t * (1.0 / 3 + t * (1.0 / 5 + t * (1.0 / 7 + t * (1.0 / 9 + t * (1.0 / 11))))));
  return static_cast<double>(exponent) * 0.6931471805599453 + 2.0 * atanh;
}

// c[0] + c[1] t + c[2] t^2 + ... from the highest power down.
template <size_t n>
constexpr double Horner(const double (&c)[n], double t) {
  double sum = c[n - 1];
  for (size_t i = n - 1; i > 0; --i) sum = sum * t + c[i - 1];
  return sum;
}

// |q| <= 0.425: q P(q^2) / Q(q^2), error 6.5e-11.
inline constexpr double kCentralP[] = {2.5066282746311424,  -26.75741595037036, 102.53556967532276,
                                       -166.86079964764278, 101.91186811649753, -11.875647511171952};
inline constexpr double kCentralQ[] = {
    1.0, -11.721862088011946, 50.87797155321379, -99.10321917508544, 81.77288547304275, -19.972688157961798};
// Beyond: P(r) / Q(r) with r = sqrt(-log p), p = 1/2 - |q| in [2^-34, 0.075], error 6.0e-11.
inline constexpr double kTailP[] = {-3.16602791286445,  -10.860679637142182, 5.055660571635546,
                                    12.167373882460913, 3.3435552462233114,  0.1897923981406291};
inline constexpr double kTailQ[] = {1.0, 7.494631039877987, 8.946432379757454, 2.36593440350398,
                                    0.13418839212896647};

}  // namespace internal

// x with Phi(x) = 1/2 + q, for |q| <= 1/2 - 2^-34.
inline double NormalQuantile(double q) {
  const double magnitude = q < 0 ? -q : q;
  if (magnitude <= 0.425) {
    const double t = q * q;
    return q * internal::Horner(internal::kCentralP, t) / internal::Horner(internal::kCentralQ, t);
  }
  const double r = std::sqrt(-internal::NormalLog(0.5 - magnitude));
  const double x = internal::Horner(internal::kTailP, r) / internal::Horner(internal::kTailQ, r);
  return q < 0 ? -x : x;
}

// Standard normal. For mean and deviation: static_cast<float>(mean + deviation * NormalDouble(word)).
inline double NormalDouble(uint32_t word) { return NormalQuantile(CenteredUniform(word)); }
inline float NormalFloat(uint32_t word) { return static_cast<float>(NormalDouble(word)); }

// Phi(cut) - Phi(-cut) for cut > 0, relative error below 1e-14.
double NormalMassWithin(double cut);

// Standard normal on the condition |x| <= cut, with mass = NormalMassWithin(cut), computed once.
inline double TruncatedNormalDouble(uint32_t word, double cut, double mass) {
  const double x = NormalQuantile(CenteredUniform(word) * mass);
  return x > cut ? cut : x < -cut ? -cut : x;
}

}  // namespace weft
