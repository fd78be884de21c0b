// MultiTensorAdamW: one step of AdamW for several parameters at once, as ops/adam_w has it for one.
//   lr, step, scale   as AdamW's; scale is there always
//   tensors           for each parameter param, grad, m, v: f32 f64, one dtype for all, one shape for the
//   four results           for each parameter new_param, new_m, new_v; take the bytes of param, m, v
// Every element's bits are those that AdamW gives it. All elements of all parameters are shared out evenly
// between the threads, whatever the parameters' sizes.
//
// Where other results are to be written in the same pass (the bf16 copy of a parameter), they belong behind
// all of these.
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

  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  std::vector<float> weight_decay = {};  // for each parameter
};

struct AdamWTensors {
  Var param, grad, m, v;
};
// Results in the order of `tensors`, of which there is one at least (CHECK).
std::vector<AdamWVars> MultiTensorAdamW(MultiTensorAdamWOp settings, Var lr, Var step, Var scale,
                                        const std::vector<AdamWTensors>& tensors);

}  // namespace weft::ops
