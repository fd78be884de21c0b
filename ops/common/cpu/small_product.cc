// Four rows by up to four vectors of c live in registers while k runs: each vector of b is used four times,
// each element of a is broadcast once for all its columns.
#include "ops/common/cpu/small_product.h"

#include "ops/common/cpu/highway_targets.h"

// foreach_target.h comes first: what follows is compiled once for each instruction set.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ops/common/cpu/small_product.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace weft::ops::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<float, kSmallProductColumns>;
using V = hn::Vec<D>;

// R rows and N vectors of c, from row i and column j on.
template <int R, int N>
HWY_INLINE void Tile(const SmallProduct& p, int64_t i, int64_t j) {
  const D d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  V c[R][N];
  for (int r = 0; r < R; ++r) {
    for (int v = 0; v < N; ++v) {
      c[r][v] = p.accumulate ? hn::LoadU(d, p.c + (i + r) * p.c_row + j + v * lanes) : hn::Zero(d);
    }
  }
  const float* a = p.a + i * p.a_row;
  const float* b = p.b + j;
  for (int64_t k = 0; k < p.inner; ++k, a += p.a_column, b += p.b_row) {
    V bv[N];
    for (int v = 0; v < N; ++v) bv[v] = hn::LoadU(d, b + v * lanes);
    for (int r = 0; r < R; ++r) {
      const V ar = hn::Set(d, a[r * p.a_row]);
      for (int v = 0; v < N; ++v) c[r][v] = hn::MulAdd(ar, bv[v], c[r][v]);
    }
  }
  for (int r = 0; r < R; ++r) {
    for (int v = 0; v < N; ++v) hn::StoreU(c[r][v], d, p.c + (i + r) * p.c_row + j + v * lanes);
  }
}

template <int R>
HWY_INLINE void RowsOf(const SmallProduct& p, int64_t i) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(D()));
  int64_t j = 0;
  for (; j + 4 * lanes <= p.columns; j += 4 * lanes) Tile<R, 4>(p, i, j);
  for (; j + 2 * lanes <= p.columns; j += 2 * lanes) Tile<R, 2>(p, i, j);
  for (; j < p.columns; j += lanes) Tile<R, 1>(p, i, j);
}

void MultiplySmallImpl(const SmallProduct& p) {
  int64_t i = 0;
  for (; i + 4 <= p.rows; i += 4) RowsOf<4>(p, i);
  for (; i < p.rows; ++i) RowsOf<1>(p, i);
}

}  // namespace weft::ops::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weft::ops {

HWY_EXPORT(MultiplySmallImpl);
void MultiplySmall(const SmallProduct& p) { HWY_DYNAMIC_DISPATCH(MultiplySmallImpl)(p); }

void TransposeSmall(const float* x, int64_t rows, int64_t columns, int64_t x_row, float* y, int64_t y_row) {
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) y[j * y_row + i] = x[i * x_row + j];
  }
}

}  // namespace weft::ops
#endif
