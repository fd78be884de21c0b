#include "ops/common/cpu/nd_indices.h"

#include "ops/common/axis.h"

namespace weft::ops {

NdIndices::NdIndices(const KernelNode& node, int64_t batch_dims)
    : node_(Describe(node)),
      data_(node.inputs[0].shape),
      indices_(node.inputs[1].shape),
      batch_dims_(static_cast<size_t>(batch_dims)),
      k_(static_cast<size_t>(indices_.back())) {
  const auto picked = static_cast<int>(batch_dims_ + k_);
  count_ = ProductOf(indices_, 0, static_cast<int>(indices_.size()) - 1);
  slices_ = ProductOf(data_, 0, picked);
  inner_ = ProductOf(data_, picked, static_cast<int>(data_.size()));
}

Status NdIndices::Resolve(const int64_t* indices, int64_t* slices) const {
  const int64_t batches = ProductOf(data_, 0, static_cast<int>(batch_dims_));
  const int64_t each = batches == 0 ? 0 : count_ / batches;
  for (int64_t i = 0; i < count_; ++i) {
    int64_t slice = i / each;
    for (size_t j = 0; j < k_; ++j) {
      const int64_t position = i * static_cast<int64_t>(k_) + static_cast<int64_t>(j);
      const int64_t index = indices[position], size = data_[batch_dims_ + j];
      if (index < -size || index >= size) [[unlikely]]
        return Error(position, index, batch_dims_ + j);
      slice = slice * size + WrapIndex(index, size);
    }
    slices[i] = slice;
  }
  return OkStatus();
}

Status NdIndices::Error(int64_t position, int64_t value, size_t axis) const {
  const std::string limit = fmt::format("dimension {} of data {}", axis, ToString(data_));
  return IndexError({node_, "indices", indices_, limit}, position, value, data_[axis]);
}

}  // namespace weft::ops
