// Moving elements between two layouts, fast: runs by memcpy or fill, transposes by tiles, rows shared by
// threads.
#pragma once
#include <cstddef>

#include "ops/common/cpu/walk.h"
#include "ops/kernel.h"

namespace weft::ops {

// for (i in shape) to[i . to_strides] = from[i . from_strides], elements of 1, 2, 4 or 8 bytes; `from` may
// repeat elements (stride 0) or run backwards. Strides in elements.
class StridedCopy {
 public:
  StridedCopy(DataType dtype, const Shape& shape, const Strides& from, const Strides& to);

  // Allocates nothing.
  void Run(const void* from, void* to, int threads) const;

  struct Dimension {
    int64_t size = 1, from = 0, to = 0;
  };
  // rows x columns elements at those addresses.
  using Piece = void (*)(const Dimension& row, const Dimension& column, const void* from, void* to);

 private:
  void CopyRows(const std::byte* from, std::byte* to, int64_t begin, int64_t end) const;
  void Locate(int64_t piece, int64_t* from, int64_t* to) const;

  int64_t bytes_ = 0;   // of an element
  int64_t pieces_ = 0;  // 0: nothing to copy
  std::vector<Dimension> outer_;
  Dimension row_, column_;
  Piece piece_ = nullptr;
};

// The kernel of one copy from input 0, beginning at its element `from_start`, to output 0.
std::unique_ptr<Kernel> CopyKernel(DataType dtype, const Shape& shape, const Strides& from, const Strides& to,
                                   int64_t from_start, const KernelContext& context);

}  // namespace weft::ops
