// RMSNorm (Zhang & Sennrich 2019) and LayerNorm (Ba et al. 2016) over the last dimension, with a trained gain
// (and bias).
#pragma once
#include "frontends/layers/module.h"

namespace weft {

class RmsNorm : public UnaryModule {
 public:
  explicit RmsNorm(int64_t dim, float epsilon = 1e-5f);
  Var Forward(Var x) const override;  // x [..., dim] -> the same shape

 private:
  const Parameter& weight_;
  float epsilon_;
};

}  // namespace weft
