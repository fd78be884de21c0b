// Concat and Split: tensors, the parts, lie one after the other along an axis of another one, the whole. One
// side is copied to the other.
#pragma once
#include <span>

#include "ops/kernel.h"

namespace weft::ops {

enum class PartsCopy : uint8_t { kJoin, kSplit };  // inputs to output 0, or input 0 to outputs

// "runs" copies whole runs of bytes.
StatusOr<std::unique_ptr<Kernel>> PrepareRunsParts(PartsCopy copy, int64_t axis, const KernelNode& node,
                                                   const KernelContext& context);
// "plain" copies one element after the other.
StatusOr<std::unique_ptr<Kernel>> PreparePlainParts(PartsCopy copy, int64_t axis, const KernelNode& node);

// Both, of an operator with the field `axis`.
template <class A, PartsCopy kCopy>
inline constexpr KernelDef kPartsKernels[] = {
    {.name = "runs",
     .accepts = AcceptsAll,
     .prepare =
         [](const KernelNode& node, const KernelContext& context) {
           return PrepareRunsParts(kCopy, node.attrs<A>().axis, node, context);
         },
     .pitched = true},
    {.name = "plain",
     .accepts = AcceptsAll,
     .prepare = [](const KernelNode& node,
                   const KernelContext&) { return PreparePlainParts(kCopy, node.attrs<A>().axis, node); },
     .pitched = true},
};

}  // namespace weft::ops
