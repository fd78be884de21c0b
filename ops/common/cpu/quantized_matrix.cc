// Codes become floats in registers, a block of 32 at a time: of 8 bits by conversion, of 4 bits with 16 lanes
// by a table of the 16 products code * scale. All of these products are exact in f32 (8 bits times 8). A sum
// is one chain of multiply-adds over k and one sum of lanes, so its bits depend neither on m nor on its
// place.
#include "ops/common/cpu/quantized_matrix.h"

#include <algorithm>
#include <cstring>

#include "base/float_convert.h"
#include "ops/common/cpu/highway_targets.h"

// foreach_target.h comes first: what follows is compiled once for each instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/quantized_matrix.cc"
#include <hwy/foreach_target.h>
#include <hwy/cache_control.h>
#include <hwy/highway.h>
#include "ops/common/cpu/bf16-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<float, 16>;
using DI = hn::RebindToSigned<D>;
using DU = hn::RebindToUnsigned<D>;
using V = hn::Vec<D>;
using VI = hn::Vec<DI>;

constexpr int64_t kHalf = kQuantBlock / 2;
constexpr int64_t kScaleChunk = 16;  // blocks whose scales are widened at once
constexpr int64_t kAhead = 4608;     // bytes from what is read to what is asked for, as measured there
constexpr int kChains = 4;           // a multiply-add takes as long as four of them may be begun in

// A block of 8 bits: 32 bytes, and elements t .. t + lanes lie at t.
struct Bytes8 {
  static constexpr int64_t kBytes = kQuantBlock;
  explicit HWY_INLINE Bytes8(float scale) : scale_(hn::Set(D(), scale)) {}
  HWY_INLINE V At(const uint8_t* block, int64_t t) const {
    const hn::Rebind<int8_t, D> narrow;
    const VI codes = hn::PromoteTo(DI(), hn::LoadU(narrow, reinterpret_cast<const int8_t*>(block) + t));
    return hn::Mul(hn::ConvertTo(D(), codes), scale_);
  }
  V scale_;
};

// A block of 4 bits: 16 bytes, whose low halves are the even elements and high halves the odd ones.
struct Nibbles {
  static constexpr int64_t kBytes = kHalf;
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
  explicit HWY_INLINE Nibbles(float scale)
      : table_(hn::Mul(hn::Sub(hn::Iota(D(), 0), hn::Set(D(), kNibbleZero)), hn::Set(D(), scale))) {}
  HWY_INLINE V Value(VI code) const { return hn::TableLookupLanes(table_, hn::IndicesFromVec(D(), code)); }
  V table_;
#else
  explicit HWY_INLINE Nibbles(float scale) : scale_(hn::Set(D(), scale)) {}
  HWY_INLINE V Value(VI code) const {
    return hn::Mul(hn::ConvertTo(D(), hn::Sub(code, hn::Set(DI(), kNibbleZero))), scale_);
  }
  V scale_;
#endif
  static HWY_INLINE VI Load(const uint8_t* block, int64_t t) {
    const hn::Rebind<uint8_t, D> narrow;
    return hn::PromoteTo(DI(), hn::LoadU(narrow, block + t));
  }
  HWY_INLINE V Low(VI bytes) const { return Value(hn::And(bytes, hn::Set(DI(), 15))); }
  HWY_INLINE V High(VI bytes) const { return Value(hn::ShiftRight<4>(bytes)); }
};

// sum[kChain and kChain + 1][r] += the block's weights times rows of a, each `a_stride` from the one before.
template <int kChain, int kM, class Sums>
HWY_INLINE void AddHalves(V low, V high, const float* a, int64_t a_stride, Sums& sum) {
  HWY_UNROLL(4) for (int r = 0; r < kM; ++r) {
    const float* x = a + r * a_stride;
    sum[kChain][r] = hn::MulAdd(hn::LoadU(D(), x), low, sum[kChain][r]);
    sum[kChain + 1][r] = hn::MulAdd(hn::LoadU(D(), x + kHalf), high, sum[kChain + 1][r]);
  }
}
template <int kChain, int kM, class Sums>
HWY_INLINE void AddBlock(const Bytes8& weights, const uint8_t* block, const float* a, int64_t a_stride,
                         Sums& sum) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  HWY_UNROLL(8) for (int64_t t = 0; t < kHalf; t += lanes) {
    AddHalves<kChain, kM>(weights.At(block, t), weights.At(block, t + kHalf), a + t, a_stride, sum);
  }
}
template <int kChain, int kM, class Sums>
HWY_INLINE void AddBlock(const Nibbles& weights, const uint8_t* block, const float* a, int64_t a_stride,
                         Sums& sum) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  HWY_UNROLL(8) for (int64_t t = 0; t < kHalf; t += lanes) {
    const VI bytes = Nibbles::Load(block, t);
    AddHalves<kChain, kM>(weights.Low(bytes), weights.High(bytes), a + t, a_stride, sum);
  }
}

