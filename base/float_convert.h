// Narrow floating-point formats to and from f32 and f64, one scalar at a time.
//
//              exponent  mantissa  largest   has inf
//   bf16           8         7     3.39e38     yes
//   f16            5        10       65504     yes
//   f8e5m2         5         2       57344     yes
//   f8e4m3 (fn)    4         3         448      no   (one NaN pattern a sign: S.1111.111)
//
// Narrowing rounds once, to the nearest, ties to even, also from f64. A NaN stays a quiet NaN with its sign.
// Too large becomes infinity in bf16 and f16; in the f8 formats, as in ONNX's Cast, `saturate` (its default)
// gives the largest finite value, also for infinity; without it e5m2 gives infinity and e4m3 NaN.
#pragma once
#include <bit>
#include <cstdint>

namespace weft {
namespace internal {

// |x| (not NaN) as the format's code without sign, rounded to nearest even. The code keeps growing past the
// largest finite value, so that overflow is a comparison.
template <int kExponentBits, int kMantissaBits>
constexpr uint32_t EncodeMagnitude(double x) {
  constexpr int kBias = (1 << (kExponentBits - 1)) - 1;
  constexpr uint32_t kHuge = 1U << 30;
  const uint64_t bits = std::bit_cast<uint64_t>(x) & ~(uint64_t{1} << 63);
  const int exponent = static_cast<int>(bits >> 52) - 1023 + kBias;  // biased as in the narrow format
  if (exponent >= (1 << kExponentBits)) return kHuge;
  const int shift = 52 - kMantissaBits + (exponent > 0 ? 0 : 1 - exponent);
  if (shift > 53) return 0;  // below half of the smallest subnormal; f64's own subnormals too
  const uint64_t significand = (uint64_t{1} << 52) | (bits & ((uint64_t{1} << 52) - 1));
  const uint64_t rest = significand & ((uint64_t{1} << shift) - 1);
  const uint64_t half = uint64_t{1} << (shift - 1);
  uint64_t rounded = significand >> shift;
  if (rest > half || (rest == half && (rounded & 1) != 0)) ++rounded;
  const uint32_t base = exponent > 0 ? static_cast<uint32_t>(exponent - 1) << kMantissaBits : 0;
  return base + static_cast<uint32_t>(rounded);
}

// The f32 value of a finite code without sign.
template <int kExponentBits, int kMantissaBits>
constexpr float DecodeMagnitude(uint32_t code) {
  constexpr int kBias = (1 << (kExponentBits - 1)) - 1;
  const uint32_t exponent = code >> kMantissaBits;
  const uint32_t mantissa = code & ((1U << kMantissaBits) - 1);
  if (exponent == 0) {
    constexpr float kUnit = std::bit_cast<float>(static_cast<uint32_t>(128 - kBias - kMantissaBits) << 23);
    return static_cast<float>(mantissa) * kUnit;
  }
  return std::bit_cast<float>(((exponent + 127 - kBias) << 23) | (mantissa << (23 - kMantissaBits)));
}

constexpr bool SignOf(double x) { return (std::bit_cast<uint64_t>(x) >> 63) != 0; }
constexpr bool IsNan(double x) { return x != x; }
constexpr float WithSign(float magnitude, bool negative) {
  return std::bit_cast<float>(std::bit_cast<uint32_t>(magnitude) | (negative ? 0x80000000U : 0U));
}
inline constexpr float kF32Infinity = std::bit_cast<float>(0x7f800000U);
inline constexpr float kF32Nan = std::bit_cast<float>(0x7fc00000U);

}  // namespace internal

constexpr float Bf16ToFloat(uint16_t code) { return std::bit_cast<float>(static_cast<uint32_t>(code) << 16); }

constexpr uint16_t FloatToBf16(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  if ((bits & 0x7fffffffU) > 0x7f800000U) return static_cast<uint16_t>((bits >> 16) | 0x40U);
  return static_cast<uint16_t>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16);
}

constexpr uint16_t DoubleToBf16(double x) {
  const uint32_t sign = internal::SignOf(x) ? 0x8000U : 0U;
  if (internal::IsNan(x)) return static_cast<uint16_t>(sign | 0x7fc0U);
  const uint32_t code = internal::EncodeMagnitude<8, 7>(x);
  return static_cast<uint16_t>(sign | (code > 0x7f80U ? 0x7f80U : code));
}

constexpr float F16ToFloat(uint16_t code) {
  const uint32_t magnitude = code & 0x7fffU;
  const bool negative = (code & 0x8000U) != 0;
  if (magnitude >= 0x7c00U) {  // infinity; NaN made quiet, its payload kept
    const uint32_t payload = (magnitude & 0x3ffU) << 13;
    const uint32_t quiet = payload != 0 ? 0x400000U : 0U;
    return internal::WithSign(std::bit_cast<float>(0x7f800000U | quiet | payload), negative);
  }
  return internal::WithSign(internal::DecodeMagnitude<5, 10>(magnitude), negative);
}

constexpr uint16_t DoubleToF16(double x) {
  const uint32_t sign = internal::SignOf(x) ? 0x8000U : 0U;
  if (internal::IsNan(x)) return static_cast<uint16_t>(sign | 0x7e00U);
  const uint32_t code = internal::EncodeMagnitude<5, 10>(x);
  return static_cast<uint16_t>(sign | (code > 0x7c00U ? 0x7c00U : code));
}
constexpr uint16_t FloatToF16(float x) { return DoubleToF16(x); }

constexpr float F8E4M3ToFloat(uint8_t code) {
  const uint32_t magnitude = code & 0x7fU;
  const float value = magnitude == 0x7fU ? internal::kF32Nan : internal::DecodeMagnitude<4, 3>(magnitude);
  return internal::WithSign(value, (code & 0x80U) != 0);
}

constexpr uint8_t DoubleToF8E4M3(double x, bool saturate = true) {
  const uint32_t sign = internal::SignOf(x) ? 0x80U : 0U;
  if (internal::IsNan(x)) return static_cast<uint8_t>(sign | 0x7fU);
  const uint32_t code = internal::EncodeMagnitude<4, 3>(x);
  if (code > 0x7eU) return static_cast<uint8_t>(sign | (saturate ? 0x7eU : 0x7fU));
  return static_cast<uint8_t>(sign | code);
}
constexpr uint8_t FloatToF8E4M3(float x, bool saturate = true) { return DoubleToF8E4M3(x, saturate); }

constexpr float F8E5M2ToFloat(uint8_t code) {
  const uint32_t magnitude = code & 0x7fU;
  float value = internal::DecodeMagnitude<5, 2>(magnitude);
  if (magnitude == 0x7cU) value = internal::kF32Infinity;
  if (magnitude > 0x7cU) value = internal::kF32Nan;
  return internal::WithSign(value, (code & 0x80U) != 0);
}

constexpr uint8_t DoubleToF8E5M2(double x, bool saturate = true) {
  const uint32_t sign = internal::SignOf(x) ? 0x80U : 0U;
  if (internal::IsNan(x)) return static_cast<uint8_t>(sign | 0x7eU);
  const uint32_t code = internal::EncodeMagnitude<5, 2>(x);
  if (code > 0x7bU) return static_cast<uint8_t>(sign | (saturate ? 0x7bU : 0x7cU));
  return static_cast<uint8_t>(sign | code);
}
constexpr uint8_t FloatToF8E5M2(float x, bool saturate = true) { return DoubleToF8E5M2(x, saturate); }

}  // namespace weft
