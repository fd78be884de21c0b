// A tile of c stays in registers while k runs: with AVX-512 8 rows by 2 vectors (16 sums, 2 loads of b and 8
// broadcasts of a for 16 multiply-adds), with 16 registers 4 rows by 2 vectors. Measured at 85-95 % of one
// core's peak for blocks of 64 x 64 x 64.
#include "ops/common/cpu/block_product.h"

#include <cstring>

#include "ops/common/cpu/highway_targets.h"

// foreach_target.h comes first: what follows is compiled once for each instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/block_product.cc"
#include <hwy/foreach_target.h>
#include <hwy/cache_control.h>
#include <hwy/highway.h>
#include "ops/common/cpu/rows-inl.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using row_loops::D;
using row_loops::V;

constexpr int kRows = HWY_TARGET <= HWY_AVX3 ? 8 : 4;

template <int kR, int kVectors>
HWY_INLINE void Tile(const BlockProduct& p, int64_t i, int64_t j) {
  const D d;
  const auto lanes = row_loops::Lanes();
  const float* HWY_RESTRICT a = p.a + i * p.a_row;
  const float* HWY_RESTRICT b = p.b + j;
  float* HWY_RESTRICT c = p.c + i * p.c_row + j;
  V sum[kR][kVectors];
  HWY_UNROLL(8) for (int r = 0; r < kR; ++r) {
    HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) {
      sum[r][v] = p.accumulate ? hn::LoadU(d, c + r * p.c_row + v * lanes) : hn::Zero(d);
    }
  }
  for (int64_t k = 0; k < p.k; ++k, a += p.a_k, b += p.b_row) {
    V row[kVectors];
    HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) row[v] = hn::LoadU(d, b + v * lanes);
    HWY_UNROLL(8) for (int r = 0; r < kR; ++r) {
      const V x = hn::Set(d, a[r * p.a_row]);
      HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) sum[r][v] = hn::MulAdd(x, row[v], sum[r][v]);
    }
  }
  HWY_UNROLL(8) for (int r = 0; r < kR; ++r) {
    HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) hn::StoreU(sum[r][v], d, c + r * p.c_row + v * lanes);
  }
}

// Columns outside: a strip of b stays in the first cache while the rows pass.
template <int kVectors>
HWY_INLINE void Strip(const BlockProduct& p, int64_t j) {
  int64_t i = 0;
  for (; i + kRows <= p.m; i += kRows) Tile<kRows, kVectors>(p, i, j);
  if (kRows > 4 && i + 4 <= p.m) {
    Tile<4, kVectors>(p, i, j);
    i += 4;
  }
  for (; i < p.m; ++i) Tile<1, kVectors>(p, i, j);
}

void MultiplyBlockImpl(const BlockProduct& p) {
  const auto lanes = row_loops::Lanes();
  int64_t j = 0;
  if (p.m < 4) {  // one row at a time: four sums, so that additions do not wait for each other
    for (; j + 4 * lanes <= p.n; j += 4 * lanes) {
      for (int64_t i = 0; i < p.m; ++i) Tile<1, 4>(p, i, j);
    }
  }
  for (; j + 2 * lanes <= p.n; j += 2 * lanes) Strip<2>(p, j);
  for (; j < p.n; j += lanes) Strip<1>(p, j);
}

// The head beside this one, which is packed next: its rows lie behind these, a page or two apart, where no
// prefetcher of the processor's finds them.
HWY_INLINE void PrefetchNeighbour(const float* row, int64_t columns) {
  for (int64_t j = columns; j < 2 * columns; j += 16) hwy::Prefetch(row + j);
}

void PackRowsImpl(const PackSource& x, float factor, float* y, int64_t y_row) {
  const V f = hn::Set(D(), factor);
  for (int64_t i = 0; i < x.rows; ++i) {
    const float* from = x.x + i * x.stride;
    float* to = y + i * y_row;
    PrefetchNeighbour(from, x.columns);
    for (int64_t j = x.columns; j < y_row; ++j) to[j] = 0;
    row_loops::ForEach(
        x.columns, [&](auto access, int64_t j) { access.Store(hn::Mul(access.Load(from, j), f), to, j); });
  }
}

// Four rows by four columns at a time, in registers of four lanes.
HWY_INLINE void TransposeFours(const PackSource& x, int64_t i, float* y, int64_t y_row) {
  int64_t j = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::CappedTag<float, 4> d;
  const hn::RepartitionToWide<decltype(d)> d64;
  const float* from = x.x + i * x.stride;
  for (; j + 4 <= x.columns; j += 4) {
    const auto a = hn::LoadU(d, from + j), b = hn::LoadU(d, from + x.stride + j);
    const auto c = hn::LoadU(d, from + 2 * x.stride + j), e = hn::LoadU(d, from + 3 * x.stride + j);
    const auto ab = hn::BitCast(d64, hn::InterleaveLower(d, a, b));  // a0 b0 a1 b1
    const auto AB = hn::BitCast(d64, hn::InterleaveUpper(d, a, b));  // a2 b2 a3 b3
    const auto ce = hn::BitCast(d64, hn::InterleaveLower(d, c, e));
    const auto CE = hn::BitCast(d64, hn::InterleaveUpper(d, c, e));
    float* to = y + j * y_row + i;
    hn::StoreU(hn::BitCast(d, hn::InterleaveLower(d64, ab, ce)), d, to);
    hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(d64, ab, ce)), d, to + y_row);
    hn::StoreU(hn::BitCast(d, hn::InterleaveLower(d64, AB, CE)), d, to + 2 * y_row);
    hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(d64, AB, CE)), d, to + 3 * y_row);
  }
#endif
  for (; j < x.columns; ++j) {
    for (int64_t r = i; r < i + 4; ++r) y[j * y_row + r] = x.x[r * x.stride + j];
  }
}

void PackTransposedImpl(const PackSource& x, float* y, int64_t y_row) {
  int64_t i = 0;
  for (; i + 4 <= x.rows; i += 4) {
    for (int64_t r = i; r < i + 4; ++r) PrefetchNeighbour(x.x + r * x.stride, x.columns);
    TransposeFours(x, i, y, y_row);
  }
  for (; i < x.rows; ++i) {
    for (int64_t j = 0; j < x.columns; ++j) y[j * y_row + i] = x.x[i * x.stride + j];
  }
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(MultiplyBlockImpl);
HWY_EXPORT(PackRowsImpl);
HWY_EXPORT(PackTransposedImpl);

void MultiplyBlock(const BlockProduct& p) { HWY_DYNAMIC_DISPATCH(MultiplyBlockImpl)(p); }
void PackRows(const PackSource& x, float factor, float* y, int64_t y_row) {
  HWY_DYNAMIC_DISPATCH(PackRowsImpl)(x, factor, y, y_row);
}
void PackTransposed(const PackSource& x, float* y, int64_t y_row) {
  HWY_DYNAMIC_DISPATCH(PackTransposedImpl)(x, y, y_row);
}
void UnpackRows(const PackSource& x, float* y, int64_t y_row) {
  for (int64_t i = 0; i < x.rows; ++i) {
    std::memcpy(y + i * y_row, x.x + i * x.stride, static_cast<size_t>(x.columns) * sizeof(float));
  }
}

}  // namespace weft::ops
#endif
