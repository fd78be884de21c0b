// Where the matrices of a batched product lie: what Product's and MatMul's kernels share.
#pragma once
#include <vector>

#include "ops/kernel.h"

namespace weft::ops {

// One of the operands as [batch.., rows, columns] with strides in elements; a transposed one has them
// swapped.
struct MatrixLayout {
  int64_t rows = 0, columns = 0, row_stride = 0, column_stride = 0;
  std::vector<int64_t> batch_strides;  // of the common batch dimensions; 0 where broadcast
};

struct ProductPlan {
  std::vector<int64_t> batch;  // the common batch dimensions
  MatrixLayout a, b, y;
  int64_t num_batches() const { return NumElements(batch); }
  // Offset of batch `i` (row-major) in an operand.
  int64_t Offset(const MatrixLayout& layout, int64_t i) const;
};

// a [batch.., M, K] (or transposed), b [batch.., K, N] (or transposed), y [batch.., M, N]. Batches of `a` are
// folded into its rows where b is one matrix, a is not transposed and both lie dense: [batch * M, K] x [K,
// N].
ProductPlan PlanProduct(const Operand& a, bool trans_a, const Operand& b, bool trans_b, const Operand& y);

// Row i of a times column j of b: of one batch, computed in Sum.
template <class Sum, class T>
Sum RowTimesColumn(const ProductPlan& plan, const T* a, const T* b, int64_t i, int64_t j) {
  Sum sum = 0;
  for (int64_t k = 0; k < plan.a.columns; ++k) {
    sum += static_cast<Sum>(a[i * plan.a.row_stride + k * plan.a.column_stride]) *
           static_cast<Sum>(b[k * plan.b.row_stride + j * plan.b.column_stride]);
  }
  return sum;
}

struct PlainProductOptions {
  double alpha = 1;
  int64_t accumulator_pitch = 0;  // between rows of the accumulator, whose batches are as y's
};

// y = alpha a b + bias + accumulator by three loops in T, sums in f64; bias and accumulator may be null, and
// the accumulator may be y.
template <class T>
void PlainProduct(const ProductPlan& plan, const PlainProductOptions& options, const T* a, const T* b,
                  const T* bias, const T* accumulator, T* y) {
  for (int64_t batch = 0; batch < plan.num_batches(); ++batch) {
    const T* a0 = a + plan.Offset(plan.a, batch);
    const T* b0 = b + plan.Offset(plan.b, batch);
    T* y0 = y + plan.Offset(plan.y, batch);
    for (int64_t i = 0; i < plan.y.rows; ++i) {
      for (int64_t j = 0; j < plan.y.columns; ++j) {
        double value = options.alpha * RowTimesColumn<double>(plan, a0, b0, i, j);
        if (bias != nullptr) value += static_cast<double>(bias[j]);
        if (accumulator != nullptr) {
          value +=
              static_cast<double>(accumulator[(batch * plan.y.rows + i) * options.accumulator_pitch + j]);
        }
        y0[i * plan.y.row_stride + j] = static_cast<T>(value);
      }
    }
  }
}

}  // namespace weft::ops
