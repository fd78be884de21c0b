// Moving elements of any type: the plain kernels of operators that only rearrange.
#pragma once
#include <cstring>

#include "ops/common/cpu/walk.h"
#include "ops/kernel.h"

namespace weft::ops {

// fn(U{}) with the unsigned integer of `bytes` bytes (1, 2, 4, 8).
template <class Fn>
auto DispatchSize(int64_t bytes, Fn&& fn) {
  switch (bytes) {
    case 1:
      return fn(uint8_t{});
    case 2:
      return fn(uint16_t{});
    case 4:
      return fn(uint32_t{});
    case 8:
      return fn(uint64_t{});
    default:
      WEFT_CHECK(false, "elements of {} bytes", bytes);
  }
}

// n elements; nothing where they are there already, or where there is no `to` (an absent output).
template <class T>
void CopyUnlessInPlace(const T* from, T* to, int64_t n) {
  if (to != nullptr && from != to && n > 0) std::memcpy(to, from, static_cast<size_t>(n) * sizeof(T));
}

// One element after the other: for (i in shape) to[i . to_strides] = from[from_start + i . from_strides].
// Negative strides run backwards.
std::unique_ptr<Kernel> PlainCopyKernel(DataType dtype, const Shape& shape, const Strides& from,
                                        const Strides& to, int64_t from_start = 0);

// The elements of input 0 in their order to output 0, which has another shape (Reshape, Identity).
StatusOr<std::unique_ptr<Kernel>> PreparePlainReshape(const KernelNode& node, const KernelContext& context);

// Where the elements lie in the same rows on both sides, or all next to each other: whole runs at once.
std::string AcceptsRunsReshape(const KernelNode& node);
StatusOr<std::unique_ptr<Kernel>> PrepareRunsReshape(const KernelNode& node, const KernelContext& context);

inline constexpr KernelDef kRunsReshape = {
    .name = "runs", .accepts = AcceptsRunsReshape, .prepare = PrepareRunsReshape, .pitched = true};
inline constexpr KernelDef kPlainReshape = {
    .name = "plain", .accepts = AcceptsAll, .prepare = PreparePlainReshape, .pitched = true};

}  // namespace weft::ops
