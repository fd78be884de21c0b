// d data = d output where it was taken from, 0 elsewhere: along each cut axis, d output is turned around
// (step < 0), spread (|step| > 1: each element followed by zeros), and put between zeros.
#include <limits>

#include "ir/gradient.h"
#include "ops/common/zeros.h"
#include "ops/concat/op.h"
#include "ops/reshape/op.h"
#include "ops/slice/op.h"

namespace weft::ops::slice {
namespace {

Var Along(Var x, int axis, Dim start, Dim end, int64_t step) {
  return Slice(x, {std::move(start)}, {std::move(end)}, {axis}, {step});
}

// Each element along `axis` followed by step - 1 zeros, the last by none.
Var Spread(Var x, int axis, int64_t step) {
  Dims shape = x.shape();
  const auto at = shape.begin() + axis + 1;
  Dims pairs = shape, gaps = shape, flat = shape;
  pairs.insert(pairs.begin() + (at - shape.begin()), Dim(1));
  gaps.insert(gaps.begin() + (at - shape.begin()), Dim(step - 1));
  flat[static_cast<size_t>(axis)] = flat[static_cast<size_t>(axis)] * Dim(step);
  const Var rows = ReshapeTo(x, pairs);
  const Var spread = Concat({rows, Zeros(*x.builder, x.dtype(), gaps)}, axis + 1);
  return Along(ReshapeTo(spread, flat), axis, 0, flat[static_cast<size_t>(axis)] - Dim(step - 1), 1);
}

// x at `start` of a dimension of `size`, zeros around it.
Var PutBetweenZeros(Var x, int axis, const Dim& start, const Dim& size) {
  std::vector<Var> parts;
  auto add_zeros = [&](const Dim& count) {
    if (count == Dim(0)) return;
    Dims shape = x.shape();
    shape[static_cast<size_t>(axis)] = count;
    parts.push_back(Zeros(*x.builder, x.dtype(), std::move(shape)));
  };
  add_zeros(start);
  parts.push_back(x);
  add_zeros(size - start - x.dim(axis));
  return parts.size() == 1 ? x : Concat(parts, axis);
}

}  // namespace

void Gradient(GradientContext& ctx) {
  const Dims shape = ctx.input(0).shape();
  const std::vector<SliceRange> ranges = SliceRanges(ctx.attrs<SliceOp>(), shape);
  Var dx = ctx.grad(0);
  for (int axis = 0; axis < static_cast<int>(shape.size()) && dx.valid(); ++axis) {
    const SliceRange& r = ranges[static_cast<size_t>(axis)];
    const Dim& size = shape[static_cast<size_t>(axis)];
    if (r.size == Dim(0)) {  // nothing was taken: all zeros
      Dims whole = dx.shape();
      whole[static_cast<size_t>(axis)] = size;
      dx = size == Dim(0) ? dx : Zeros(ctx.builder(), dx.dtype(), std::move(whole));
      continue;
    }
    int64_t step = r.size == Dim(1) ? 1 : r.step;
    Dim start = r.start;
    if (step < 0) {
      dx = Along(dx, axis, -1, std::numeric_limits<int64_t>::min(), -1);
      start = start + (r.size - Dim(1)) * Dim(step);
      step = -step;
    }
    if (step > 1) dx = Spread(dx, axis, step);
    dx = PutBetweenZeros(dx, axis, start, size);
  }
  ctx.set(0, dx);
}

}  // namespace weft::ops::slice
