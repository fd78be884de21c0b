// RMSNorm (Zhang & Sennrich 2019) and LayerNorm (Ba et al. 2016) over the last dimension, with a trained gain
// (and bias).
#pragma once
#include "frontends/layers/module.h"

namespace weft {

// y = x / sqrt(mean(x^2) + epsilon) * weight
class RmsNorm : public UnaryModule {
 public:
  explicit RmsNorm(int64_t dim, float epsilon = 1e-5f, DataType dtype = DataType::kF32);
  Var Forward(Var x) const override;  // x [..., dim] of that type -> the same shape

 private:
  const Parameter& weight_;
  float epsilon_;
};

// y = (x - mean(x)) / sqrt(variance(x) + epsilon) * weight + bias
class LayerNorm : public UnaryModule {
 public:
  explicit LayerNorm(int64_t dim, float epsilon = 1e-5f, bool bias = true, DataType dtype = DataType::kF32);
  Var Forward(Var x) const override;  // x [..., dim] of that type -> the same shape

 private:
  const Parameter& weight_;
  const Parameter* bias_ = nullptr;
  float epsilon_;
};

}  // namespace weft