// Scales of groups first .. first + n of row `row`.
HWY_INLINE void ReadScales(const QuantizedMatrix& b, int64_t row, int64_t first, int64_t n, float* to) {
  const int64_t at = row * b.groups() + first;
  if (b.scales != nullptr) {
    std::copy_n(b.scales + at, n, to);
    return;
  }
  const bf16::F32 d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(bf16::Load(b.scales_bf16 + at + i), d, to + i);
  for (; i < n; ++i) to[i] = Bf16ToFloat(b.scales_bf16[at + i]);
}

// The same of blocks, several of which may be of one group; n <= kScaleChunk.
HWY_INLINE void ReadBlockScales(const QuantizedMatrix& b, int64_t row, int64_t first, int64_t n, float* to) {
  if (b.group == kQuantBlock) return ReadScales(b, row, first, n, to);
  const int64_t blocks = b.group / kQuantBlock;
  for (int64_t i = 0; i < n; ++i) ReadScales(b, row, (first + i) / blocks, 1, to + i);
}

// The bytes of a row's last block, which is not whole.
HWY_INLINE void ReadTail(const QuantizedMatrix& b, int64_t row, int64_t block_bytes, uint8_t* to) {
  const int64_t before = b.k / kQuantBlock * block_bytes;
  std::memset(to, 0, static_cast<size_t>(kQuantBlock));
  std::memcpy(to, b.codes + row * b.row_bytes() + before, static_cast<size_t>(b.row_bytes() - before));
}

// Rows i .. i + kM of a times row j of b.
template <class Format, int kM, bool kPrefetch>
HWY_INLINE void Row(const QuantizedSkinnyProduct& p, int64_t i, int64_t j) {
  const D d;
  const QuantizedMatrix& b = p.b;
  const int64_t blocks = b.k / kQuantBlock;
  const bool tail = b.k % kQuantBlock != 0;
  const uint8_t* codes = b.codes + j * b.row_bytes();
  const float* a = p.a + i * p.a_stride;
  V sum[kChains][kM];
  HWY_UNROLL(4) for (int u = 0; u < kChains; ++u) {
    HWY_UNROLL(4) for (int r = 0; r < kM; ++r) sum[u][r] = hn::Zero(d);
  }
  float scales[kScaleChunk] = {};
  for (int64_t first = 0; first < blocks + tail; first += kScaleChunk) {
    const int64_t whole = std::min(kScaleChunk, blocks - first);
    ReadBlockScales(b, j, first, std::min(kScaleChunk, blocks + tail - first), scales);
    const uint8_t* block = codes + first * Format::kBytes;
    const float* x = a + first * kQuantBlock;
    int64_t n = 0;
    for (; n + 2 <= whole; n += 2, block += 2 * Format::kBytes, x += 2 * kQuantBlock) {
      if (kPrefetch) hwy::Prefetch(block + kAhead);
      AddBlock<0, kM>(Format(scales[n]), block, x, p.a_stride, sum);
      AddBlock<2, kM>(Format(scales[n + 1]), block + Format::kBytes, x + kQuantBlock, p.a_stride, sum);
    }
    if (n < whole) AddBlock<0, kM>(Format(scales[n]), block, x, p.a_stride, sum);
  }
  if (tail) {
    uint8_t bytes[kQuantBlock];
    ReadTail(b, j, Format::kBytes, bytes);
    AddBlock<2, kM>(Format(scales[blocks % kScaleChunk]), bytes, a + blocks * kQuantBlock, p.a_stride, sum);
  }
  HWY_UNROLL(4) for (int r = 0; r < kM; ++r) {
    const V all = hn::Add(hn::Add(sum[0][r], sum[1][r]), hn::Add(sum[2][r], sum[3][r]));
    float dot = hn::GetLane(hn::SumOfLanes(d, all)) * p.alpha;
    if (p.bias != nullptr) dot += p.bias[j];
    p.y[(i + r) * p.y_stride + j] = dot;
  }
}

// The first rows of a bring the row of b.
template <class Format>
void MultiplyOf(const QuantizedSkinnyProduct& p, int64_t begin, int64_t end) {
  constexpr int kMost = HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3 ? 4 : 2;  // rows at once: 16 sums, or 8
  for (int64_t j = begin; j < end; ++j) {
    int64_t i = 0;
    if (p.m >= kMost) {
      Row<Format, kMost, true>(p, 0, j);
      for (i = kMost; i + kMost <= p.m; i += kMost) Row<Format, kMost, false>(p, i, j);
    }
    for (; i + 2 <= p.m; i += 2) Row<Format, 2, false>(p, i, j);
    if (p.m == 1) Row<Format, 1, true>(p, 0, j);
    if (p.m > 1 && i < p.m) Row<Format, 1, false>(p, i, j);
  }
}

void MultiplyQuantizedImpl(const QuantizedSkinnyProduct& p, int64_t begin, int64_t end) {
  p.b.bits == 4 ? MultiplyOf<Nibbles>(p, begin, end) : MultiplyOf<Bytes8>(p, begin, end);
}

