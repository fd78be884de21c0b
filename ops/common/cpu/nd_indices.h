// Index tuples as numbers of slices (ops/common/nd_indices.h).
#pragma once
#include "ops/common/cpu/indices.h"

namespace weft::ops {

class NdIndices {
 public:
  // data and indices are inputs 0 and 1.
  NdIndices(const KernelNode& node, int64_t batch_dims);

  int64_t count() const { return count_; }    // slices picked
  int64_t slices() const { return slices_; }  // slices of data
  int64_t inner() const { return inner_; }    // elements of a slice
  // slices[i] = the slice of data that tuple i picks, or an error that names the first number out of range.
  Status Resolve(const int64_t* indices, int64_t* slices) const;

 private:
  Status Error(int64_t position, int64_t value, size_t axis) const;

  std::string node_;
  Shape data_, indices_;
  size_t batch_dims_, k_;
  int64_t count_, slices_, inner_;
};

}  // namespace weft::ops
