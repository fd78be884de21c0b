// What ReduceSum, ReduceMean and ReduceMax share. Axes missing or empty: all, or none with
// noop_with_empty_axes.
#pragma once
#include <span>
#include <vector>

#include "ir/builder.h"

namespace weft::ops {

// flags[i]: axis i is reduced. Of a node that inference accepts.
std::vector<bool> ReducedAxes(const std::vector<int64_t>& axes, bool noop_with_empty_axes, int rank);

StatusOr<std::vector<TensorType>> InferReduce(const NodeTypes& node, const std::vector<int64_t>& axes,
                                              bool keepdims, bool noop_with_empty_axes,
                                              std::span<const DataType> types);

// y, the result of a reduction of something of shape `shape`, with the reduced axes as 1: broadcasts to it.
Var WithReducedAxes(Var y, const Dims& shape, const std::vector<bool>& reduced);

// The form of a reduction with the fields axes and noop_with_empty_axes.
template <class A, ElementFunction kFunction>
ElementForm ReducedElement(const NodeTypes& node) {
  const A& a = node.attrs<A>();
  return {kFunction, 0, ReducedAxes(a.axes, a.noop_with_empty_axes, node.input(0).rank())};
}

}  // namespace weft::ops
