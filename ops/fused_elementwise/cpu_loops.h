// The loop of each elementwise function on a tile, and the types that it reads and gives.
#pragma once
#include "ops/common/cpu/element_loops.h"
#include "ops/fused_elementwise/op.h"

namespace weft::ops::fused_elementwise {

// Elements of a step: 2 KiB, so that a dozen tiles share a first-level cache.
inline constexpr int64_t kTile = 512;

// Null where the function has no such loop.
UnaryLoop UnaryLoopOf(ElementFunction function);
BinaryLoops BinaryLoopsOf(ElementFunction function);
CompareLoop CompareLoopOf(ElementFunction function);

bool TakesBools(ElementFunction function, size_t operand);
bool GivesBools(ElementFunction function);
// What it gives is an operand's element, or its negative, or 0 or 1: exact in the operands' type.
bool Picks(ElementFunction function);

// Between f32 in cache and bf16 in memory, for n <= kTile elements.
using ConvertLoop = void (*)(const void* x, void* y, int64_t n);
void Widen(const void* bf16, void* f32, int64_t n);
void Narrow(const void* f32, void* bf16, int64_t n);
void Round(const void* f32, void* same, int64_t n);  // to what bf16 holds; in place too

}  // namespace weft::ops::fused_elementwise
