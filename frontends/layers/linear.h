// Linear: y = x W^T + bias, with W [out_features, in_features] as PyTorch keeps it.
#pragma once
#include "frontends/layers/module.h"

namespace weft {

class Linear : public UnaryModule {
 public:
  // Weights: truncated normal of variance 2 / (in + out), cut at 3 sigma, unless another initialiser is
  // given; bias: zeros.
  Linear(int64_t in_features, int64_t out_features, bool bias = false);
  Linear(int64_t in_features, int64_t out_features, bool bias, Initializer weight);
  // x [..., in_features] -> [..., out_features]
  Var Forward(Var x) const override;
  const Parameter& weight() const { return weight_; }

 private:
  const Parameter& weight_;
  const Parameter* bias_ = nullptr;
};

// x [..., in] times weight [out, in] transposed, plus bias [out] if valid: what Linear emits, for tied
// weights.
Var LinearProduct(Var x, Var weight, Var bias = {});

}  // namespace weft
