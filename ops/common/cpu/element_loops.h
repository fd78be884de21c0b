// The loops behind the vector kernels of elementwise operators and reductions, for a kernel that chains them:
// the same bits. Each is of the instruction set that this processor has.
#pragma once
#include "ops/common/cpu/binary_simd.h"
#include "ops/common/cpu/compare_simd.h"
#include "ops/common/cpu/reduce_simd.h"
#include "ops/common/cpu/unary_simd.h"

namespace weft::ops {

// y[i] = f(x[i]) for i < n; y may be x.
using UnaryLoop = void (*)(const float* x, float* y, int64_t n, float parameter);
UnaryLoop UnaryLoopOf(UnaryFunction function);

// y[i] = f(a[i], b[i]) for i < n, or with one of them repeated: f(*a, b[i]). y may be an operand.
using BinaryLoop = void (*)(const float* a, const float* b, float* y, int64_t n, float parameter);
// By what repeats along a run: nothing, a, or b (null where operands have one shape).
struct BinaryLoops {
  BinaryLoop both_step, a_repeats, b_repeats;
};
BinaryLoops BinaryLoopsOf(BinaryFunction function);

// An operand steps by one element (1) or repeats one (0).
struct CompareSteps {
  int64_t a, b;
};
struct WhereSteps {
  int64_t condition, x, y;
};
using CompareLoop = void (*)(const float* a, const float* b, uint8_t* y, int64_t n, CompareSteps steps);
using WhereLoop = void (*)(const uint8_t* condition, const float* x, const float* y, float* out, int64_t n,
                           WhereSteps steps);
CompareLoop CompareLoopOf(Comparison comparison);
WhereLoop WhereLoopOf();

// How a reduction is put together.
inline constexpr int64_t kRowBlock = 4096;   // elements of the last axis
inline constexpr int64_t kColumnBlock = 64;  // rows of leading axes
struct ReduceLoops {
  // The reduction of n <= kRowBlock elements.
  double (*row)(const float* x, int64_t n);
  // total[c] joined with x[r * pitch + c] for all r < rows, c < columns: eight rows at a time, then one by
  // one.
  void (*columns)(const float* x, int64_t pitch, int64_t rows, int64_t columns, float* total);
};
ReduceLoops ReduceLoopsOf(ReduceFunction function);
double Nothing(ReduceFunction function);  // where it starts
double Join(ReduceFunction function, double a, double b);
float Finished(ReduceFunction function, double total, int64_t count);

}  // namespace weft::ops
