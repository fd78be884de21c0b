#include "ops/common/cpu/product_plan.h"

namespace weft::ops {
namespace {

MatrixLayout Layout(const Operand& x, bool transposed, const std::vector<int64_t>& batch) {
  MatrixLayout m;
  const size_t rank = x.shape.size();
  m.rows = x.shape[rank - 2], m.columns = x.shape[rank - 1];
  m.row_stride = x.pitch, m.column_stride = 1;
  m.batch_strides.assign(batch.size(), 0);
  int64_t stride = m.rows * x.pitch;
  for (size_t i = 0; i + 2 < rank; ++i) {
    const size_t from = rank - 3 - i, to = batch.size() - 1 - i;
    if (x.shape[from] != 1) m.batch_strides[to] = stride;
    stride *= x.shape[from];
  }
  if (transposed) {
    std::swap(m.rows, m.columns);
    std::swap(m.row_stride, m.column_stride);
  }
  return m;
}

}  // namespace

int64_t ProductPlan::Offset(const MatrixLayout& layout, int64_t i) const {
  int64_t offset = 0;
  for (size_t d = batch.size(); d-- > 0;) {
    offset += i % batch[d] * layout.batch_strides[d];
    i /= batch[d];
  }
  return offset;
}

ProductPlan PlanProduct(const Operand& a, bool trans_a, const Operand& b, bool trans_b, const Operand& y) {
  ProductPlan plan;
  plan.batch.assign(y.shape.begin(), y.shape.end() - 2);
  const bool one_b = NumElements(Shape(b.shape.begin(), b.shape.end() - 2)) == 1;
  bool full_a = a.shape.size() == y.shape.size();
  for (size_t i = 0; full_a && i + 2 < y.shape.size(); ++i) full_a = a.shape[i] == y.shape[i];
  if (one_b && full_a && !trans_a && plan.num_batches() != 1) {
    Operand a2 = a, y2 = y, b2 = b;
    a2.shape = {NumElements(plan.batch) * a.dim(-2), a.dim(-1)};
    y2.shape = {NumElements(plan.batch) * y.dim(-2), y.dim(-1)};
    b2.shape = {b.dim(-2), b.dim(-1)};
    return PlanProduct(a2, false, b2, trans_b, y2);
  }
  plan.a = Layout(a, trans_a, plan.batch);
  plan.b = Layout(b, trans_b, plan.batch);
  plan.y = Layout(y, false, plan.batch);
  return plan;
}

}  // namespace weft::ops
