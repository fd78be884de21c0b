#include "ops/common/nd_indices.h"

#include "ops/common/elementwise_def.h"

namespace weft::ops {

StatusOr<int> CheckNdIndices(const NodeTypes& node, int64_t batch_dims) {
  const TensorType& data = node.input(0);
  const TensorType& indices = node.input(1);
  if (SizeInBits(data.dtype) < 8)
    return node.Error("data is {}, expected a type of whole bytes", Name(data.dtype));
  if (indices.dtype != DataType::kI64) return node.Error("indices is {}, expected i64", Name(indices.dtype));
  if (data.rank() == 0 || indices.rank() == 0) {
    return node.Error("data is {} and indices {}, expected one dimension or more", data.ToString(),
                      indices.ToString());
  }
  if (batch_dims < 0 || batch_dims >= std::min(data.rank(), indices.rank())) {
    return node.Error("batch_dims is {}, expected 0 to {} (data is {}, indices {})", batch_dims,
                      std::min(data.rank(), indices.rank()) - 1, data.ToString(), indices.ToString());
  }
  const Dim& k = indices.shape.back();
  if (!k.is_constant() || k.value() < 1 || k.value() > data.rank() - batch_dims) {
    return node.Error("the last dimension of indices {} is {}, expected 1 to {} (data is {})",
                      indices.ToString(), k.ToString(), data.rank() - batch_dims, data.ToString());
  }
  if (!std::equal(data.shape.begin(), data.shape.begin() + batch_dims, indices.shape.begin())) {
    return node.Error("data {} and indices {} differ in the first {} (batch_dims) dimensions",
                      data.ToString(), indices.ToString(), batch_dims);
  }
  return static_cast<int>(k.value());
}

Dims PickedShape(const NodeTypes& node, int64_t batch_dims, int k) {
  const Dims& data = node.input(0).shape;
  const Dims& indices = node.input(1).shape;
  Dims shape(indices.begin(), indices.end() - 1);
  shape.insert(shape.end(), data.begin() + batch_dims + k, data.end());
  return shape;
}

}  // namespace weft::ops
