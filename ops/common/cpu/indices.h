// Index operands: negative ones count from the end; one out of range is an error that names its position, its
// value, the limit and the node.
#pragma once
#include <cstdint>
#include <string>

#include "base/tensor.h"
#include "ops/kernel.h"

namespace weft::ops {

template <class I>
int64_t WrapIndex(I index, int64_t size) {
  return index < 0 ? static_cast<int64_t>(index) + size : static_cast<int64_t>(index);
}

// Position of the first of n indices outside [-size, size); n if there is none.
template <class I>
int64_t FirstOutOfRange(const I* indices, int64_t n, int64_t size) {
  for (int64_t i = 0; i < n; ++i) {
    const auto index = static_cast<int64_t>(indices[i]);
    if (index < -size || index >= size) [[unlikely]]
      return i;
  }
  return n;
}

// "Gather 'tok_emb'", for messages of kernels.
std::string Describe(const KernelNode& node);
// "Gather 'tok_emb': indices[0, 7] is 10000, expected -10000 to 9999 (dimension 0 of data [10000, 512])".
struct IndexedBy {
  std::string node;     // Describe(node)
  std::string indices;  // "indices"
  Shape indices_shape;
  std::string limit;  // "dimension 0 of data [10000, 512]"
};
Status IndexError(const IndexedBy& by, int64_t position, int64_t value, int64_t size);

// That error for the first of n indices outside [-size, size), if there is one.
template <class I>
Status CheckIndices(const I* indices, int64_t n, int64_t size, const IndexedBy& by) {
  const int64_t bad = FirstOutOfRange(indices, n, size);
  return bad == n ? OkStatus() : IndexError(by, bad, static_cast<int64_t>(indices[bad]), size);
}

}  // namespace weft::ops
