#include "ops/common/sum_to.h"

#include "ops/reduce_sum/op.h"
#include "ops/reshape/op.h"

namespace weft::ops {

Var SumTo(Var x, const Dims& shape) {
  if (!x.valid() || x.shape() == shape) return x;
  const int extra = x.rank() - static_cast<int>(shape.size());
  std::vector<int64_t> axes;
  for (int i = 0; i < x.rank(); ++i) {
    const bool stretched =
        i >= extra && shape[static_cast<size_t>(i - extra)] == Dim(1) && x.dim(i) != Dim(1);
    if (i < extra || stretched) axes.push_back(i);
  }
  const bool only_leading = static_cast<int>(axes.size()) == extra;
  if (!axes.empty()) x = ReduceSum(x, axes, !only_leading);
  return x.shape() == shape ? x : ReshapeTo(x, shape);
}

}  // namespace weft::ops
