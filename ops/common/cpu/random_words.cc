// Philox: a lane holds a block, so that rounds need no shuffles; the four words of a block are interleaved as
// they are stored. Normals: f64 lanes with the operations of base/normal.h in its order; the tail's formula
// is computed only where a lane needs it.
#include "ops/common/cpu/random_words.h"

#include <algorithm>

#include "base/normal.h"
#include "ops/common/cpu/highway_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/random_words.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#ifndef WEFT_OPS_NORMAL_OF_WORD  // this file is included once for each instruction set
#define WEFT_OPS_NORMAL_OF_WORD
namespace weft::ops {
static float NormalOfWord(const NormalSettings& s, uint32_t word) {
  return static_cast<float>(s.mean + s.scale * TruncatedNormalDouble(word, s.cut, s.mass));
}
}  // namespace weft::ops
#endif

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

void FillWords(const RandomKey& key, uint64_t first, int64_t n, uint32_t* words) {
  FillRandomWords(key, first, {words, static_cast<size_t>(n)});
}

void Normals(const NormalSettings& s, const uint32_t* words, int64_t n, float* y) {
  for (int64_t i = 0; i < n; ++i) y[i] = NormalOfWord(s, words[i]);
}

#else

using U32 = hn::ScalableTag<uint32_t>;
using U64 = hn::Repartition<uint64_t, U32>;
using Words = hn::Vec<U32>;

struct Product {
  Words high, low;
};

// The 64-bit products of all lanes: of even lanes, of odd lanes, then sorted into high and low words.
HWY_INLINE Product Multiply(Words a, Words b) {
  const U32 d;
  const U64 d64;
  const auto even = hn::MulEven(a, b);
  const auto odd = hn::MulEven(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(d64, a))), b);
  return {hn::OddEven(hn::BitCast(d, odd), hn::BitCast(d, hn::ShiftRight<32>(even))),
          hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(odd)), hn::BitCast(d, even))};
}

// Lanes(U32) whole blocks from `block` on; their low words must not wrap.
HWY_INLINE void Blocks(const RandomKey& key, uint64_t block, uint32_t* words) {
  const U32 d;
  Words c0 = hn::Iota(d, static_cast<uint32_t>(block));
  Words c1 = hn::Set(d, static_cast<uint32_t>(block >> 32));
  Words c2 = hn::Set(d, key.step), c3 = hn::Set(d, key.stream);
  Words k0 = hn::Set(d, static_cast<uint32_t>(key.seed)),
        k1 = hn::Set(d, static_cast<uint32_t>(key.seed >> 32));
  const Words m0 = hn::Set(d, 0xD2511F53u), m1 = hn::Set(d, 0xCD9E8D57u);
  const Words w0 = hn::Set(d, 0x9E3779B9u), w1 = hn::Set(d, 0xBB67AE85u);
  for (int round = 0; round < 10; ++round) {
    const Product p0 = Multiply(c0, m0), p1 = Multiply(c2, m1);
    c0 = hn::Xor(hn::Xor(p1.high, c1), k0);
    c1 = p1.low;
    c2 = hn::Xor(hn::Xor(p0.high, c3), k1);
    c3 = p0.low;
    k0 = hn::Add(k0, w0);
    k1 = hn::Add(k1, w1);
  }
  hn::StoreInterleaved4(c0, c1, c2, c3, d, words);
}

void FillWords(const RandomKey& key, uint64_t first, int64_t n, uint32_t* words) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(U32()));
  int64_t i = std::min<int64_t>(n, static_cast<int64_t>((4 - first % 4) % 4));
  FillRandomWords(key, first, {words, static_cast<size_t>(i)});
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    const uint64_t block = (first + static_cast<uint64_t>(i)) / 4;
    if (static_cast<uint32_t>(block) <= UINT32_MAX - static_cast<uint32_t>(lanes)) {
      Blocks(key, block, words + i);
    } else {
      FillRandomWords(key, first + static_cast<uint64_t>(i), {words + i, static_cast<size_t>(4 * lanes)});
    }
  }
  FillRandomWords(key, first + static_cast<uint64_t>(i), {words + i, static_cast<size_t>(n - i)});
}

using F64 = hn::ScalableTag<double>;
using I64 = hn::RebindToSigned<F64>;
using Doubles = hn::Vec<F64>;

