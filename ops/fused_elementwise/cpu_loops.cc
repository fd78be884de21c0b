#include "ops/fused_elementwise/cpu_loops.h"

#include <algorithm>

#include "ops/common/cpu/bf16.h"
#include "ops/common/cpu/round_bf16.h"

namespace weft::ops::fused_elementwise {
namespace {

using F = ElementFunction;

template <class Loop>
struct Row {
  F function;
  Loop loop;
};
constexpr Row<UnaryFunction> kUnary[] = {
    {F::kNeg, UnaryFunction::kNeg},          {F::kAbs, UnaryFunction::kAbs},
    {F::kSqrt, UnaryFunction::kSqrt},        {F::kReciprocal, UnaryFunction::kReciprocal},
    {F::kRelu, UnaryFunction::kRelu},        {F::kExp, UnaryFunction::kExp},
    {F::kLog, UnaryFunction::kLog},          {F::kErf, UnaryFunction::kErf},
    {F::kSigmoid, UnaryFunction::kSigmoid},  {F::kTanh, UnaryFunction::kTanh},
    {F::kSwish, UnaryFunction::kSwish},      {F::kGelu, UnaryFunction::kGelu},
    {F::kGeluTanh, UnaryFunction::kGeluTanh}};
constexpr Row<BinaryFunction> kBinary[] = {{F::kAdd, BinaryFunction::kAdd},
                                           {F::kSub, BinaryFunction::kSub},
                                           {F::kMul, BinaryFunction::kMul},
                                           {F::kPow, BinaryFunction::kMul},  // of the square
                                           {F::kDiv, BinaryFunction::kDiv},
                                           {F::kMax, BinaryFunction::kMax},
                                           {F::kMin, BinaryFunction::kMin},
                                           {F::kSwiGlu, BinaryFunction::kSwiGlu},
                                           {F::kSwishGrad, BinaryFunction::kSwishGrad},
                                           {F::kGeluGrad, BinaryFunction::kGeluGrad},
                                           {F::kGeluTanhGrad, BinaryFunction::kGeluTanhGrad}};
constexpr Row<Comparison> kCompare[] = {
    {F::kEqual, Comparison::kEqual}, {F::kLess, Comparison::kLess}, {F::kGreater, Comparison::kGreater}};

template <class Loop, size_t n>
const Loop* Find(const Row<Loop> (&rows)[n], F function) {
  for (const Row<Loop>& row : rows) {
    if (row.function == function) return &row.loop;
  }
  return nullptr;
}

}  // namespace

UnaryLoop UnaryLoopOf(F function) {
  const UnaryFunction* loop = Find(kUnary, function);
  return loop == nullptr ? nullptr : ops::UnaryLoopOf(*loop);
}
BinaryLoops BinaryLoopsOf(F function) {
  const BinaryFunction* loop = Find(kBinary, function);
  return loop == nullptr ? BinaryLoops{} : ops::BinaryLoopsOf(*loop);
}
CompareLoop CompareLoopOf(F function) {
  const Comparison* loop = Find(kCompare, function);
  return loop == nullptr ? nullptr : ops::CompareLoopOf(*loop);
}

bool TakesBools(F function, size_t operand) {
  return function == F::kNot || function == F::kAnd || function == F::kFromBool ||
         (function == F::kWhere && operand == 0);
}
bool GivesBools(F function) {
  return function == F::kNot || function == F::kAnd || Find(kCompare, function) != nullptr;
}
bool Picks(F function) {
  constexpr F kPicking[] = {F::kCopy, F::kNeg, F::kAbs, F::kRelu, F::kMax, F::kMin, F::kWhere, F::kFromBool};
  return std::find(std::begin(kPicking), std::end(kPicking), function) != std::end(kPicking);
}

void Widen(const void* bf16, void* f32, int64_t n) {
  WidenBf16(static_cast<const uint16_t*>(bf16), n, static_cast<float*>(f32));
}
void Narrow(const void* f32, void* bf16, int64_t n) {
  NarrowToBf16(static_cast<const float*>(f32), n, static_cast<uint16_t*>(bf16));
}
void Round(const void* f32, void* same, int64_t n) {
  RoundToBf16(static_cast<const float*>(f32), n, static_cast<float*>(same));
}

}  // namespace weft::ops::fused_elementwise
