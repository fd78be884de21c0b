#include "frontends/layers/norm.h"

#include "ops/layer_normalization/op.h"
#include "ops/rms_normalization/op.h"

namespace weft {

RmsNorm::RmsNorm(int64_t dim, float epsilon)
    : weight_(AddParameter("weight", {DataType::kF32, {dim}}, Initializer::Ones())), epsilon_(epsilon) {}

Var RmsNorm::Forward(Var x) const {
  if (!x.valid()) return {};
  ModuleScope scope(*this, *x.builder);
  return ops::RmsNormalization(x, weight_.In(*x.builder), epsilon_);
}

LayerNorm::LayerNorm(int64_t dim, float epsilon, bool bias)
    : weight_(AddParameter("weight", {DataType::kF32, {dim}}, Initializer::Ones())), epsilon_(epsilon) {
  if (bias) bias_ = &AddParameter("bias", {DataType::kF32, {dim}}, Initializer::Zeros());
}

Var LayerNorm::Forward(Var x) const {
  if (!x.valid()) return {};
  ModuleScope scope(*this, *x.builder);
  Builder& b = *x.builder;
  return ops::LayerNormalization(x, weight_.In(b), bias_ ? bias_->In(b) : Var{}, epsilon_);
}

}  // namespace weft
