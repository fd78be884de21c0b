// MultiTensorAdamW: one step of AdamW for several parameters at once, as ops/adam_w has it for one.
//   lr, step, scale   as AdamW's; scale is there always
//   tensors           for each parameter param, grad, m, v: f32 f64, one dtype for all, one shape for the
//                     four
//   results           for each parameter new_param, new_m, new_v, in the bytes of param, m, v; behind all of
//                     these, for each parameter in `copied`, new_param in bf16, rounded to the nearest
// Every element's bits are those that AdamW gives it, and Cast behind it, on any number of threads, which
// share out all elements of all parameters evenly. Where scale is not finite, results are param, m, v, bit
// for bit.
#pragma once
#include <vector>

#include "ops/adam_w/op.h"

namespace weft::ops {

struct MultiTensorAdamWOp {
  static const OpDef def;
  static constexpr size_t kMostParameters = 1024;
  // Where the operands and results of a parameter begin, by its position.
  static constexpr size_t Input(size_t parameter) { return 3 + 4 * parameter; }
  static constexpr size_t Output(size_t parameter) { return 3 * parameter; }
  // Of the i-th copy.
  size_t CopyOutput(size_t i) const { return Output(weight_decay.size()) + i; }

  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  std::vector<float> weight_decay = {};  // for each parameter
  std::vector<int64_t> copied = {};      // positions of parameters, ascending
};

struct AdamWTensors {
  Var param, grad, m, v;
};
struct MultiTensorAdamWVars {
  std::vector<AdamWVars> next;  // in the order of `tensors`
  std::vector<Var> copies;      // in the order of `copied`
};
// There is one parameter at least (CHECK).
MultiTensorAdamWVars MultiTensorAdamW(MultiTensorAdamWOp settings, Var lr, Var step, Var scale,
                                      const std::vector<AdamWTensors>& tensors);

}  // namespace weft::ops