template <size_t n>
HWY_INLINE Doubles Horner(const double (&c)[n], Doubles t) {
  Doubles sum = hn::Set(F64(), c[n - 1]);
  for (size_t i = n - 1; i > 0; --i) sum = hn::Add(hn::Mul(sum, t), hn::Set(F64(), c[i - 1]));
  return sum;
}

// internal::NormalLog.
HWY_INLINE Doubles Log(Doubles x) {
  const F64 d;
  const I64 di;
  const auto bits = hn::BitCast(di, x);
  const auto exponent = hn::ShiftRight<52>(hn::Sub(bits, hn::Set(di, int64_t{0x3fe6a09e667f3bcd})));
  const Doubles m = hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<52>(exponent)));
  const Doubles one = hn::Set(d, 1.0);
  const Doubles s = hn::Div(hn::Sub(m, one), hn::Add(m, one));
  constexpr double kAtanh[] = {1.0, 1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11};
  const Doubles atanh = hn::Mul(s, Horner(kAtanh, hn::Mul(s, s)));
  // A whole number below 2^51 becomes a double by adding it to the bits of 1.5 * 2^52.
  const auto magic = hn::Set(d, 0x1.8p52);
  const Doubles e = hn::Sub(hn::BitCast(d, hn::Add(exponent, hn::BitCast(di, magic))), magic);
  return hn::Add(hn::Mul(e, hn::Set(d, 0.6931471805599453)), hn::Mul(hn::Set(d, 2.0), atanh));
}

// weft::NormalQuantile.
HWY_INLINE Doubles Quantile(Doubles q) {
  const F64 d;
  const Doubles magnitude = hn::Abs(q);
  const auto central = hn::Le(magnitude, hn::Set(d, 0.425));
  const Doubles t = hn::Mul(q, q);
  const Doubles x = hn::Div(hn::Mul(q, Horner(internal::kCentralP, t)), Horner(internal::kCentralQ, t));
  if (hn::AllTrue(d, central)) return x;
  const Doubles p = hn::IfThenElse(central, hn::Set(d, 0.5), hn::Sub(hn::Set(d, 0.5), magnitude));
  const Doubles r = hn::Sqrt(hn::Neg(Log(p)));
  const Doubles tail = hn::Div(Horner(internal::kTailP, r), Horner(internal::kTailQ, r));
  return hn::IfThenElse(central, x, hn::IfThenElse(hn::Lt(q, hn::Zero(d)), hn::Neg(tail), tail));
}

HWY_INLINE void NormalVector(const NormalSettings& s, const uint32_t* words, float* y) {
  const F64 d;
  const hn::Rebind<int32_t, F64> d32;
  const hn::Rebind<float, F64> f32;
  const auto word = hn::LoadU(hn::RebindToUnsigned<decltype(d32)>(), words);
  const auto centered = hn::Xor(hn::BitCast(d32, word), hn::Set(d32, INT32_MIN));
  const Doubles q = hn::Mul(hn::Add(hn::PromoteTo(d, centered), hn::Set(d, 0.5)), hn::Set(d, 0x1p-32));
  const Doubles x = Quantile(hn::Mul(q, hn::Set(d, s.mass)));
  const Doubles clamped = hn::Min(hn::Max(x, hn::Set(d, -s.cut)), hn::Set(d, s.cut));
  const Doubles result = hn::Add(hn::Set(d, s.mean), hn::Mul(hn::Set(d, s.scale), clamped));
  hn::StoreU(hn::DemoteTo(f32, result), f32, y);
}

void Normals(const NormalSettings& s, const uint32_t* words, int64_t n, float* y) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(F64()));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) NormalVector(s, words + i, y + i);
  for (; i < n; ++i) y[i] = NormalOfWord(s, words[i]);
}

#endif

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(FillWords);
HWY_EXPORT(Normals);

void RandomWords(const RandomKey& key, uint64_t first, int64_t n, uint32_t* words) {
  HWY_DYNAMIC_DISPATCH(FillWords)(key, first, n, words);
}

void NormalsOfWords(const NormalSettings& settings, const uint32_t* words, int64_t n, float* y) {
  HWY_DYNAMIC_DISPATCH(Normals)(settings, words, n, y);
}

}  // namespace weft::ops
#endif
