// Whole blocks of 64 columns are read from memory in the order in which they lie, asked for early. Every
// element of y is two chains of multiply-adds, over even and odd k, and their sum, so its bits depend neither
// on m nor on its place.
#include "ops/common/cpu/packed_rows.h"

#include <algorithm>

#include "ops/common/cpu/highway_targets.h"
#include "ops/common/packed_weight.h"

// foreach_target.h comes first: what follows is compiled once for each instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/packed_rows.cc"
#include <hwy/foreach_target.h>
#include <hwy/cache_control.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;

constexpr int64_t kAhead = 4608;  // bytes, as in skinny_product.cc

// Columns [j, j + kN lanes) of a block for rows i .. i + kM: both chains' sum to `sums`.
template <int kM, int kN>
HWY_INLINE void Columns(const SkinnyProduct& p, int64_t j, float* sums) {
  const D d;
  const hn::RebindToUnsigned<D> du;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const uint16_t* b = p.b_bf16 + PackedOffset(j, 0, p.b_stride);
  V even[kM][kN], odd[kM][kN];
  HWY_UNROLL(4) for (int r = 0; r < kM; ++r) {
    HWY_UNROLL(4) for (int c = 0; c < kN; ++c) even[r][c] = odd[r][c] = hn::Zero(d);
  }
  const auto high = hn::Set(du, 0xffff0000U);
  const int64_t pairs = p.b_stride * kPackedPairs;
  for (int64_t k = 0; k < pairs; ++k, b += 2 * kPackedOutputs) {
    HWY_UNROLL(4) for (int c = 0; c < kN; ++c) {
      const auto* at = reinterpret_cast<const uint32_t*>(b + 2 * c * lanes);
      hwy::Prefetch(reinterpret_cast<const char*>(at) + kAhead);
      const auto both = hn::LoadU(du, at);
      const V w_even = hn::BitCast(d, hn::ShiftLeft<16>(both)), w_odd = hn::BitCast(d, hn::And(both, high));
      HWY_UNROLL(4) for (int r = 0; r < kM; ++r) {
        const float* a = p.a + r * p.a_stride + 2 * k;
        even[r][c] = hn::MulAdd(hn::Set(d, a[0]), w_even, even[r][c]);
        odd[r][c] = hn::MulAdd(hn::Set(d, a[1]), w_odd, odd[r][c]);
      }
    }
  }
  HWY_UNROLL(4) for (int r = 0; r < kM; ++r) {
    HWY_UNROLL(4)
    for (int c = 0; c < kN; ++c)
      hn::StoreU(hn::Add(even[r][c], odd[r][c]), d, sums + r * kPackedOutputs + c * lanes);
  }
}

// `width` columns from j on, in one block.
template <int kM>
void Block(const SkinnyProduct& p, int64_t j, int64_t width) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  constexpr int kN = kM == 1 ? 4 : kM == 2 ? 2 : 1;
  alignas(64) float sums[kM * kPackedOutputs];
  int64_t c = 0;
  for (; c + kN * lanes <= width; c += kN * lanes) Columns<kM, kN>(p, j + c, sums + c);
  for (; c < width; c += lanes) Columns<kM, 1>(p, j + c, sums + c);
  for (int r = 0; r < kM; ++r) {
    for (int64_t i = 0; i < width; ++i) {
      float y = sums[r * kPackedOutputs + i] * p.alpha;
      if (p.bias != nullptr) y += p.bias[j + i];
      if (p.accumulator != nullptr) y += p.accumulator[r * p.accumulator_stride + j + i];
      p.y[r * p.y_stride + j + i] = y;
    }
  }
}

void MultiplyPackedRowsImpl(const SkinnyProduct& p, int64_t begin, int64_t end) {
  for (int64_t j = begin; j < end;) {
    const int64_t width = std::min(end, (j / kPackedOutputs + 1) * kPackedOutputs) - j;
    switch (p.m) {
      case 1:
        Block<1>(p, j, width);
        break;
      case 2:
        Block<2>(p, j, width);
        break;
      case 3:
        Block<3>(p, j, width);
        break;
      default:
        Block<4>(p, j, width);
        break;
    }
    j += width;
  }
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(MultiplyPackedRowsImpl);

void MultiplyPackedRows(const SkinnyProduct& p, int64_t begin, int64_t end) {
  HWY_DYNAMIC_DISPATCH(MultiplyPackedRowsImpl)(p, begin, end);
}

}  // namespace weft::ops
#endif