// ---- rows as numbers

HWY_INLINE void StoreValues(V v, float* y) { hn::StoreU(v, D(), y); }
HWY_INLINE hn::Vec<DU> Bf16Codes(V v) {  // rounded, ties to even; a NaN of bf16 stays one
  const DU du;
  const auto bits = hn::BitCast(du, v);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(du, 1));
  return hn::ShiftRight<16>(hn::Add(hn::Add(bits, hn::Set(du, 0x7fff)), odd));
}
HWY_INLINE void StoreValues(V v, uint16_t* y) {
  const hn::Rebind<uint16_t, D> narrow;
  hn::StoreU(hn::DemoteTo(narrow, hn::BitCast(DI(), Bf16Codes(v))), narrow, y);
}
HWY_INLINE void StorePairs(V even, V odd, float* y) { hn::StoreInterleaved2(even, odd, D(), y); }
HWY_INLINE void StorePairs(V even, V odd, uint16_t* y) {
  const auto pairs = hn::Or(Bf16Codes(even), hn::ShiftLeft<16>(Bf16Codes(odd)));
  hn::StoreU(pairs, DU(), reinterpret_cast<uint32_t*>(y));  // the even one first: little-endian
}

template <class T>
HWY_INLINE void Unpack(const Bytes8& weights, const uint8_t* block, T* y) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  for (int64_t t = 0; t < kQuantBlock; t += lanes) StoreValues(weights.At(block, t), y + t);
}
template <class T>
HWY_INLINE void Unpack(const Nibbles& weights, const uint8_t* block, T* y) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  for (int64_t t = 0; t < kHalf; t += lanes) {
    const VI bytes = Nibbles::Load(block, t);
    StorePairs(weights.Low(bytes), weights.High(bytes), y + 2 * t);
  }
}

template <class Format, class T>
void UnpackRow(const QuantizedMatrix& b, int64_t row, T* y) {
  const uint8_t* codes = b.codes + row * b.row_bytes();
  const int64_t blocks = b.k / kQuantBlock, blocks_of_group = b.group / kQuantBlock;
  float scale = 0;
  for (int64_t block = 0; block < blocks; ++block) {
    if (block % blocks_of_group == 0) ReadScales(b, row, block / blocks_of_group, 1, &scale);
    Unpack(Format(scale), codes + block * Format::kBytes, y + block * kQuantBlock);
  }
  const int64_t rest = b.k % kQuantBlock;
  if (rest == 0) return;
  uint8_t tail[kQuantBlock];
  T values[kQuantBlock];
  ReadTail(b, row, Format::kBytes, tail);
  ReadScales(b, row, b.groups() - 1, 1, &scale);
  Unpack(Format(scale), tail, values);
  std::copy_n(values, rest, y + blocks * kQuantBlock);
}

template <class T>
HWY_INLINE void UnpackRows(const QuantizedMatrix& b, int64_t begin, int64_t end, T* y, int64_t stride) {
  for (int64_t row = begin; row < end; ++row) {
    T* to = y + (row - begin) * stride;
    b.bits == 4 ? UnpackRow<Nibbles>(b, row, to) : UnpackRow<Bytes8>(b, row, to);
  }
}

void DequantizeImpl(const QuantizedMatrix& b, int64_t begin, int64_t end, float* y, int64_t stride) {
  UnpackRows(b, begin, end, y, stride);
}
void DequantizeToBf16Impl(const QuantizedMatrix& b, int64_t begin, int64_t end, uint16_t* y, int64_t stride) {
  UnpackRows(b, begin, end, y, stride);
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(MultiplyQuantizedImpl);
HWY_EXPORT(DequantizeImpl);
HWY_EXPORT(DequantizeToBf16Impl);

void MultiplyQuantizedRows(const QuantizedSkinnyProduct& p, int64_t begin, int64_t end) {
  HWY_DYNAMIC_DISPATCH(MultiplyQuantizedImpl)(p, begin, end);
}

void DequantizeRows(const QuantizedMatrix& b, int64_t begin, int64_t end, float* y, int64_t stride) {
  HWY_DYNAMIC_DISPATCH(DequantizeImpl)(b, begin, end, y, stride);
}

void DequantizeRowsToBf16(const QuantizedMatrix& b, int64_t begin, int64_t end, uint16_t* y, int64_t stride) {
  HWY_DYNAMIC_DISPATCH(DequantizeToBf16Impl)(b, begin, end, y, stride);
}

void OrderForBlocks(const float* x, int64_t k, int64_t bits, float* y) {
  std::fill_n(y, BlockedLength(k), 0.0f);
  if (bits == 8) {
    std::copy_n(x, k, y);
    return;
  }
  for (int64_t i = 0; i < k; ++i) {
    const int64_t block = i / kQuantBlock * kQuantBlock, at = i % kQuantBlock;
    y[block + at % 2 * (kQuantBlock / 2) + at / 2] = x[i];
  }
}

}  // namespace weft::ops
#endif
