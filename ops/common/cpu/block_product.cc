// A tile of c stays in registers while k runs: with AVX-512 8 rows by 2 vectors (16 sums, 2 loads of b and 8
// broadcasts of a for 16 multiply-adds), with 16 registers 4 rows by 2 vectors. Measured at 85-95 % of one
// core's peak for blocks of 64 x 64 x 64.
#include "ops/common/cpu/block_product.h"

#include <algorithm>
#include <cstring>

#include "ops/common/cpu/highway_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/block_product.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<float, kBlockColumns>;
using V = hn::Vec<D>;

constexpr int kRows = HWY_TARGET <= HWY_AVX3 ? 8 : 4;

template <int kVectors>
HWY_INLINE void Tile(const BlockProduct& p, const float* HWY_RESTRICT a, const float* HWY_RESTRICT b,
                     float* HWY_RESTRICT c) {
  const D d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  V sum[kRows][kVectors];
  HWY_UNROLL(8) for (int r = 0; r < kRows; ++r) {
    HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) {
      sum[r][v] = p.accumulate ? hn::LoadU(d, c + r * p.c_stride + v * lanes) : hn::Zero(d);
    }
  }
  for (int64_t k = 0; k < p.k; ++k, a += p.a_k, b += p.b_stride) {
    V row[kVectors];
    HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) row[v] = hn::LoadU(d, b + v * lanes);
    HWY_UNROLL(8) for (int r = 0; r < kRows; ++r) {
      const V x = hn::Set(d, a[r * p.a_row]);
      HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) sum[r][v] = hn::MulAdd(x, row[v], sum[r][v]);
    }
  }
  HWY_UNROLL(8) for (int r = 0; r < kRows; ++r) {
    HWY_UNROLL(8) for (int v = 0; v < kVectors; ++v) hn::StoreU(sum[r][v], d, c + r * p.c_stride + v * lanes);
  }
}

void MultiplyBlock(const BlockProduct& p) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  for (int64_t j = 0; j < p.n;) {
    const bool two = j + 2 * lanes <= p.n;
    for (int64_t i = 0; i < p.m; i += kRows) {
      const float* a = p.a + i * p.a_row;
      float* c = p.c + i * p.c_stride + j;
      two ? Tile<2>(p, a, p.b + j, c) : Tile<1>(p, a, p.b + j, c);
    }
    j += two ? 2 * lanes : lanes;
  }
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(MultiplyBlock);

void Multiply(const BlockProduct& p) { HWY_DYNAMIC_DISPATCH(MultiplyBlock)(p); }

void PackRows(const float* x, int64_t stride, int64_t rows, int64_t columns, float factor,
              int64_t padded_rows, int64_t padded_columns, float* y) {
  for (int64_t i = 0; i < rows; ++i) {
    float* to = y + i * padded_columns;
    for (int64_t j = 0; j < columns; ++j) to[j] = x[i * stride + j] * factor;
    for (int64_t j = columns; j < padded_columns; ++j) to[j] = 0;
  }
  std::fill(y + rows * padded_columns, y + padded_rows * padded_columns, 0.0f);
}

void PackTransposed(const float* x, int64_t stride, int64_t rows, int64_t columns, int64_t padded_rows,
                    float* y) {
  // 16 rows at a time: their lines stay in the cache while the columns pass.
  for (int64_t i = 0; i < rows; i += 16) {
    const int64_t end = std::min<int64_t>(i + 16, rows);
    for (int64_t j = 0; j < columns; ++j) {
      for (int64_t r = i; r < end; ++r) y[j * padded_rows + r] = x[r * stride + j];
    }
  }
  for (int64_t j = 0; j < columns; ++j) {
    std::fill(y + j * padded_rows + rows, y + (j + 1) * padded_rows, 0.0f);
  }
}

}  // namespace weft::ops
#endif
