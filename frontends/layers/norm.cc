#include "frontends/layers/norm.h"

#include "ops/layer_normalization/op.h"
#include "ops/rms_normalization/op.h"

namespace weft {

RmsNorm::RmsNorm(int64_t dim, float epsilon, DataType dtype)
    : weight_(AddParameter("weight", {dtype, {dim}}, Initializer::Ones())), epsilon_(epsilon) {}

Var RmsNorm::Forward(Var x) const {
  if (!x.valid()) return {};
  ModuleScope scope(*this, *x.builder);
  return ops::RmsNormalization(x, weight_.In(*x.builder), epsilon_);
}

LayerNorm::LayerNorm(int64_t dim, float epsilon, bool bias, DataType dtype)
    : weight_(AddParameter("weight", {dtype, {dim}}, Initializer::Ones())), epsilon_(epsilon) {
  if (bias) bias_ = &AddParameter("bias", {dtype, {dim}}, Initializer::Zeros());
}

Var LayerNorm::Forward(Var x) const {
  if (!x.valid()) return {};
  ModuleScope scope(*this, *x.builder);
  Builder& b = *x.builder;
  return ops::LayerNormalization(x, weight_.In(b), bias_ != nullptr ? bias_->In(b) : Var{}, epsilon_);
}

}  // namespace weft
